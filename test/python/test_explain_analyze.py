"""EXPLAIN ANALYZE tells what each operator did, and what a scan read and did not have to read."""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

QUELL = os.environ.get("QUELL_BINARY", "build/release/quell")
UNITS = {"B": 1, "KiB": 1 << 10, "MiB": 1 << 20}


@dataclass
class Operator:
    name: str
    figures: str

    def count(self, what: str) -> int:
        found = re.search(rf"\b{what} (\d+)", self.figures)
        assert found, (what, self.figures)
        return int(found[1])

    def size(self, what: str) -> int:
        found = re.search(rf"\b{what} (\d+) (B|KiB|MiB)", self.figures)
        assert found, (what, self.figures)
        return int(found[1]) * UNITS[found[2]]


def analyze(sql: str, report: Path | None = None) -> list[Operator]:
    """The operators, from the top of the plan to its scans."""
    command = [QUELL, "--format", "json", "-e", f"EXPLAIN ANALYZE {sql}"]
    if report:
        command += ["--report", str(report)]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    operators: list[Operator] = []
    for line in json.loads(result.stdout)["plan"].splitlines()[1:]:
        text = line.strip()
        if text.startswith("["):
            operators[-1].figures += text
        else:
            operators.append(Operator(text, ""))
    return operators


@pytest.fixture(scope="module")
def numbers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two partitions of a file each, four row groups a file, n ascending."""
    folder = tmp_path_factory.mktemp("numbers")
    for part in range(2):
        n = list(range(part * 4000, part * 4000 + 4000))
        table = pa.table(
            {"n": n, "s": pa.StructArray.from_arrays([pa.array(n), pa.array([str(x) * 200 for x in n])], ["a", "b"])}
        )
        (folder / f"p={part}").mkdir()
        pq.write_table(
            table, folder / f"p={part}" / "x.parquet", row_group_size=1000, use_dictionary=False, compression="none"
        )
    return folder


def test_rows_and_bytes_of_each_operator(numbers: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    top, scan = analyze(f"SELECT n % 10 AS d, p, count(*) FROM parquet.`{numbers}` GROUP BY ALL", report)[-2:]
    assert top.name.startswith("Project")
    assert scan.name.startswith("Scan")
    assert scan.count("rows") == 8000
    # A BIGINT a row, in whole KiB; the partition is a constant of a batch.
    assert 62 <= scan.size("bytes") >> 10 <= 64
    assert scan.count("files") == 2
    assert scan.count("row groups") == 8
    usage = json.loads(report.read_text())["usage"]
    # The analyzer has read a footer before, by the end of its file.
    assert scan.size("read") < usage["bytes_read"] <= scan.size("read") + 80 * 1024
    assert usage["rows_read"] == 8000


def test_partitions_and_row_groups_are_pruned(numbers: Path) -> None:
    scan = analyze(f"SELECT n FROM parquet.`{numbers}` WHERE p = 1 AND n BETWEEN 5500 AND 6500")[-1]
    assert "files 1 (pruned 1)" in scan.figures
    assert "row groups 2 (pruned 2)" in scan.figures
    assert scan.count("rows") == 1001


def test_members_are_pruned_by_their_statistics_and_read_alone(numbers: Path) -> None:
    member = analyze(f"SELECT s.a FROM parquet.`{numbers}` WHERE s.a < 500")[-1]
    whole = analyze(f"SELECT s FROM parquet.`{numbers}` WHERE n < 500")[-1]
    assert "row groups 1 (pruned 7)" in member.figures
    assert member.count("rows") == 500
    assert member.size("read") * 3 < whole.size("read")


def test_bytes_of_lists_that_arrow_reads(tmp_path: Path) -> None:
    path = tmp_path / "lists.parquet"
    lists = [[f"value {n} {i}" * 20 for i in range(10)] for n in range(2000)]
    pq.write_table(pa.table({"n": range(2000), "l": lists}), path, use_dictionary=False, compression="zstd")
    chunk = pq.ParquetFile(path).metadata.row_group(0).column(1)
    scan = analyze(f"SELECT sum(size(l)) FROM parquet.`{path}`")[-1]
    # Read in pieces of 256 KiB, to the end of the file.
    assert chunk.total_compressed_size <= scan.size("read") <= chunk.total_compressed_size + (320 << 10)
    assert abs(scan.size("decompressed") - chunk.total_uncompressed_size) <= 1 << 10


def test_partitions_of_text_files_are_pruned(tmp_path: Path) -> None:
    for part in range(3):
        (tmp_path / f"p={part}").mkdir()
        (tmp_path / f"p={part}" / "x.json").write_text('{"n": 1}\n' * 10)
    scan = analyze(f"SELECT n FROM json.`{tmp_path}` WHERE p = 2")[-1]
    assert "files 1 (pruned 2)" in scan.figures
    assert scan.count("rows") == 10
    assert scan.size("read") == 90
