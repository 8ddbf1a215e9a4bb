"""Checks that the tree keeps the rules of CONTRIBUTING.md: ./dev tidy [--fix]."""

import argparse
import sys
from collections.abc import Callable

import formatting
import rooms
import sizes
import style
import typing_check
from problem import Problem

CHECKS: dict[str, Callable[[], list[Problem]]] = {
    "rooms": rooms.check,
    "sizes": sizes.check,
    "style": style.check,
    "formatting": formatting.check,
    "types": typing_check.check,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="./dev tidy", description=__doc__)
    parser.add_argument("checks", nargs="*", metavar="CHECK", help=f"only these: {' '.join(CHECKS)}")
    parser.add_argument("--fix", action="store_true", help="rewrite what clang-format and ruff can put right")
    arguments = parser.parse_args()
    unknown = set(arguments.checks) - set(CHECKS)
    if unknown:
        parser.error(f"no check {', '.join(sorted(unknown))}; checks: {' '.join(CHECKS)}")

    if arguments.fix:
        formatting.fix()
    count = 0
    for name in arguments.checks or CHECKS:
        problems = CHECKS[name]()
        for problem in problems:
            print(problem)
        count += len(problems)
    print("tidy ok" if count == 0 else f"tidy: {count} problems")
    return 0 if count == 0 else 1


if __name__ == "__main__":
    sys.exit(main())
