"""Runs a job of engine_jobs as a run worker does: `python run_job.py JOB EXECUTOR`. Prints what became of it."""

import json
import sys
from typing import Any

import dagster as dg
import engine_jobs

EXECUTORS: dict[str, dict[str, Any]] = {
    "in_process": {"in_process": {}},
    "spawn": {"multiprocess": {"max_concurrent": 3}},
    "forkserver": {"multiprocess": {"max_concurrent": 3, "start_method": {"forkserver": {}}}},
}


def main() -> None:
    job = dg.reconstructable(getattr(engine_jobs, f"get_{sys.argv[1]}"))
    run_config = {"execution": {"config": EXECUTORS[sys.argv[2]]}}
    with dg.DagsterInstance.get() as instance, dg.execute_job(job, instance, run_config=run_config) as result:
        made = [
            event.step_materialization_data.materialization
            for event in result.all_events
            if event.is_step_materialization
        ]
        metadata = {
            one.asset_key.to_user_string(): {
                name: value.value for name, value in one.metadata.items() if isinstance(value.value, int | float | list)
            }
            for one in made
        }
        failures = [str(event.step_failure_data.error) for event in result.all_events if event.is_step_failure]
        print(json.dumps({"succeeded": result.success, "metadata": metadata, "failures": failures}))


if __name__ == "__main__":
    main()
