"""The feed, looked at before anything is made of it."""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from quell.dagster.environment import SOURCE
from quell.dagster.outcome import as_dagster_result
from quell.validate.checks import FEED_CHECKS, CheckResult, check_feed
from quell.validate.store import data_files


def _schema_of(results: Iterable[CheckResult]) -> dg.TableSchema:
    columns: dict[str, str] = next((result.facts["columns"] for result in results if "columns" in result.facts), {})
    return dg.TableSchema([dg.TableColumn(name, kind) for name, kind in columns.items()])


@dg.asset(
    description="The Parquet files of transactions that have arrived under the prefix.",
    kinds={"parquet", "s3"},
    metadata={"dagster/uri": SOURCE},
    check_specs=[
        dg.AssetCheckSpec(name, asset="raw_transactions", description=description, blocking=True)
        for name, description in FEED_CHECKS.items()
    ],
)
def raw_transactions() -> Iterable[dg.MaterializeResult[Any]]:
    """Looks at the feed. A dirty one fails its checks, which keeps what depends on it as it was."""
    files = list(data_files(SOURCE))
    results = check_feed(SOURCE)
    yield dg.MaterializeResult(
        metadata={
            "files": len(files),
            "bytes": sum(file.size_bytes for file in files),
            "dagster/column_schema": _schema_of(results),
        },
        check_results=[as_dagster_result(result, "raw_transactions") for result in results],
    )
