"""What a run of datagen makes: its parameters, and the files that follow from them."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import Enum

from quell.errors import CommandError

ROW_GROUP_ROWS = 1_000_000
# About 21.5 bytes a row with snappy: about 128 MiB a file.
ROW_GROUPS_PER_FILE = 6
# A dirty feed has at least so many files, so that its truncated and its drifted file stand beside sound ones.
DIRTY_FILES = 4
PARAMETERS_NAME = "_datagen.json"
FORMAT_VERSION = 1


class FileKind(Enum):
    """What is wrong with a file."""

    CLEAN = "clean"
    DIRTY = "dirty"
    TRUNCATED = "truncated"
    OTHER_SCHEMA = "other schema"


@dataclass(frozen=True)
class FileSpec:
    """One file: its name, and its rows [first_row, end_row) of the table."""

    name: str
    first_row: int
    end_row: int
    kind: FileKind

    @property
    def rows(self) -> int:
        """How many rows it holds."""
        return self.end_row - self.first_row


@dataclass(frozen=True)
class Parameters:
    """All that decides the content of the files. Whoever has equal parameters makes equal files."""

    rows: int
    seed: int
    start: datetime
    end: datetime
    compression: str
    dirty: bool
    rows_per_file: int

    def to_json(self) -> str:
        """As the text of the parameters file, the same for equal parameters."""
        values = asdict(self)
        values["start"] = self.start.astimezone(UTC).isoformat()
        values["end"] = self.end.astimezone(UTC).isoformat()
        values["row_group_rows"] = ROW_GROUP_ROWS
        return json.dumps({"table": "transactions", "format": FORMAT_VERSION, **values}, indent=2) + "\n"

    def files(self) -> list[FileSpec]:
        """The files in the order of their rows."""
        bounds = [*range(0, self.rows, self.rows_per_file), self.rows]
        kinds = [FileKind.DIRTY if self.dirty else FileKind.CLEAN] * (len(bounds) - 1)
        if self.dirty:
            if len(kinds) < DIRTY_FILES:
                raise CommandError(f"too few rows for a dirty feed: {self.rows}; ask for at least {DIRTY_FILES}")
            kinds[1] = FileKind.TRUNCATED
            kinds[2] = FileKind.OTHER_SCHEMA
        return [
            FileSpec(f"part-{index:05d}.parquet", bounds[index], bounds[index + 1], kind)
            for index, kind in enumerate(kinds)
        ]


def default_rows_per_file(rows: int, dirty: bool) -> int:
    """Whole row groups up to about 128 MiB; fewer where a dirty feed would not get its files."""
    usual = ROW_GROUP_ROWS * ROW_GROUPS_PER_FILE
    return max(1, min(usual, rows // DIRTY_FILES)) if dirty else usual


def difference(ours: str, theirs: str) -> str:
    """Says in words in which parameters two parameter files differ."""
    left: dict[str, object] = json.loads(ours)
    right: dict[str, object] = json.loads(theirs)
    keys = [key for key in {**left, **right} if left.get(key) != right.get(key)]
    return ", ".join(f"{key} {right.get(key)} there, {left.get(key)} here" for key in keys)
