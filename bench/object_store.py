"""The object store that the benchmark reads from: the one that the environment names, or one of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from contestants import ROOT
from measure import BenchmarkError


def run_command(*words: str) -> str:
    """Runs `quell WORDS`, one of the commands in Python, and returns what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "python")}
    done = subprocess.run(
        [sys.executable, "-m", "quell", *words], env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BenchmarkError(f"quell {' '.join(words)} failed: {done.stderr.strip()}")
    return done.stdout


@contextmanager
def object_store() -> Iterator[None]:
    """Within, the environment names a store that answers. One that was started for this is stopped at the end."""
    if os.environ.get("AWS_ENDPOINT_URL"):
        yield
        return
    started: dict[str, Any] = json.loads(run_command("s3", "start", "--json"))
    settings = {"AWS_ENDPOINT_URL": started["endpoint"], "AWS_REGION": "us-east-1"}
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        settings[name] = os.environ.get(name, "test")
    before = os.environ.copy()
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
        if not started["already_running"]:
            run_command("s3", "stop")
