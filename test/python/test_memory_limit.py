"""The memory limit holds as peak resident memory, whatever the number of groups or rows: of the command as a whole, and
of what the engine adds to a process of Python."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from measure import measure
from quell_command import quell_path

LIMIT_MIB = 300
MANY_LIMIT_MIB = 800
GROUPS = (
    "SELECT k, j, count(*) AS n, sum(d) AS s FROM (SELECT id * 7919 % 20000003 AS k, id % 1000 AS j, "
    "CAST(id AS DECIMAL(12,2)) AS d FROM range(20000000)) GROUP BY k, j ORDER BY s DESC, k, j LIMIT 1"
)
ROWS = "SELECT count(*) FROM (SELECT id, concat('row-', id) AS t FROM range(8000000) ORDER BY t LIMIT 7999999)"
# So many in memory that the entries to be sorted are most of it, which move to a larger place as they become more.
MANY_ROWS = "SELECT count(*) FROM (SELECT id, concat('row-', id) AS t FROM range(9000000) ORDER BY t LIMIT 8999999)"


def peak_mib(sql: str, limit_mib: int, folder: Path) -> float:
    """The peak of a run that has to spill."""
    spill = folder / "spill"
    spill.mkdir()
    settings = [f"quell.memory.limit={limit_mib}MB", "quell.threads=2", f"quell.spill.dir={spill}"]
    words = [word for setting in settings for word in ("--conf", setting)]
    report = folder / "report.json"
    used = measure([str(quell_path()), *words, "--report", str(report), "-S", "-e", sql], folder / "rows.txt")
    assert json.loads(report.read_text())["usage"]["bytes_spilled"] > 0
    assert list(spill.iterdir()) == []
    return used.peak_mib


@pytest.mark.parametrize(
    ("sql", "limit_mib"),
    [(GROUPS, LIMIT_MIB), (ROWS, LIMIT_MIB), (MANY_ROWS, MANY_LIMIT_MIB)],
    ids=["groups", "rows", "many_rows"],
)
def test_the_limit_is_the_peak(sql: str, limit_mib: int, tmp_path: Path) -> None:
    assert peak_mib(sql, limit_mib, tmp_path) <= limit_mib


@pytest.mark.parametrize("sql", [GROUPS, ROWS], ids=["groups", "rows"])
def test_from_python_the_limit_is_for_what_the_engine_adds(sql: str) -> None:
    """More than the limit is in use before the session begins."""
    script = """
import sys
from pathlib import Path
import quell

def peak_mib():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024

held = bytearray(b"x") * (400 << 20)
before = peak_mib()
session = quell.Session({"quell.memory.limit": sys.argv[2] + "MB", "quell.threads": "2"})
report = session.sql(sys.argv[1]).report
print(before, peak_mib(), report["usage"]["bytes_spilled"])
"""
    command = [sys.executable, "-c", script, sql, str(LIMIT_MIB)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    before, peak, spilled = map(float, done.stdout.split())
    assert before > LIMIT_MIB
    assert spilled > 0
    assert peak - before <= LIMIT_MIB


def test_the_budget_follows_the_number_of_threads() -> None:
    """Each thread takes 64 MiB of the limit: a sort of 140 MiB fits beside one thread, and spills beside three."""
    sort = (
        "EXPLAIN ANALYZE SELECT count(*) FROM "
        "(SELECT id, concat('row-', id) AS t FROM range(1200000) ORDER BY t LIMIT 1199999)"
    )
    words = [word for threads in (1, 3, 1) for word in ("-e", f"SET quell.threads = {threads}", "-e", sort)]
    command = [str(quell_path()), "--conf", "quell.memory.limit=320MB", "--format", "json", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    plans = [row["plan"] for row in map(json.loads, done.stdout.splitlines()) if "plan" in row]
    assert [plan.splitlines()[0].rpartition(", ")[2] for plan in plans] == ["1 thread", "3 threads", "1 thread"]
    assert ["spilled" in plan for plan in plans] == [False, True, False]
