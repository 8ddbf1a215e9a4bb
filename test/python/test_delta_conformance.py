"""Logs of tables that Delta Lake's own writers made: every file found, every deleted row known, bad logs refused."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from delta_log import ROOT, DeltaTool

QUELL = os.environ.get("QUELL_BINARY", ROOT / "build/release/quell")
TABLES = Path(os.environ.get("QUELL_CONFORMANCE", ROOT / "../shared/conformance")) / "delta"
NAMES = sorted(path.name.removesuffix(".tar.zst") for path in TABLES.glob("*.tar.zst"))

# What must not be read, and why.
REFUSED = {
    "deltalog-state-reconstruction-from-checkpoint-missing-protocol": "DELTA_STATE_RECOVER_ERROR",
    "deltalog-state-reconstruction-without-protocol": "DELTA_STATE_RECOVER_ERROR",
}
# Logs without the files that they name.
LOGS_ALONE = {"checkpoint", "log-replay-special-characters-b"}

pytestmark = pytest.mark.skipif(not NAMES, reason=f"no conformance tables in {TABLES}")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("tables")
    for name in NAMES:
        command = f"zstd -dcq '{TABLES}/{name}.tar.zst' | tar x --warning=no-unknown-keyword -C '{folder}'"
        subprocess.run(command, shell=True, check=True)
    yield folder


@pytest.mark.parametrize("name", NAMES)
def test_log_is_read_as_its_writer_meant(unpacked: Path, name: str) -> None:
    table, expected = unpacked / name / "delta", unpacked / name / "expected"
    done = DeltaTool().run("dump", table)
    if name in REFUSED:
        assert done.returncode == 1
        assert REFUSED[name] in done.stderr
        return
    assert done.returncode == 0, done.stderr
    snapshot = DeltaTool().dump(table)
    if name in LOGS_ALONE:
        return
    rows = 0
    for file in snapshot["files"]:
        num_rows = pq.read_metadata(file["uri"]).num_rows
        assert all(0 <= row < num_rows for row in file["deletedRows"])
        rows += num_rows - len(file["deletedRows"])
    if expected.exists():
        data = [path for path in expected.rglob("*.parquet") if not path.name.startswith(".")]
        assert rows == sum(pq.read_metadata(path).num_rows for path in data)


def sorted_rows(table: pa.Table) -> list[str]:
    columns = sorted(table.column_names)
    return sorted(repr([row[name] for name in columns]) for row in table.to_pylist())


@pytest.mark.parametrize("name", [name for name in NAMES if name not in REFUSED and name not in LOGS_ALONE])
def test_rows_are_those_that_the_writer_meant(unpacked: Path, tmp_path: Path, name: str) -> None:
    table, expected = unpacked / name / "delta", unpacked / name / "expected"
    if not expected.exists():
        pytest.skip("the case has no rows to compare with")
    result = tmp_path / "rows.arrow"
    with result.open("wb") as output:
        query = f"SELECT * FROM delta.`{table}`"
        subprocess.run([QUELL, "--format", "arrow", "-e", query], check=True, stdout=output)
    rows = sorted_rows(pa.ipc.open_stream(result).read_all())
    assert rows == sorted_rows(pq.read_table(expected))
