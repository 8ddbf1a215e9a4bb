"""The memory limit holds as peak resident memory of the whole process, whatever the number of groups or rows."""

import os
import subprocess
from pathlib import Path

import pytest
from quell_command import quell_path

LIMIT_MIB = 300
GROUPS = (
    "SELECT k, j, count(*) AS n, sum(d) AS s FROM (SELECT id * 7919 % 20000003 AS k, id % 1000 AS j, "
    "CAST(id AS DECIMAL(12,2)) AS d FROM range(20000000)) GROUP BY k, j ORDER BY s DESC, k, j LIMIT 1"
)
ROWS = "SELECT count(*) FROM (SELECT id, concat('row-', id) AS t FROM range(8000000) ORDER BY t)"


def peak_mib(sql: str, folder: Path) -> float:
    """The peak of a run that has to spill."""
    settings = [f"quell.memory.limit={LIMIT_MIB}MB", "quell.threads=2", f"quell.spill.dir={folder}"]
    words = [word for setting in settings for word in ("--conf", setting)]
    process = subprocess.Popen([str(quell_path()), *words, "-S", "-e", sql], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss / 1024


@pytest.mark.parametrize("sql", [GROUPS, ROWS], ids=["groups", "rows"])
def test_the_limit_is_the_peak(sql: str, tmp_path: Path) -> None:
    assert peak_mib(sql, tmp_path) <= LIMIT_MIB
    assert list(tmp_path.iterdir()) == []
