"""The command line of `quell datagen`."""

import argparse
import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from quell.datagen.generate import Summary, generate
from quell.datagen.plan import Parameters, default_rows_per_file

# With more, the workers together would need more than 600 MiB.
DEFAULT_WORKERS_LIMIT = 3
DEFAULT_CHUNK_ROWS = 131_072
COMPRESSIONS = ("snappy", "zstd", "lz4", "gzip", "none")

_EXAMPLES = """
The seed and the row number decide every value: the same rows come out whatever the chunk size, the number of
workers or the machine. A run that was killed goes on where it was: start it again with the same arguments.

examples:
  quell datagen --rows 5e6 --to data/transactions
  quell datagen --rows 100e6 --to s3://raw/transactions/
  quell datagen --rows 1e6 --to data/dirty --dirty --json
"""


def whole_number(text: str) -> int:
    """A number as people write it: 5000000, 5_000_000 or 5e6."""
    try:
        number = Decimal(text.replace("_", ""))
        if number != number.to_integral_value() or not 1 <= number <= 10**12:
            raise argparse.ArgumentTypeError(f"not a whole number from 1 to 1e12: {text}")
    except InvalidOperation:
        raise argparse.ArgumentTypeError(f"not a number: {text}; write for example 5000000 or 5e6") from None
    return int(number)


def _files(number: int) -> str:
    return "1 file" if number == 1 else f"{number:,} files"


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a date: {text}; write for example 2024-01-31") from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds what `quell datagen` takes."""
    parser.epilog = _EXAMPLES
    parser.add_argument("--rows", type=whole_number, required=True, help="how many rows, for example 5e6")
    parser.add_argument("--to", required=True, metavar="URI", help="a folder, file: or s3://bucket/prefix/")
    parser.add_argument("--seed", type=int, default=42, help="decides all values (default: 42)")
    parser.add_argument("--start", type=_moment, default="2024-01-01", help="first day, UTC (default: 2024-01-01)")
    parser.add_argument("--end", type=_moment, default="2026-01-01", help="day after the last (default: 2026-01-01)")
    parser.add_argument("--dirty", action="store_true", help="with the faults of real feeds, two broken files included")
    parser.add_argument("--compression", choices=COMPRESSIONS, default="snappy", help="Parquet codec (default: snappy)")
    parser.add_argument("--rows-per-file", type=whole_number, help="rows of each file (default: about 128 MiB)")
    parser.add_argument("--workers", type=whole_number, help="processes (default: one a core, 3 at most)")
    parser.add_argument(
        "--chunk-rows",
        type=whole_number,
        default=DEFAULT_CHUNK_ROWS,
        help="rows computed at a time (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.set_defaults(parser=parser)


def _print(summary: Summary) -> None:
    made = f"{summary.rows_made:,} rows in {_files(summary.files_made)} ({summary.bytes / 2**20:,.0f} MiB)"
    print(f"made {made} in {summary.seconds:.1f} s")
    print(f"{summary.to} has all {summary.rows:,} rows in {_files(summary.files)}")
    for reason, names in (("truncated", summary.truncated), ("with another schema", summary.other_schema)):
        if names:
            print(f"{reason}: {', '.join(names)}")


def run(arguments: argparse.Namespace) -> int:
    """Makes the table and prints what was made."""
    if arguments.end <= arguments.start:
        arguments.parser.error(f"--end {arguments.end:%F} is not after --start {arguments.start:%F}")
    parameters = Parameters(
        rows=arguments.rows,
        seed=arguments.seed,
        start=arguments.start,
        end=arguments.end,
        compression=arguments.compression,
        dirty=arguments.dirty,
        rows_per_file=arguments.rows_per_file or default_rows_per_file(arguments.rows, arguments.dirty),
    )
    workers = arguments.workers or min(len(os.sched_getaffinity(0)), DEFAULT_WORKERS_LIMIT)
    summary = generate(arguments.to, parameters, workers, arguments.chunk_rows)
    if arguments.json:
        print(json.dumps(asdict(summary)))
    else:
        _print(summary)
    return 0
