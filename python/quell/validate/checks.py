"""The checks: of the raw feed before the engine runs, and of the table that was committed."""

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from quell.validate.connection import connect
from quell.validate.store import StoredFile, data_files, list_files, read_text

KEYS = ("transaction_id", "customer_id", "merchant_id", "event_time", "category", "country")
GROUPS = ("week", "country", "category")
_FILES_AT_ONCE = 1000

# The results of check_feed and check_table, in order: their names, and what each says.
FEED_CHECKS = {
    "files_are_whole": "Every file can be read, and all are of one schema.",
    "rows_are_sound": "No key is null, no amount negative, and the transaction ids have neither gaps nor duplicates.",
}
TABLE_CHECKS = {
    "totals_agree": "Transactions and revenue equal an independent count over the raw files, to the cent.",
    "keys_are_not_null": "No row lacks its week, country or category.",
    "one_row_per_group": "Week, country and category together are unique.",
    "log_is_continuous": "No version is missing between the first and the last commit.",
    "files_are_present": "Each data file of the last version is there, with the size that the log says.",
}


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
        return [CheckResult(name, False, f"no files at {source}") for name in FEED_CHECKS]
    readable, files_result = _check_files(connection, files)
    return [files_result, _check_rows(connection, readable)]


def _check_files(connection: Any, files: Sequence[StoredFile]) -> tuple[list[StoredFile], CheckResult]:
    problems: list[str] = []
    readable: list[StoredFile] = []
    first: dict[str, str] = {}
    for file, schema in _schemas(connection, files):
        if isinstance(schema, Exception):
            problems.append(f"{file.name} cannot be read: {str(schema).splitlines()[0]}")
            continue
        first = first or schema
        if schema != first:
            drift = sorted(name for name in schema.keys() | first.keys() if schema.get(name) != first.get(name))
            problems.append(f"{file.name} has another schema: {', '.join(drift)}")
            continue
        readable.append(file)
    return readable, _result(
        "files_are_whole", problems, files=len(files), bytes=sum(file.size_bytes for file in files), columns=first
    )


def _schemas(connection: Any, files: Sequence[StoredFile]) -> Iterator[tuple[StoredFile, dict[str, str] | Exception]]:
    """The columns and types of each file, or what is wrong with it.

    DuckDB reads the footers of many files at once, but one that it cannot read fails them all. Halves are tried then,
    down to the file.
    """
    if len(files) > _FILES_AT_ONCE:
        for start in range(0, len(files), _FILES_AT_ONCE):
            yield from _schemas(connection, files[start : start + _FILES_AT_ONCE])
        return
    query = f"SELECT file_name, name, duckdb_type FROM parquet_schema({_file_list(files)}) WHERE duckdb_type != ''"
    try:
        rows = connection.execute(query).fetchall()
    except Exception as error:
        if len(files) == 1:
            yield files[0], error
            return
        middle = len(files) // 2
        yield from _schemas(connection, files[:middle])
        yield from _schemas(connection, files[middle:])
        return
    columns: dict[str, dict[str, str]] = {file.uri: {} for file in files}
    for uri, name, kind in rows:
        columns[uri][name] = kind
    yield from ((file, columns[file.uri]) for file in files)


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


def check_table(
    source: str, target: str, wanted: Container[str] = TABLE_CHECKS, run_seconds: float = 0
) -> list[CheckResult]:
    """Whether the committed table agrees with an independent count over the raw files, and with its own log.

    Raw files that came behind the last commit do not count. Those that came while the statement ran, in the
    `run_seconds` before, may or may not be in it.
    """
    log = f"{target.rstrip('/')}/_delta_log"
    try:
        commits = _commits(log)
        reason = f"there is no Delta table at {target}: {log} has no commits"
    except Exception as error:
        commits = {}
        reason = f"{log} cannot be listed: {str(error).splitlines()[0]}"
    if not commits:
        return [CheckResult(name, False, reason) for name in TABLE_CHECKS if name in wanted]
    connection = connect()
    delta = f"delta_scan({_quoted(target)})"
    checks: list[Callable[[], CheckResult]] = [
        lambda: _check_totals(connection, _feed_of(source, commits, run_seconds), delta),
        lambda: _check_nulls(connection, delta),
        lambda: _check_groups(connection, delta),
        lambda: _check_log(commits),
        lambda: _check_data_files(target, commits),
    ]
    results = []
    for name, check in zip(TABLE_CHECKS, checks, strict=True):
        if name not in wanted:
            continue
        try:
            results.append(check())
        except Exception as error:
            results.append(CheckResult(name, False, f"the check could not run: {str(error).splitlines()[0]}"))
    return results


@dataclass(frozen=True)
class _Feed:
    """The raw files as a commit may have seen them."""

    read: list[StoredFile]  # there before the statement began
    perhaps_read: list[StoredFile]  # came while it ran, the earliest first
    newer: int


def _feed_of(source: str, commits: Mapping[int, StoredFile], run_seconds: float) -> _Feed:
    end_s = commits[max(commits)].modified_s
    files = sorted(data_files(source), key=lambda file: file.modified_s)
    # S3 tells times in whole seconds.
    read = [file for file in files if file.modified_s < end_s - run_seconds - 1]
    seen = [file for file in files if file.modified_s <= end_s]
    return _Feed(read, seen[len(read) :], len(files) - len(seen))


def _check_totals(connection: Any, feed: _Feed, delta: str) -> CheckResult:
    files = [*feed.read, *feed.perhaps_read]
    by_file: dict[str, tuple[int, Decimal]] = {}
    if files:
        query = (
            f"SELECT filename, count(*), sum(amount) FROM read_parquet({_file_list(files)}, filename = true) "
            "WHERE status = 'completed' GROUP BY filename"
        )
        by_file = {name: (rows, amount) for name, rows, amount in connection.execute(query).fetchall()}
    table = connection.execute(f"SELECT sum(transactions), sum(revenue) FROM {delta}").fetchone()
    counts = [by_file.get(file.uri, (0, Decimal(0))) for file in files]
    for number in range(len(feed.read), len(files) + 1):
        rows, revenue = sum(count for count, _ in counts[:number]), sum(amount for _, amount in counts[:number])
        if (rows, revenue) == ((table[0] or 0), (table[1] or 0)):
            break
    problems = []
    if rows != (table[0] or 0):
        problems.append(f"the raw files have {rows:,} completed transactions, the table {table[0] or 0:,}")
    if revenue != (table[1] or 0):
        problems.append(f"the raw files have a revenue of {revenue}, the table {table[1]}")
    return _result(
        "totals_agree",
        problems,
        transactions=rows,
        revenue=str(revenue),
        files=number,
        newer_files=len(files) - number + feed.newer,
    )


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


def _commits(log: str) -> dict[int, StoredFile]:
    """The files of a log's commits by their versions."""
    return {
        int(file.name[:20]): file for file in list_files(log) if len(file.name) == 25 and file.name.endswith(".json")
    }


def _check_log(commits: Mapping[int, StoredFile]) -> CheckResult:
    versions = sorted(commits)
    gaps = [version for version in range(versions[0], versions[-1]) if version not in commits]
    problems = [f"version {gap} is missing" for gap in gaps[:10]]
    return _result("log_is_continuous", problems, first=versions[0], last=versions[-1])


def _check_data_files(target: str, commits: Mapping[int, StoredFile]) -> CheckResult:
    live: dict[str, int] = {}
    for _, commit in sorted(commits.items()):
        for line in read_text(commit.uri).splitlines():
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
