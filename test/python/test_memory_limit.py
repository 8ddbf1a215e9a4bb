"""The memory limit holds as peak resident memory of the whole process, whatever the number of groups or rows."""

import json
import subprocess
from pathlib import Path

import pytest
from measure import measure
from quell_command import quell_path

LIMIT_MIB = 300
GROUPS = (
    "SELECT k, j, count(*) AS n, sum(d) AS s FROM (SELECT id * 7919 % 20000003 AS k, id % 1000 AS j, "
    "CAST(id AS DECIMAL(12,2)) AS d FROM range(20000000)) GROUP BY k, j ORDER BY s DESC, k, j LIMIT 1"
)
ROWS = "SELECT count(*) FROM (SELECT id, concat('row-', id) AS t FROM range(8000000) ORDER BY t)"


def peak_mib(sql: str, folder: Path) -> float:
    """The peak of a run that has to spill."""
    spill = folder / "spill"
    spill.mkdir()
    settings = [f"quell.memory.limit={LIMIT_MIB}MB", "quell.threads=2", f"quell.spill.dir={spill}"]
    words = [word for setting in settings for word in ("--conf", setting)]
    used = measure([str(quell_path()), *words, "-S", "-e", sql], folder / "rows.txt")
    assert list(spill.iterdir()) == []
    return used.peak_mib


@pytest.mark.parametrize("sql", [GROUPS, ROWS], ids=["groups", "rows"])
def test_the_limit_is_the_peak(sql: str, tmp_path: Path) -> None:
    assert peak_mib(sql, tmp_path) <= LIMIT_MIB


def test_the_budget_follows_the_number_of_threads() -> None:
    """Each thread takes 64 MiB of the limit: a sort of 140 MiB fits beside one thread, and spills beside three."""
    sort = (
        "EXPLAIN ANALYZE SELECT count(*) FROM "
        "(SELECT id, concat('row-', id) AS t FROM range(2000000) ORDER BY t LIMIT 1999999)"
    )
    words = [word for threads in (1, 3, 1) for word in ("-e", f"SET quell.threads = {threads}", "-e", sort)]
    command = [str(quell_path()), "--conf", "quell.memory.limit=320MB", "--format", "json", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    plans = [row["plan"] for row in map(json.loads, done.stdout.splitlines()) if "plan" in row]
    assert [plan.splitlines()[0].rpartition(", ")[2] for plan in plans] == ["1 thread", "3 threads", "1 thread"]
    assert ["spilled" in plan for plan in plans] == [False, True, False]
