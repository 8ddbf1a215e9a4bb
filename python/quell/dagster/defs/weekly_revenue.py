"""The table that the engine makes of the feed, and the checks that DuckDB makes of the table."""

from collections.abc import Iterable
from typing import Any

import dagster as dg

from quell.dagster.defs.raw_transactions import raw_transactions
from quell.dagster.environment import SOURCE, TARGET
from quell.dagster.jobs import find_job
from quell.dagster.outcome import as_dagster_result
from quell.dagster.picture import as_markdown, draw_weeks
from quell.dagster.resource import QuellResource
from quell.validate.checks import TABLE_CHECKS, check_table
from quell.validate.connection import connect


@dg.asset(
    deps=[raw_transactions],
    description="Completed transactions by week, country and category, as a Delta table.",
    kinds={"sql", "deltalake"},
    metadata={"dagster/uri": TARGET},
    # Of two runs at once, the one that began first may commit last, with the older feed.
    pool="weekly_revenue",
)
def weekly_revenue(context: dg.AssetExecutionContext, quell: QuellResource) -> dg.MaterializeResult[Any]:
    """Runs jobs/weekly_revenue.sql and notes what it committed, used and cost."""
    metadata = quell.run_file(
        context,
        find_job("weekly_revenue.sql"),
        {"source": SOURCE, "target": TARGET},
        sources={SOURCE: raw_transactions.key},
    )
    weeks = connect().execute(
        f"SELECT week::VARCHAR, sum(revenue)::DOUBLE FROM delta_scan('{TARGET}') GROUP BY 1 ORDER BY 1"
    )
    metadata["weekly_revenue"] = dg.MetadataValue.md(as_markdown(draw_weeks(weeks.fetchall())))
    return dg.MaterializeResult(metadata=metadata)


@dg.multi_asset_check(
    specs=[
        dg.AssetCheckSpec(name, asset="weekly_revenue", description=description)
        for name, description in TABLE_CHECKS.items()
    ],
    can_subset=True,
)
def weekly_revenue_checks(context: dg.AssetCheckExecutionContext) -> Iterable[dg.AssetCheckResult]:
    """DuckDB reads what was committed and counts the raw files on its own."""
    wanted = {key.name for key in context.selected_asset_check_keys}
    for result in check_table(SOURCE, TARGET, wanted, _run_seconds(context.instance)):
        yield as_dagster_result(result, "weekly_revenue")


def _run_seconds(instance: dg.DagsterInstance) -> float:
    """How long the engine took for what was materialized last."""
    event = instance.get_latest_materialization_event(weekly_revenue.key)
    noted = event.asset_materialization.metadata.get("wall_seconds") if event and event.asset_materialization else None
    return noted.value if isinstance(noted, dg.FloatMetadataValue) and noted.value else 0
