"""The main job under real Dagster: a tick of the sensor, the run that it asks for, and DuckDB's checks."""

import shutil
from pathlib import Path
from typing import Any

import boto3
from place import ROWS, Place

MEASURED = {
    "delta_version",
    "dagster/row_count",
    "rows_read",
    "bytes_read",
    "bytes_written",
    "bytes_spilled",
    "peak_memory_bytes",
    "wall_seconds",
    "cpu_seconds",
}
AMOUNTS = ("revenue", "average", "smallest", "largest")


def failed(outcome: dict[str, Any]) -> dict[str, str]:
    return {check["name"]: check["reason"] for check in outcome["checks"] if not check["passed"]}


def assert_metadata(metadata: dict[str, Any]) -> None:
    assert metadata.keys() >= MEASURED
    assert metadata["rows_read"] == ROWS
    assert metadata["dagster/row_count"] > 0
    assert metadata["peak_memory_bytes"] > 0
    assert metadata["cost_usd: t3.micro"] < metadata["cost_usd: 3 x m5.xlarge, Spark on EMR"]
    assert metadata["weekly_revenue"].startswith("![weekly revenue](data:image/svg+xml;base64,")
    assert metadata["dagster/column_schema"] == {
        "week": "date",
        "country": "string",
        "category": "string",
        "transactions": "bigint",
        "revenue": "decimal(22,2)",
        "average": "decimal(16,6)",
        "smallest": "decimal(12,2)",
        "largest": "decimal(12,2)",
    }
    sources = {"week": "event_time", "country": "country", "category": "category"} | dict.fromkeys(AMOUNTS, "amount")
    assert metadata["dagster/column_lineage"] == {
        column: [f"raw_transactions.{source}"] for column, source in sources.items()
    } | {"transactions": []}


def test_a_clean_feed_is_committed_and_checked_once(place: Place) -> None:
    outcome = place.tick()
    assert outcome["succeeded"], outcome["failures"]
    assert len(outcome["checks"]) == 7
    assert failed(outcome) == {}
    assert outcome["metadata"]["delta_version"] == 0
    assert_metadata(outcome["metadata"])
    second = place.tick()
    assert not second["run"]
    assert "nothing new" in second["skipped"]
    assert len(place.versions()) == 1


def test_the_engine_in_process_commits_and_notes_the_same(place: Place) -> None:
    outcome = place.tick(QUELL_IN_PROCESS="true")
    assert outcome["succeeded"], outcome["failures"]
    assert failed(outcome) == {}
    assert_metadata(outcome["metadata"])


def test_the_engine_in_process_reads_and_commits_on_s3(s3_place: Place) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=s3_place.environment["AWS_ENDPOINT_URL"],
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    for file in s3_place.source.glob("*.parquet"):
        client.upload_file(str(file), "raw", f"transactions/{file.name}")
    outcome = s3_place.tick(QUELL_IN_PROCESS="true")
    assert outcome["succeeded"], outcome["failures"]
    assert failed(outcome) == {}
    assert_metadata(outcome["metadata"])
    client.upload_file(str(file), "raw", f"transactions/{file.name}")
    assert not s3_place.tick()["run"], "the same bytes under the same name are nothing new"


def test_a_prefix_that_is_not_there_is_no_failure(empty_place: Place) -> None:
    assert not empty_place.tick()["run"]


def test_a_dirty_feed_keeps_the_table_until_it_is_mended(place: Place, clean_feed: Path, dirty_feed: Path) -> None:
    assert place.tick()["succeeded"]
    before = place.versions()
    shutil.copytree(dirty_feed, place.source, dirs_exist_ok=True)
    dirty = place.tick()
    assert not dirty["succeeded"]
    reasons = failed(dirty)
    assert "part-00001.parquet cannot be read" in reasons["files_are_whole"]
    assert "part-00002.parquet has another schema: amount" in reasons["files_are_whole"]
    assert "rows without customer_id" in reasons["rows_are_sound"]
    assert "negative amount" in reasons["rows_are_sound"]
    assert "duplicates" in reasons["rows_are_sound"]
    assert place.versions() == before
    assert not place.tick()["run"], "the same dirty feed asks for another run"

    shutil.rmtree(place.source)
    shutil.copytree(clean_feed, place.source, copy_function=shutil.copyfile)
    mended = place.tick()
    assert mended["succeeded"], mended["failures"]
    assert failed(mended) == {}
    assert mended["metadata"]["delta_version"] == 1


def test_the_job_runs_on_a_spark_cluster(place: Place, spark_connect: str) -> None:
    outcome = place.tick(QUELL_REMOTE=spark_connect)
    assert outcome["succeeded"], outcome["failures"]
    assert failed(outcome) == {}
    metadata = outcome["metadata"]
    assert metadata["delta_version"] == 0
    assert metadata["wall_seconds"] > 0
    # Nobody knows what a cluster read, wrote and cost.
    assert "rows_read" not in metadata
    assert [name for name in metadata if name.startswith("cost_usd")] == []


def test_an_error_of_the_engine_is_the_failure_of_the_run(place: Place) -> None:
    place.target.write_text("a file where the table belongs")
    for mode in ("false", "true"):
        outcome = place.tick(QUELL_IN_PROCESS=mode, DAGSTER_HOME=str(place.home))
        place.home = place.home.parent / "other_home"
        assert not outcome["succeeded"]
        assert any(str(place.target) in failure for failure in outcome["failures"])
        assert any("the statement at line 3" in failure for failure in outcome["failures"])
