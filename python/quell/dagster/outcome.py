"""What DuckDB's checks found, as Dagster shows it."""

from typing import Any

import dagster as dg

from quell.validate.checks import CheckResult


def as_dagster_result(result: CheckResult, asset: str) -> dg.AssetCheckResult:
    """The check's facts and, where it failed, the reason."""
    facts: dict[str, Any] = {name: value for name, value in result.facts.items() if value is not None}
    if result.reason:
        facts["reason"] = result.reason
    return dg.AssetCheckResult(
        asset_key=asset, check_name=result.name, passed=result.passed, metadata=facts, description=result.reason or None
    )
