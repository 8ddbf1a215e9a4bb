"""What Dagster loads: `dg dev` in the folder `python`, or `-m quell.dagster.definitions` anywhere."""

import dagster as dg

from quell.dagster.defs.main_job import main_job, new_transactions
from quell.dagster.defs.raw_transactions import raw_transactions
from quell.dagster.defs.weekly_revenue import weekly_revenue, weekly_revenue_checks
from quell.dagster.environment import IN_PROCESS, MEMORY_LIMIT, REMOTE
from quell.dagster.resource import QuellResource

defs = dg.Definitions(
    assets=[raw_transactions, weekly_revenue],
    asset_checks=[weekly_revenue_checks],
    jobs=[main_job],
    sensors=[new_transactions],
    resources={
        "quell": QuellResource(
            settings={"quell.memory.limit": MEMORY_LIMIT} if MEMORY_LIMIT else {}, in_process=IN_PROCESS, remote=REMOTE
        )
    },
)
