"""What a tick of the sensor costs with many objects: `.venvs/dagster/bin/python bench/sensor_tick/main.py`.

Ticks over a folder of empty files: all new, nothing new, one new. Prints the seconds of the listing and of the rest,
and the bytes of cursor and state.
"""

import argparse
import tempfile
import time
from pathlib import Path

import dagster as dg
from quell.dagster.feed import SeenObjects
from quell.validate.store import data_files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--objects", type=int, default=100_000)
    objects = parser.parse_args().objects
    with tempfile.TemporaryDirectory() as name, dg.DagsterInstance.local_temp(name) as instance:
        feed = Path(name) / "feed"
        for number in range(objects):
            folder = feed / f"day={number // 1000:04}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"part-{number:08}.parquet").touch()
        table = instance.daemon_cursor_storage
        cursor = None
        for what in ("all new", "nothing new", "one new"):
            if what == "one new":
                (feed / "day=0000" / "late.parquet").touch()
            started = time.perf_counter()
            files = list(data_files(str(feed)))
            listed = time.perf_counter()
            batch = SeenObjects(table, "bench").next_batch(cursor, files)
            ended = time.perf_counter()
            cursor = batch.cursor if batch else cursor
            state = max(map(len, table.get_cursor_values({"bench/0", "bench/1"}).values()))
            print(
                f"{what:<12} {len(batch.files) if batch else 0:>7,} objects in the batch, "
                f"listing {listed - started:.2f} s, the rest {ended - listed:.2f} s, "
                f"cursor {len(cursor or '')} bytes, state {state:,} bytes"
            )


if __name__ == "__main__":
    main()
