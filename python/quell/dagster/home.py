"""The folder in which Dagster keeps runs, events and cursors."""

import os
from pathlib import Path

# One run at a time writes a table; others wait in the queue.
_CONFIGURATION = """\
concurrency:
  pools:
    granularity: run
    default_limit: 1
telemetry:
  enabled: false
"""


def ensure_home() -> Path:
    """$DAGSTER_HOME, by default .cache/dagster, made and configured where it is not yet."""
    home = Path(os.environ.setdefault("DAGSTER_HOME", str(Path(".cache/dagster").resolve())))
    home.mkdir(parents=True, exist_ok=True)
    configuration = home / "dagster.yaml"
    if not configuration.exists():
        configuration.write_text(_CONFIGURATION, encoding="utf-8")
    return home
