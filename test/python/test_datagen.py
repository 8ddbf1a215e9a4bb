"""`quell datagen`: the same rows whatever makes them, in whole files, in bounded memory."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from quell.datagen.distributions import LogNormalCents, Scramble, WeightedChoice, Zipf
from quell.datagen.hashing import Stream, lane, mix
from quell.datagen.progress import Progress

SOURCES = Path(__file__).resolve().parents[2] / "python"
START = datetime(2024, 1, 1, tzinfo=UTC)
END = datetime(2026, 1, 1, tzinfo=UTC)


def start(*arguments: object) -> subprocess.Popen[str]:
    """Starts `quell datagen` in a session of its own, so that a signal to it reaches no one else."""
    command = [sys.executable, "-m", "quell", "datagen", *map(str, arguments)]
    return subprocess.Popen(
        command,
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def datagen(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Runs `quell datagen` to its end."""
    process = start(*arguments)
    stdout, stderr = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def made(*arguments: object) -> dict[str, object]:
    """Runs `quell datagen --json`, which must succeed, and returns its summary."""
    done = datagen(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    summary: dict[str, object] = json.loads(done.stdout)
    return summary


def contents(folder: Path) -> dict[str, bytes]:
    """The files of a folder, hidden ones included."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Waits for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def is_writing(folder: Path) -> bool:
    """Whether a run has begun a data file in the folder."""
    return (folder / "_datagen.json").exists() and bool(list(folder.glob("._datagen-*")))


@pytest.fixture(scope="module")
def million(tmp_path_factory: pytest.TempPathFactory) -> pa.Table:
    """A million rows of the default seed."""
    folder = tmp_path_factory.mktemp("million")
    made("--rows", "1e6", "--to", folder)
    return pq.read_table(folder / "part-00000.parquet")


def share(mask: pa.ChunkedArray) -> float:
    """The share of true values."""
    return float(pc.mean(pc.cast(mask, pa.float64())).as_py())


def test_mixer_is_splitmix64() -> None:
    # The first outputs of splitmix64 from the state 0, as its authors' program prints them.
    states = np.arange(1, 4, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    assert [hex(value) for value in mix(states)] == ["0xe220a8397b1dcdaf", "0x6e789e6aa1b965f4", "0x6c45d188009454f"]


def test_words_depend_on_seed_stream_and_row_alone() -> None:
    rows = np.arange(1000, dtype=np.uint64)
    words = Stream(7, "amount").words(rows)
    assert (Stream(7, "amount").words(rows[500:]) == words[500:]).all()
    for other in (Stream(8, "amount"), Stream(7, "amounts")):
        assert not np.intersect1d(other.words(rows), words).size
    assert all(abs(lane(words, number).mean() / 65535 - 0.5) < 0.05 for number in range(4))


def test_zipf_follows_its_law() -> None:
    size, power = 1000, 4
    ranks = Zipf(size, power, -3.4412853869452228).ranks(Stream(1, "zipf").words(np.arange(2_000_000, dtype=np.uint64)))
    expected = np.arange(1, size + 1) ** -(1 - 1 / power)
    expected /= expected.sum()
    counted = np.bincount(ranks, minlength=size) / len(ranks)
    assert len(counted) == size
    np.testing.assert_allclose(counted[:50], expected[:50], rtol=0.05)
    np.testing.assert_allclose(counted[-100:].sum(), expected[-100:].sum(), rtol=0.02)


def test_log_normal_has_its_median_spread_and_mean() -> None:
    cents = LogNormalCents(4000, 0.9).cents(Stream(1, "amount").words(np.arange(2_000_000, dtype=np.uint64)))
    logs = np.log(cents / 4000)
    assert abs(np.median(logs)) < 0.005
    assert abs(logs.std() - 0.9) < 0.005
    assert abs(cents.mean() / (4000 * np.exp(0.9**2 / 2)) - 1) < 0.005
    assert cents.min() >= 1


def test_scramble_is_a_permutation() -> None:
    for bits in (16, 21):
        scrambled = Scramble(bits).apply(np.arange(1 << bits, dtype=np.int64))
        assert (np.sort(scrambled) == np.arange(1 << bits)).all()


def test_weighted_choice_never_picks_weight_zero() -> None:
    picks = WeightedChoice((1, 0, 3)).pick(np.arange(1 << 16, dtype=np.uint16))
    assert np.bincount(picks).tolist() == [16384, 0, 49152]


def test_schema_is_that_of_the_table(million: pa.Table) -> None:
    expected = {
        "transaction_id": pa.int64(),
        "event_time": pa.timestamp("us", tz="UTC"),
        "customer_id": pa.int64(),
        "merchant_id": pa.int32(),
        "category": pa.string(),
        "amount": pa.decimal128(12, 2),
        "currency": pa.string(),
        "country": pa.string(),
        "channel": pa.string(),
        "status": pa.string(),
        "coupon": pa.string(),
    }
    assert {field.name: field.type for field in million.schema} == expected
    assert [field.name for field in million.schema if field.nullable] == ["coupon"]


def test_files_have_row_groups_statistics_and_page_index(tmp_path: Path) -> None:
    summary = made("--rows", "1.3e6", "--to", tmp_path)
    footer = pq.read_metadata(tmp_path / "part-00000.parquet")
    assert [footer.row_group(index).num_rows for index in range(footer.num_row_groups)] == [1_000_000, 300_000]
    for index in range(footer.num_columns):
        column = footer.row_group(0).column(index)
        assert column.compression == "SNAPPY"
        assert column.statistics.has_min_max
        assert column.has_offset_index
        assert column.has_column_index
    assert footer.schema.column(5).physical_type == "INT64"
    assert footer.metadata is None or b"ARROW:schema" not in footer.metadata
    assert summary["bytes"] == (tmp_path / "part-00000.parquet").stat().st_size


def test_distributions_of_the_table(million: pa.Table) -> None:
    assert pc.count_distinct(million["transaction_id"]).as_py() == 1_000_000
    for name, values in (("category", 20), ("currency", 5), ("country", 12), ("channel", 4), ("status", 4)):
        assert pc.count_distinct(million[name]).as_py() == values
    assert abs(share(pc.equal(million["status"], "completed")) - 0.9) < 0.002
    assert abs(share(pc.is_valid(million["coupon"])) - 0.05) < 0.001
    for name, least, most in (("customer_id", 0.004, 0.02), ("merchant_id", 0.03, 0.08)):
        counts = np.sort(million[name].value_counts().field(1).to_numpy())[::-1]
        assert least < counts[0] / 1e6 < most
        assert counts[: len(counts) // 100].sum() > 0.1 * 1e6
    amounts = pc.cast(million["amount"], pa.float64()).to_numpy()
    assert amounts.min() > 0
    assert abs(np.log(amounts).std() - 1.15) < 0.15
    skew = ((np.log(amounts) - np.log(amounts).mean()) ** 3).mean() / np.log(amounts).std() ** 3
    assert abs(skew) < 0.5


def test_two_years_in_order_with_two_percent_late(million: pa.Table) -> None:
    times = million["event_time"].to_numpy().astype("datetime64[us]").astype(np.int64)
    first, last = (int(moment.timestamp() * 1e6) for moment in (START, END))
    assert first <= times.min() < first + 86_400_000_000
    assert last - 86_400_000_000 < times.max() < last
    behind = np.maximum.accumulate(times) - times
    week_us = int(timedelta(days=7) / timedelta(microseconds=1))
    assert behind.max() < week_us + 10 * 60_000_000
    assert abs((behind > 10 * 60_000_000).mean() - 0.02) < 0.001
    weekday = ((times - first) // 86_400_000_000) % 7
    assert np.bincount(weekday).max() > 1.1 * np.bincount(weekday).min()


def test_same_bytes_for_any_chunk_size_and_number_of_workers(tmp_path: Path) -> None:
    common = ("--rows", "400_000", "--rows-per-file", "100_000", "--seed", "5")
    made(*common, "--to", tmp_path / "a", "--workers", 1, "--chunk-rows", 997)
    made(*common, "--to", tmp_path / "b", "--workers", 3)
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    made("--rows", "400_000", "--rows-per-file", "100_000", "--seed", "6", "--to", tmp_path / "c")
    assert contents(tmp_path / "a")["part-00000.parquet"] != contents(tmp_path / "c")["part-00000.parquet"]


def test_same_rows_for_any_file_size(tmp_path: Path) -> None:
    made("--rows", "150_000", "--to", tmp_path / "one")
    made("--rows", "150_000", "--to", tmp_path / "many", "--rows-per-file", "40_000")
    assert len(contents(tmp_path / "many")) == 5
    one = pq.read_table(tmp_path / "one" / "part-00000.parquet")
    many = pa.concat_tables([pq.read_table(path) for path in sorted((tmp_path / "many").glob("part-*"))])
    assert one.equals(many)


def test_values_stay_what_they_are(tmp_path: Path) -> None:
    made("--rows", "1000", "--to", tmp_path)
    row = pq.read_table(tmp_path / "part-00000.parquet").slice(999).to_pylist()[0]
    assert row["transaction_id"] == 1000
    assert isinstance(row["amount"], Decimal)
    assert {name: str(value) for name, value in row.items()} == LAST_OF_A_THOUSAND


LAST_OF_A_THOUSAND = {
    "transaction_id": "1000",
    "event_time": "2025-12-31 15:05:49.814659+00:00",
    "customer_id": "1565299",
    "merchant_id": "15185",
    "category": "beauty",
    "amount": "40.44",
    "currency": "USD",
    "country": "US",
    "channel": "mobile",
    "status": "completed",
    "coupon": "None",
}


def test_killed_and_started_again_makes_what_is_missing(tmp_path: Path) -> None:
    common = ("--rows", "1.5e6", "--rows-per-file", "100_000")
    made(*common, "--to", tmp_path / "whole")
    folder = tmp_path / "killed"
    process = start(*common, "--to", folder)
    wait_until(lambda: len(list(folder.glob("part-*"))) >= 4)
    process.kill()
    process.communicate()
    # The workers notice that they are alone at their next row group, and clean up.
    wait_until(lambda: not list(folder.glob("._datagen-*")))
    before = {path.name: path.stat().st_mtime_ns for path in folder.glob("part-*")}
    assert 4 <= len(before) < 15
    summary = made(*common, "--to", folder)
    assert summary["files_made"] == 15 - len(before)
    assert {path.name: path.stat().st_mtime_ns for path in folder.glob("part-*") if path.name in before} == before
    assert contents(folder) == contents(tmp_path / "whole")
    assert made(*common, "--to", folder)["files_made"] == 0


def test_leftovers_of_a_run_whose_workers_were_killed_too_vanish(tmp_path: Path) -> None:
    process = start("--rows", "20e6", "--to", tmp_path, "--workers", 1)
    wait_until(lambda: is_writing(tmp_path))
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert list(tmp_path.glob("._datagen-*"))
    (tmp_path / "_datagen.json").unlink()
    made("--rows", "1000", "--to", tmp_path)
    assert sorted(contents(tmp_path)) == ["_datagen.json", "part-00000.parquet"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_leaves_no_temporary_file(tmp_path: Path, number: signal.Signals) -> None:
    process = start("--rows", "30e6", "--to", tmp_path)
    wait_until(lambda: is_writing(tmp_path))
    os.killpg(process.pid, number)
    stdout, stderr = process.communicate(timeout=60)
    assert process.returncode == 130
    assert (stdout, stderr) == ("", "")
    assert not list(tmp_path.glob("._datagen-*"))


def test_refuses_to_go_on_with_other_parameters(tmp_path: Path) -> None:
    made("--rows", "1000", "--to", tmp_path)
    done = datagen("--rows", "1000", "--seed", "43", "--to", tmp_path)
    assert done.returncode == 1
    assert "seed 42 there, 43 here" in done.stderr
    assert "Traceback" not in done.stderr


def test_refuses_a_folder_with_other_data(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    done = datagen("--rows", "1000", "--to", tmp_path)
    assert done.returncode == 1
    assert "other.parquet" in done.stderr
    assert sorted(contents(tmp_path)) == ["other.parquet"]


def test_two_runs_on_one_folder_keep_apart(tmp_path: Path) -> None:
    process = start("--rows", "20e6", "--to", tmp_path)
    wait_until(lambda: is_writing(tmp_path))
    done = datagen("--rows", "20e6", "--to", tmp_path)
    assert done.returncode == 1
    assert "another datagen" in done.stderr
    process.terminate()
    process.communicate()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--rows", "1.5"), "not a whole number"),
        (("--rows", "many"), "not a number"),
        (("--rows", "10", "--start", "yesterday"), "not a date"),
        (("--rows", "10", "--start", "2025-01-01", "--end", "2024-01-01"), "is not after"),
    ],
)
def test_wrong_usage_is_said(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    done = datagen(*arguments, "--to", tmp_path)
    assert done.returncode == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    ("place", "message"), [("gs://bucket/x", "unknown scheme gs"), ("/proc/nowhere", "cannot write to /proc/nowhere")]
)
def test_wrong_place_is_said(place: str, message: str) -> None:
    done = datagen("--rows", "10", "--to", place)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_full_disk_is_said(tmp_path: Path) -> None:
    # A limit on the size of files stands for a full disk: the write fails in the midst of a file.
    done = subprocess.run(
        ["bash", "-c", f'ulimit -f 1024; exec {sys.executable} -m quell datagen --rows 1e6 --to "$0"', tmp_path],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert sorted(contents(tmp_path)) == ["_datagen.json"]


def test_dirty_feed_has_its_faults(tmp_path: Path) -> None:
    summary = made("--rows", "400_000", "--dirty", "--to", tmp_path)
    assert summary["truncated"] == ["part-00001.parquet"]
    assert summary["other_schema"] == ["part-00002.parquet"]
    with pytest.raises(pa.ArrowInvalid):
        pq.read_table(tmp_path / "part-00001.parquet")
    drifted = pq.read_schema(tmp_path / "part-00002.parquet")
    assert drifted.field("amount").type == pa.float64()
    assert drifted.field("merchant_id").type == pa.string()
    assert "channel" not in drifted.names
    assert "device" in drifted.names
    table = pa.concat_tables([pq.read_table(tmp_path / f"part-0000{index}.parquet") for index in (0, 3)])
    for key in ("transaction_id", "customer_id", "merchant_id", "category", "country"):
        assert abs(table[key].null_count / table.num_rows - 0.001) < 0.0004
    assert abs(share(pc.less(table["amount"], 0)) - 0.002) < 0.0005
    identifiers = pc.drop_null(table["transaction_id"])
    assert 50 < len(identifiers) - pc.count_distinct(identifiers).as_py() < 400
    assert pc.any(pc.less(table["event_time"], START)).as_py()
    assert pc.any(pc.greater_equal(table["event_time"], END)).as_py()


def peak_memory(process: subprocess.Popen[str]) -> int:
    """The peak of the memory of a process and its children while it runs, pages that they share counted once."""
    peak = 0
    while process.poll() is None:
        total = 0
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if os.getpgid(int(folder.name)) == process.pid:
                    lines = (folder / "smaps_rollup").read_text().splitlines()
                    total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
            except OSError:
                continue
        peak = max(peak, total * 1024)
        time.sleep(0.05)
    return peak


@pytest.mark.parametrize("options", [(), ("--dirty",)])
def test_memory_is_bounded(tmp_path: Path, options: tuple[str, ...]) -> None:
    process = start("--rows", "20e6", "--to", tmp_path, "--workers", 3, "--rows-per-file", "3e6", *options)
    assert peak_memory(process) < 600 << 20
    assert process.returncode == 0


def test_progress_line_tells_speed_and_time_left() -> None:
    progress = Progress(100_000_000, shown=False)
    progress.add(25_000_000)
    assert progress.line(10) == " 25% [########                      ] 25.0 of 100.0 M rows, 2.50 M rows/s, 0:30 left"


def test_shows_progress_on_a_terminal_alone(tmp_path: Path) -> None:
    assert datagen("--rows", "100_000", "--to", tmp_path / "pipe").stderr == ""
    terminal, process_side = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "quell", "datagen", "--rows", "100_000", "--to", tmp_path / "terminal"],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdout=subprocess.DEVNULL,
        stderr=process_side,
    )
    os.close(process_side)
    assert process.wait() == 0
    assert "rows/s" in os.read(terminal, 65536).decode()
    os.close(terminal)


def test_help_has_examples() -> None:
    done = datagen("--help")
    assert done.returncode == 0
    assert "quell datagen --rows 100e6 --to s3://raw/transactions/" in done.stdout
