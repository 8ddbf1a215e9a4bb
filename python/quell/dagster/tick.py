"""One tick of the sensor, and the run that it asks for: `python -m quell.dagster.tick [--reset]`.

Prints a JSON object: whether a run happened and succeeded, its checks, and the metadata of weekly_revenue. The instance
is the one that the page of `quell dagster` shows, $DAGSTER_HOME. The exit code is 1 where the run failed.
"""

import argparse
import json
import sys
from typing import Any

import dagster as dg

from quell.dagster.definitions import defs
from quell.dagster.defs.main_job import main_job, new_transactions
from quell.dagster.home import ensure_home

# Of its own, beside the sensor of the page.
_SENSOR = "tick"
_CURSOR_KEY = f"quell/{_SENSOR}/cursor"


def tick(instance: dg.DagsterInstance, *, reset: bool) -> dict[str, Any]:
    """Evaluates the sensor with its last cursor, and executes the run that it requests."""
    cursor = None if reset else instance.daemon_cursor_storage.get_cursor_values({_CURSOR_KEY}).get(_CURSOR_KEY)
    context = dg.build_sensor_context(instance=instance, cursor=cursor, definitions=defs, sensor_name=_SENSOR)
    data = new_transactions.evaluate_tick(context)
    if not data.run_requests:
        return {"run": False, "skipped": data.skip_message}
    request = data.run_requests[0]
    job = defs.resolve_job_def(main_job.name)
    result = job.execute_in_process(
        instance=instance, run_config=request.run_config, tags=request.tags, raise_on_error=False
    )
    instance.daemon_cursor_storage.set_cursor_values({_CURSOR_KEY: data.cursor or ""})
    return {"run": True, "succeeded": result.success, "run_id": result.run_id, **_report(result)}


def _plain(value: dg.MetadataValue[Any]) -> Any:
    """A value of metadata as JSON has it: a schema as {column: type}, lineage as {column: ["asset.column"]}."""
    if isinstance(value, dg.TableSchemaMetadataValue):
        return {column.name: column.type for column in value.schema.columns}
    if isinstance(value, dg.TableColumnLineageMetadataValue):
        return {
            column: [f"{dep.asset_key.to_user_string()}.{dep.column_name}" for dep in deps]
            for column, deps in value.lineage.deps_by_column.items()
        }
    return value.value


def _report(result: dg.ExecuteInProcessResult) -> dict[str, Any]:
    checks = [
        {
            "asset": evaluation.asset_key.to_user_string(),
            "name": evaluation.check_name,
            "passed": evaluation.passed,
            "reason": evaluation.description or "",
        }
        for evaluation in result.get_asset_check_evaluations()
    ]
    metadata: dict[str, Any] = {}
    for event in result.get_asset_materialization_events():
        if event.asset_key == dg.AssetKey("weekly_revenue"):
            metadata = {key: _plain(value) for key, value in event.materialization.metadata.items()}
    failures = [str(event.step_failure_data.error) for event in result.all_events if event.is_step_failure]
    return {"checks": checks, "metadata": metadata, "failures": failures}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reset", action="store_true", help="forget what the sensor has seen")
    arguments = parser.parse_args()
    ensure_home()
    with dg.DagsterInstance.get() as instance:
        outcome = tick(instance, reset=arguments.reset)
    print(json.dumps(outcome))
    return 0 if outcome.get("succeeded", True) else 1


if __name__ == "__main__":
    sys.exit(main())
