"""A DuckDB that reads Delta tables and S3, without the network: its extensions come from their PyPI packages."""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit


def connect(memory_limit: str = "1GB") -> Any:
    """A connection that knows the S3 settings of the environment."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": memory_limit})
    for extension in ("httpfs", "delta"):
        connection.execute(f"LOAD '{_extension_file(extension)}'")
    if secret := _s3_secret():
        connection.execute(secret)
    return connection


def _extension_file(name: str) -> Path:
    spec = find_spec(f"duckdb_extension_{name}")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"the package duckdb-extension-{name} is missing; install dependencies/dagster.txt")
    folder = Path(next(iter(spec.submodule_search_locations)))
    return next(folder.rglob(f"{name}.duckdb_extension"))


def _s3_secret() -> str:
    def quoted(text: str) -> str:
        return "'" + text.replace("'", "''") + "'"

    key, secret = os.environ.get("AWS_ACCESS_KEY_ID"), os.environ.get("AWS_SECRET_ACCESS_KEY")
    if not key or not secret:
        return ""
    options = {
        "KEY_ID": quoted(key),
        "SECRET": quoted(secret),
        "REGION": quoted(os.environ.get("AWS_REGION", "us-east-1")),
    }
    if token := os.environ.get("AWS_SESSION_TOKEN"):
        options["SESSION_TOKEN"] = quoted(token)
    if endpoint := os.environ.get("AWS_ENDPOINT_URL"):
        url = urlsplit(endpoint)
        options |= {"ENDPOINT": quoted(url.netloc), "URL_STYLE": "'path'"}
        options["USE_SSL"] = "true" if url.scheme == "https" else "false"
    return "CREATE OR REPLACE SECRET quell (TYPE s3, " + ", ".join(f"{k} {v}" for k, v in options.items()) + ")"
