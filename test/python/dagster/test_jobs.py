"""Where the jobs are found."""

from pathlib import Path

from quell.dagster.jobs import find_job


def test_the_job_is_found() -> None:
    assert Path(find_job("weekly_revenue.sql")).read_text().startswith("-- Revenue of completed")
