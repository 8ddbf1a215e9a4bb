"""Quell says before it runs that a statement has no room on this machine, and is silent where it has."""

import json
import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUELL = os.environ.get("QUELL_BINARY", str(ROOT / "build/release/quell"))
SORT = "SELECT id, concat('row-', id) AS t FROM range(20000000) ORDER BY t"
# What it would keep is 20 million rows of 48 bytes and more.
TIGHT = ["--conf", "quell.memory.limit=64MB", "--conf", "quell.spill.limit=100MB"]
ROOMY = ["--conf", "quell.memory.limit=64MB", "--conf", "quell.spill.limit=10GB"]


def quell(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([QUELL, *words], capture_output=True, text=True, check=False, timeout=300)


def test_explain_shows_the_warning_where_the_plan_cannot_fit() -> None:
    tight = quell(*TIGHT, "-e", f"EXPLAIN {SORT}")
    assert "== Warning ==\nthe statement may spill about 1.0 GiB to /" in tight.stdout
    assert "more than quell.spill.limit = 100.0 MiB" in tight.stdout
    assert "--remote sc://HOST:PORT" in tight.stdout
    roomy = quell(*ROOMY, "-e", f"EXPLAIN {SORT}")
    assert "Warning" not in roomy.stdout


def test_a_run_warns_before_it_fails_and_the_error_names_the_way_out(tmp_path: Path) -> None:
    sql = f"CREATE TABLE delta.`{tmp_path}/t` AS {SORT}"
    done = quell(*TIGHT, "-e", sql)
    assert done.returncode == 1
    warning, error = done.stderr.splitlines()[:2]
    assert warning.startswith("quell: warning: the statement may spill about ")
    assert error.startswith("[SPILL_LIMIT_EXCEEDED] ")
    assert "--remote sc://HOST:PORT" in error
    silent = quell(*TIGHT, "-S", "-e", sql)
    assert "warning" not in silent.stderr


def test_what_fits_has_no_warning(tmp_path: Path) -> None:
    for words in (TIGHT, ROOMY):
        report = tmp_path / "report.json"
        done = quell(*words, "--report", str(report), "-e", "SELECT max(id) FROM range(1000000)")
        assert (done.returncode, done.stdout, done.stderr) == (0, "999999\n", "")
        assert json.loads(report.read_text())["statements"][0]["warnings"] == []


def test_the_report_keeps_the_warning_of_a_run_that_fitted_after_all(tmp_path: Path) -> None:
    """A tenth as many groups as rows is the estimate; here there are seven."""
    report = tmp_path / "report.json"
    sql = "SELECT id % 7 AS k, count(*) AS n FROM range(100000000) GROUP BY 1 ORDER BY 1 LIMIT 1"
    done = quell(*TIGHT, "--report", str(report), "-e", sql)
    assert (done.returncode, done.stdout) == (0, "0\t14285715\n")
    (warning,) = json.loads(report.read_text())["statements"][0]["warnings"]
    assert done.stderr == f"quell: warning: {warning}\n"
