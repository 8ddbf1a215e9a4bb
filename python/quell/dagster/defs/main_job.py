"""The job of both assets, and the sensor that starts it."""

import dagster as dg

from quell.dagster.defs.raw_transactions import raw_transactions
from quell.dagster.defs.weekly_revenue import weekly_revenue
from quell.dagster.environment import SENSOR_SECONDS, SOURCE
from quell.dagster.feed import SeenObjects
from quell.validate.store import data_files

# Each step needs the one before, so that a process for each would cost seconds and bring nothing.
main_job = dg.define_asset_job(
    "main_job",
    selection=dg.AssetSelection.assets(raw_transactions, weekly_revenue),
    executor_def=dg.in_process_executor,
)


@dg.sensor(job=main_job, minimum_interval_seconds=SENSOR_SECONDS, default_status=dg.DefaultSensorStatus.STOPPED)
def new_transactions(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Starts one run for all objects that are new or changed under the prefix."""
    seen = SeenObjects(context.instance.daemon_cursor_storage, f"quell/{context.sensor_name}/{SOURCE}")
    batch = seen.next_batch(context.cursor, data_files(SOURCE))
    if batch is None:
        return dg.SkipReason(f"nothing new under {SOURCE}")
    context.log.info(f"{len(batch.files)} new objects under {SOURCE}")
    tags = {"quell/batch": str(batch.number), "quell/new_objects": str(len(batch.files))}
    return dg.SensorResult(run_requests=[dg.RunRequest(run_key=batch.run_key, tags=tags)], cursor=batch.cursor)
