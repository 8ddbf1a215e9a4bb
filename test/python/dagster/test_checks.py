"""DuckDB's checks of a table whose feed goes on growing."""

import os
import shutil
from pathlib import Path

import pytest
from place import ROOT, Place
from quell import Session
from quell.validate.checks import TABLE_CHECKS, CheckResult, check_feed, check_table

JOB = ROOT / "jobs" / "weekly_revenue.sql"


class Table:
    """The table of all raw files but the last, and the last, which can be said to have come at any time."""

    def __init__(self, place: Place) -> None:
        self.source, self.target = str(place.source), str(place.target)
        self._late = sorted(place.source.glob("*.parquet"))[-1]
        aside = place.home / self._late.name
        shutil.move(self._late, aside)
        Session().run_script(JOB.read_text(), {"source": self.source, "target": self.target})
        shutil.move(aside, self._late)
        self._commit_s = max(file.stat().st_mtime for file in (place.target / "_delta_log").glob("*.json"))
        for file in place.source.glob("*.parquet"):
            os.utime(file, (self._commit_s - 100, self._commit_s - 100))

    def totals(self, late_s: float, run_seconds: float = 0) -> CheckResult:
        """The check of totals when the last raw file came `late_s` behind the commit."""
        os.utime(self._late, (self._commit_s + late_s, self._commit_s + late_s))
        (result,) = check_table(self.source, self.target, {"totals_agree"}, run_seconds)
        return result


@pytest.fixture
def table(place: Place) -> Table:
    return Table(place)


def test_files_that_came_behind_the_commit_do_not_count(table: Table) -> None:
    result = table.totals(late_s=5)
    assert result.passed, result.reason
    assert (result.facts["files"], result.facts["newer_files"]) == (3, 1)


def test_files_that_were_there_before_must_be_in_the_table(table: Table) -> None:
    result = table.totals(late_s=-50)
    assert not result.passed
    assert "completed transactions" in result.reason
    assert "revenue" in result.reason


def test_files_that_came_while_the_statement_ran_may_be_in_the_table_or_not(table: Table) -> None:
    assert table.totals(late_s=-50, run_seconds=60).passed
    assert not table.totals(late_s=-80, run_seconds=60).passed
    Session().run_script(JOB.read_text(), {"source": table.source, "target": table.target})
    assert table.totals(late_s=-50, run_seconds=60).passed


def test_only_the_wanted_checks_run(table: Table) -> None:
    names = [result.name for result in check_table(table.source, table.target)]
    assert names == list(TABLE_CHECKS)
    (result,) = check_table(table.source, table.target, {"log_is_continuous"})
    assert result.passed


def test_a_table_that_is_not_there_fails_each_check_with_that_reason(tmp_path: Path) -> None:
    results = check_table(str(tmp_path), str(tmp_path / "nothing"))
    assert [result.name for result in results] == list(TABLE_CHECKS)
    assert all(not result.passed and "there is no Delta table" in result.reason for result in results)


def test_each_file_that_cannot_be_read_is_named(tmp_path: Path, clean_feed: Path) -> None:
    whole = min(clean_feed.glob("*.parquet"))
    for number in range(40):
        (tmp_path / f"part-{number:02}.parquet").hardlink_to(whole)
    for number in (7, 21):
        file = tmp_path / f"part-{number:02}.parquet"
        file.unlink()
        file.write_bytes(whole.read_bytes()[:1000])
    files, rows = check_feed(str(tmp_path))
    assert [reason.split(" cannot be read")[0] for reason in files.reason.split("; ")] == [
        "part-07.parquet",
        "part-21.parquet",
    ]
    assert files.facts["files"] == 40
    assert files.facts["columns"]["amount"] == "DECIMAL(12,2)"
    assert "duplicates" in rows.reason
