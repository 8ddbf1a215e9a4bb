"""The checks: of the raw feed before the engine runs, and of the table that was committed."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from quell.validate.connection import connect
from quell.validate.store import StoredFile, data_files, list_files, read_text

KEYS = ("transaction_id", "customer_id", "merchant_id", "event_time", "category", "country")
GROUPS = ("week", "country", "category")


@dataclass(frozen=True)
class CheckResult:
    """What one check found. `reason` is empty when it passed."""

    name: str
    passed: bool
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


def _result(name: str, problems: Sequence[str], **facts: Any) -> CheckResult:
    return CheckResult(name, not problems, "; ".join(problems), facts)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _file_list(files: Sequence[StoredFile]) -> str:
    return "[" + ", ".join(_quoted(file.uri) for file in files) + "]"


def check_feed(source: str) -> list[CheckResult]:
    """Whether the raw files are whole, of one schema, and hold what transactions may hold."""
    connection = connect()
    files = list(data_files(source))
    if not files:
        return [CheckResult("files", False, f"no files at {source}")]
    readable, files_result = _check_files(connection, files)
    return [files_result, _check_rows(connection, readable)]


def _check_files(connection: Any, files: Sequence[StoredFile]) -> tuple[list[StoredFile], CheckResult]:
    problems: list[str] = []
    readable: list[StoredFile] = []
    first: dict[str, str] = {}
    for file in files:
        try:
            described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({_quoted(file.uri)})").fetchall()
        except Exception as error:
            problems.append(f"{file.name} cannot be read: {str(error).splitlines()[0]}")
            continue
        schema = {name: kind for name, kind, *_ in described}
        first = first or schema
        if schema != first:
            drift = sorted(name for name in schema.keys() | first.keys() if schema.get(name) != first.get(name))
            problems.append(f"{file.name} has another schema: {', '.join(drift)}")
            continue
        readable.append(file)
    return readable, _result(
        "files_are_whole", problems, files=len(files), bytes=sum(file.size_bytes for file in files)
    )


def _check_rows(connection: Any, files: Sequence[StoredFile]) -> CheckResult:
    if not files:
        return CheckResult("rows_are_sound", False, "no file can be read")
    nulls = ", ".join(f"count(*) - count({key})" for key in KEYS)
    row = connection.execute(
        f"SELECT count(*), count(*) FILTER (amount < 0), min(transaction_id), max(transaction_id), "
        f"sum(transaction_id::HUGEINT), {nulls} FROM read_parquet({_file_list(files)})"
    ).fetchone()
    rows, negative, least, greatest, total = row[:5]
    problems = [f"{count:,} rows without {key}" for key, count in zip(KEYS, row[5:], strict=True) if count]
    if negative:
        problems.append(f"{negative:,} rows with a negative amount")
    # Ids number the rows, so their count and sum give away what is missing and what came twice.
    if rows and (greatest - least + 1 != rows or total != (least + greatest) * rows // 2):
        problems.append("transaction_id has duplicates or gaps")
    return _result("rows_are_sound", problems, rows=rows)


def check_table(source: str, target: str) -> list[CheckResult]:
    """Whether the committed table agrees with an independent count over the raw files, and with its own log."""
    connection = connect()
    delta = f"delta_scan({_quoted(target)})"
    checks: list[tuple[str, Callable[[], CheckResult]]] = [
        ("totals_agree", lambda: _check_totals(connection, source, delta)),
        ("keys_are_not_null", lambda: _check_nulls(connection, delta)),
        ("one_row_per_group", lambda: _check_groups(connection, delta)),
        ("log_is_continuous", lambda: _check_log(target)),
        ("files_are_present", lambda: _check_data_files(target)),
    ]
    results = []
    for name, check in checks:
        try:
            results.append(check())
        except Exception as error:
            results.append(CheckResult(name, False, f"the check could not run: {str(error).splitlines()[0]}"))
    return results


def _check_totals(connection: Any, source: str, delta: str) -> CheckResult:
    raw = connection.execute(
        "SELECT count(*), sum(amount) FROM "
        f"read_parquet({_file_list(list(data_files(source)))}) WHERE status = 'completed'"
    ).fetchone()
    table = connection.execute(f"SELECT sum(transactions), sum(revenue) FROM {delta}").fetchone()
    problems = []
    if raw[0] != table[0]:
        problems.append(f"the raw files have {raw[0]:,} completed transactions, the table {table[0] or 0:,}")
    if raw[1] != table[1]:
        problems.append(f"the raw files have a revenue of {raw[1]}, the table {table[1]}")
    return _result("totals_agree", problems, transactions=raw[0], revenue=str(raw[1]))


def _check_nulls(connection: Any, delta: str) -> CheckResult:
    counts = connection.execute(
        "SELECT " + ", ".join(f"count(*) - count({group})" for group in GROUPS) + f" FROM {delta}"
    ).fetchone()
    problems = [f"{count:,} rows without {group}" for group, count in zip(GROUPS, counts, strict=True) if count]
    return _result("keys_are_not_null", problems)


def _check_groups(connection: Any, delta: str) -> CheckResult:
    groups = ", ".join(GROUPS)
    rows, distinct = connection.execute(
        f"SELECT count(*), (SELECT count(*) FROM (SELECT DISTINCT {groups} FROM {delta})) FROM {delta}"
    ).fetchone()
    problems = [] if rows == distinct else [f"{rows:,} rows for {distinct:,} groups"]
    return _result("one_row_per_group", problems, rows=rows)


def _versions(target: str) -> dict[int, str]:
    names = {file.name: file.uri for file in list_files(f"{target.rstrip('/')}/_delta_log")}
    return {int(name[:20]): uri for name, uri in names.items() if len(name) == 25 and name.endswith(".json")}


def _check_log(target: str) -> CheckResult:
    versions = sorted(_versions(target))
    if not versions:
        return CheckResult("log_is_continuous", False, f"no commits in {target}/_delta_log")
    gaps = [version for version in range(versions[0], versions[-1]) if version not in set(versions)]
    problems = [f"version {gap} is missing" for gap in gaps[:10]]
    return _result("log_is_continuous", problems, first=versions[0], last=versions[-1])


def _check_data_files(target: str) -> CheckResult:
    live: dict[str, int] = {}
    for _, uri in sorted(_versions(target).items()):
        for line in read_text(uri).splitlines():
            action = json.loads(line)
            if "add" in action:
                live[action["add"]["path"]] = action["add"]["size"]
            elif "remove" in action:
                live.pop(action["remove"]["path"], None)
    stored = {file.name: file.size_bytes for file in list_files(target)}
    problems = [
        f"{path} has {stored[path]:,} bytes, the log says {size:,}" if path in stored else f"{path} is missing"
        for path, size in live.items()
        if stored.get(path) != size
    ]
    return _result("files_are_present", problems, files=len(live), bytes=sum(live.values()))
