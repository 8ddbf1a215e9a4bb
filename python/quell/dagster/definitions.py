"""What `dagster dev -m quell.dagster.definitions` loads."""

import hashlib
import os

import dagster as dg

from quell.dagster.assets import SOURCE, raw_transactions, weekly_revenue, weekly_revenue_checks
from quell.dagster.feed import Cursor
from quell.dagster.resource import QuellResource
from quell.validate.store import data_files

main_job = dg.define_asset_job("main_job", selection=dg.AssetSelection.assets(raw_transactions, weekly_revenue))


@dg.sensor(job=main_job, minimum_interval_seconds=30, default_status=dg.DefaultSensorStatus.STOPPED)
def new_transactions(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """Starts one run for all objects that are new or changed under the prefix."""
    cursor = Cursor.parse(context.cursor)
    new = cursor.take_new(data_files(SOURCE))
    if not new:
        return dg.SkipReason(f"nothing new under {SOURCE}")
    versions = hashlib.sha256("".join(f"{file.name}={file.etag};" for file in new).encode()).hexdigest()[:16]
    context.log.info(f"{len(new)} new objects under {SOURCE}")
    request = dg.RunRequest(run_key=f"{new[-1].name}-{versions}", tags={"new_objects": str(len(new))})
    return dg.SensorResult(run_requests=[request], cursor=cursor.dump())


def _settings() -> dict[str, str]:
    limit = os.environ.get("QUELL_MEMORY_LIMIT")
    return {"quell.memory.limit": limit} if limit else {}


defs = dg.Definitions(
    assets=[raw_transactions, weekly_revenue],
    asset_checks=[weekly_revenue_checks],
    jobs=[main_job],
    sensors=[new_transactions],
    resources={
        "quell": QuellResource(
            settings=_settings(),
            in_process=os.environ.get("QUELL_IN_PROCESS") == "true",
        )
    },
)
