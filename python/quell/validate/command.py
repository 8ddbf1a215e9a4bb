"""`quell validate`: DuckDB checks a committed table against the raw files that it was made of."""

import argparse
import json
from dataclasses import asdict

from quell.validate.checks import check_feed, check_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "example:\n  quell validate --source s3://raw/transactions/ --target s3://lake/weekly_revenue\n\n"
        "Exit codes: 0 all checks passed, 3 one did not."
    )
    parser.add_argument("--source", required=True, metavar="URI", help="the folder of the raw files")
    parser.add_argument("--target", metavar="URI", help="the Delta table; without it, the raw files alone are checked")
    parser.add_argument("--json", action="store_true", help="print a JSON object for each check")


def run(arguments: argparse.Namespace) -> int:
    source, target = arguments.source, arguments.target
    results = check_table(source, target) if target else check_feed(source)
    for result in results:
        if arguments.json:
            print(json.dumps(asdict(result)))
        else:
            print(
                f"{'passed' if result.passed else 'FAILED'}  {result.name}"
                + (f": {result.reason}" if result.reason else "")
            )
    return 0 if all(result.passed for result in results) else 3
