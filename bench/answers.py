"""The contestants' answers as CSV, and whether two of them are equal to the cent."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

_CENT = Decimal("0.01")
# Averages are doubles in some engines and decimals of six places in others.
_AVERAGE_TOLERANCE = Decimal("0.000002")

Group = tuple[str, str, str]


@dataclass(frozen=True)
class Totals:
    """The aggregates of one group."""

    transactions: int
    revenue: Decimal
    average: Decimal
    least: Decimal
    most: Decimal


Answer = dict[Group, Totals]


def _rows(path: Path) -> Iterator[list[str]]:
    for part in sorted(path.glob("*.csv")) if path.is_dir() else [path]:
        with part.open(newline="") as file:
            yield from csv.reader(file)


def _cents(text: str) -> Decimal:
    return Decimal(text).quantize(_CENT, ROUND_HALF_UP)


def read_answer(path: Path) -> Answer:
    """Reads an answer: week, country, category, count, sum, average, minimum, maximum; a header is skipped."""
    answer: Answer = {}
    for row in _rows(path):
        if len(row) != 8:
            raise ValueError(f"{path} has a row of {len(row)} columns: {row}")
        week, country, category, transactions, *amounts = row
        if not transactions.isdigit():
            continue
        revenue, average, least, most = amounts
        group = (week[:10], country, category)
        if group in answer:
            raise ValueError(f"{path} has the group {group} twice")
        answer[group] = Totals(int(transactions), _cents(revenue), Decimal(average), _cents(least), _cents(most))
    return answer


def difference(left: Answer, right: Answer) -> str | None:
    """The first difference in words, or None where the answers are equal."""
    if left.keys() != right.keys():
        return f"groups {len(left)} and {len(right)}, first unshared {min(left.keys() ^ right.keys())}"
    for group, ours in left.items():
        theirs = right[group]
        exact = (ours.transactions, ours.revenue, ours.least, ours.most)
        if exact != (theirs.transactions, theirs.revenue, theirs.least, theirs.most) or (
            abs(ours.average - theirs.average) > _AVERAGE_TOLERANCE
        ):
            return f"{group}: {ours} and {theirs}"
    return None
