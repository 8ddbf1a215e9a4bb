"""The `quell` script: commands that are written in Python, and the way to the program for all others.

A command is a module with `add_arguments(parser)` and `run(arguments) -> exit code`. It is imported only when it is
the one that was asked for, so that each command starts as quickly as its own imports allow.
"""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn, Protocol, cast

from quell.binary import find_binary
from quell.errors import CommandError

INTERRUPTED = 130


class CommandModule(Protocol):
    """What the module of a command must have."""

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, arguments: argparse.Namespace) -> int: ...


@dataclass(frozen=True)
class Command:
    """One command: its name, the module that holds it, and a line of help."""

    name: str
    module: str
    summary: str


COMMANDS = (
    Command("datagen", "quell.datagen.command", "make the table of transactions as Parquet files"),
    Command("s3", "quell.s3.command", "run an S3 server on this machine, its data in a folder"),
    Command("validate", "quell.validate.command", "let DuckDB check a committed table against its raw files"),
    Command("dagster", "quell.dagster.command", "open Dagster with the main job"),
)


def _load(command: Command) -> CommandModule:
    return cast(CommandModule, importlib.import_module(command.module))


def _run_program(words: Sequence[str]) -> NoReturn:
    """Becomes the program, which runs SQL. It finds this Python again for commands that are written in it."""
    try:
        program = find_binary()
    except FileNotFoundError as error:
        sys.exit(f"quell: {error}")
    os.environ.setdefault("QUELL_PYTHON", sys.executable)
    sys.stdout.flush()
    os.execv(program, [program, *words])


def _parser(chosen: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="quell")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for command in COMMANDS:
        subparser = commands.add_parser(
            command.name,
            help=command.summary,
            description=command.summary[0].upper() + command.summary[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if command.name == chosen:
            module = _load(command)
            module.add_arguments(subparser)
            subparser.set_defaults(run=module.run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command that `argv` (by default the process's own arguments) names, and returns its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] not in {command.name for command in COMMANDS}:
        _run_program(words)
    arguments = _parser(words[0]).parse_args(words)
    try:
        return int(arguments.run(arguments))
    except CommandError as error:
        print(f"quell {arguments.command}: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output is gone; Python's own flush at exit must not complain again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
