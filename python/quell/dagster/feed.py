"""What a sensor has seen of a feed: every object by name and version, whatever their number.

Names alone would miss an object that was written again. The greatest name would miss one that comes late with a smaller
name, the latest time of change one whose upload took long: S3 counts from its beginning. So a listing is compared with
all (name, etag) that were seen.

Dagster keeps a sensor's cursor in the row of each tick, so that the cursor must stay small. It holds the number of the
last batch and a digest of what was seen until then; the digests of the objects, 8 bytes each, are in Dagster's
key-value table. Two places take turns: when a tick is lost before Dagster has kept its cursor, the next one still
finds the state of the cursor before.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from quell.validate.store import StoredFile

_DIGEST_BYTES = 8
_PLACES = 2


class KeyValueTable(Protocol):
    """What Dagster's `instance.daemon_cursor_storage` has."""

    def get_cursor_values(self, keys: set[str]) -> Mapping[str, str]: ...

    def set_cursor_values(self, pairs: Mapping[str, str]) -> None: ...


@dataclass(frozen=True)
class Batch:
    """Objects that are new or changed since the batch before, and the cursor that has seen them."""

    number: int
    files: list[StoredFile]
    cursor: str

    @property
    def run_key(self) -> str:
        """The same for a tick that is done again, another one for all other batches."""
        return self.cursor


@dataclass(frozen=True)
class _State:
    batch: int
    seen: frozenset[bytes]

    @property
    def digest(self) -> str:
        return hashlib.sha256(self._joined()).hexdigest()[:32]

    @property
    def cursor(self) -> str:
        return f"{self.batch}:{self.digest}"

    def _joined(self) -> bytes:
        return b"".join(sorted(self.seen))

    def dump(self) -> str:
        return json.dumps({"batch": self.batch, "seen": base64.b64encode(self._joined()).decode()})

    @staticmethod
    def parse(text: str) -> "_State":
        value = json.loads(text)
        joined = base64.b64decode(value["seen"])
        digests = (joined[at : at + _DIGEST_BYTES] for at in range(0, len(joined), _DIGEST_BYTES))
        return _State(value["batch"], frozenset(digests))


def _digest_of(file: StoredFile) -> bytes:
    return hashlib.blake2b(f"{file.name}\0{file.etag}".encode(), digest_size=_DIGEST_BYTES).digest()


class SeenObjects:
    """The state of one sensor in Dagster's key-value table, under keys that begin with `name`."""

    def __init__(self, table: KeyValueTable, name: str) -> None:
        self._table = table
        self._keys = [f"{name}/{place}" for place in range(_PLACES)]

    def next_batch(self, cursor: str | None, files: Iterable[StoredFile]) -> Batch | None:
        """The objects of `files` that the cursor has not seen; None if there are none.

        Objects that are gone are forgotten with the next batch. A cursor whose state is not there any more, since it
        was reset or set by hand, has seen nothing.
        """
        states = self._states()
        known = next((state for state in states if state.cursor == cursor), None)
        listed = {_digest_of(file): file for file in files}
        new = [file for digest, file in listed.items() if known is None or digest not in known.seen]
        if not new:
            return None
        # A number that was never used: a run for the same objects as before is another run after a reset.
        number = known.batch if known else max((state.batch for state in states), default=0)
        state = _State(number + 1, frozenset(listed))
        self._table.set_cursor_values({self._keys[state.batch % _PLACES]: state.dump()})
        return Batch(state.batch, new, state.cursor)

    def _states(self) -> list[_State]:
        values = self._table.get_cursor_values(set(self._keys))
        return [_State.parse(text) for text in values.values() if text]
