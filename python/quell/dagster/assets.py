"""The assets of the main job, and the checks that DuckDB makes of them."""

import os
from collections.abc import Iterable
from typing import Any

import dagster as dg

from quell.dagster.engine import find_job
from quell.dagster.picture import as_markdown, draw_weeks
from quell.dagster.resource import QuellResource
from quell.validate.checks import CheckResult, check_feed, check_table
from quell.validate.connection import connect
from quell.validate.store import data_files

SOURCE = os.environ.get("QUELL_SOURCE", "s3://raw/transactions/")
TARGET = os.environ.get("QUELL_TARGET", "s3://lake/weekly_revenue")

FEED_CHECKS = ("files_are_whole", "rows_are_sound")
TABLE_CHECKS = ("totals_agree", "keys_are_not_null", "one_row_per_group", "log_is_continuous", "files_are_present")

SCHEMA = dg.TableSchema(
    columns=[
        dg.TableColumn("week", "date", description="Monday"),
        dg.TableColumn("country", "string"),
        dg.TableColumn("category", "string"),
        dg.TableColumn("transactions", "bigint"),
        dg.TableColumn("revenue", "decimal(22,2)"),
        dg.TableColumn("average", "decimal(16,6)"),
        dg.TableColumn("smallest", "decimal(12,2)"),
        dg.TableColumn("largest", "decimal(12,2)"),
    ]
)
_AMOUNTS = ("revenue", "average", "smallest", "largest")


def _lineage() -> dg.TableColumnLineage:
    raw = dg.AssetKey("raw_transactions")
    sources = {"week": ["event_time"], "country": ["country"], "category": ["category"], "transactions": ["status"]}
    sources |= {name: ["amount"] for name in _AMOUNTS}
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(asset_key=raw, column_name=source) for source in names]
            for column, names in sources.items()
        }
    )


def _outcome(result: CheckResult, asset: str) -> dg.AssetCheckResult:
    facts: dict[str, Any] = {name: value for name, value in result.facts.items() if value is not None}
    if result.reason:
        facts["reason"] = result.reason
    return dg.AssetCheckResult(
        asset_key=asset, check_name=result.name, passed=result.passed, metadata=facts, description=result.reason or None
    )


@dg.asset(
    description="The Parquet files of transactions that have arrived under the prefix.",
    kinds={"parquet", "s3"},
    check_specs=[dg.AssetCheckSpec(name, asset="raw_transactions", blocking=True) for name in FEED_CHECKS],
)
def raw_transactions() -> Iterable[dg.MaterializeResult[Any]]:
    """Looks at the feed. A dirty one fails its checks, which keeps what depends on it as it was."""
    files = list(data_files(SOURCE))
    results = {result.name: result for result in check_feed(SOURCE)}
    failed = CheckResult("", False, f"no files at {SOURCE}")
    outcomes = [results.get(name, CheckResult(name, False, failed.reason)) for name in FEED_CHECKS]
    yield dg.MaterializeResult(
        metadata={"uri": SOURCE, "files": len(files), "bytes": sum(file.size_bytes for file in files)},
        check_results=[_outcome(result, "raw_transactions") for result in outcomes],
    )


@dg.asset(
    deps=[raw_transactions],
    description="Completed transactions by week, country and category, as a Delta table.",
    kinds={"sql", "deltalake"},
)
def weekly_revenue(context: dg.AssetExecutionContext, quell: QuellResource) -> dg.MaterializeResult[Any]:
    """Runs jobs/weekly_revenue.sql and notes what it committed, used and cost."""
    metadata: dict[str, Any] = dict(
        quell.run_file(context, find_job("weekly_revenue.sql"), {"source": SOURCE, "target": TARGET})
    )
    weeks = connect().execute(
        f"SELECT week::VARCHAR, sum(revenue)::DOUBLE FROM delta_scan('{TARGET}') GROUP BY 1 ORDER BY 1"
    )
    metadata["uri"] = TARGET
    metadata["weekly_revenue"] = dg.MetadataValue.md(as_markdown(draw_weeks(weeks.fetchall())))
    metadata["dagster/column_schema"] = SCHEMA
    metadata["dagster/column_lineage"] = _lineage()
    return dg.MaterializeResult(metadata=metadata)


@dg.multi_asset_check(specs=[dg.AssetCheckSpec(name, asset="weekly_revenue") for name in TABLE_CHECKS])
def weekly_revenue_checks() -> Iterable[dg.AssetCheckResult]:
    """DuckDB reads what was committed and counts the raw files on its own."""
    for result in check_table(SOURCE, TARGET):
        yield _outcome(result, "weekly_revenue")
