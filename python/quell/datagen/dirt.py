"""What real feeds have: null keys, negative amounts, duplicate identifiers, events outside the range, broken files."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from quell.datagen.hashing import Stream, lane
from quell.datagen.target import Sink
from quell.datagen.transactions import Columns

NULL_SHARE = 0.001
NEGATIVE_SHARE = 0.002
DUPLICATE_SHARE = 0.001
OUTSIDE_SHARE = 0.0005
KEYS = ("transaction_id", "customer_id", "merchant_id", "category", "country")

_DAY_US = 24 * 3_600_000_000
_DUPLICATE_DISTANCE = 1000
# Below what any file has for a row, so that the cut falls into the data.
_TRUNCATED_BYTES_PER_ROW = 8


def _hits(numbers: NDArray[np.uint16], share: float) -> NDArray[np.bool_]:
    return numbers < np.uint16(round(share * 65536))


class Dirt:
    """Spoils rows; which ones, the seed and the row number decide."""

    def __init__(self, seed: int, start_us: int, end_us: int) -> None:
        self._faults = Stream(seed, "dirt")
        self._keys = (Stream(seed, "null keys"), Stream(seed, "more null keys"))
        self._start_us = start_us
        self._end_us = end_us

    def spoil(self, first_row: int, columns: Columns) -> dict[str, NDArray[np.bool_]]:
        """Changes `columns`, which begin at row `first_row`; returns the rows of each key to set null."""
        rows = len(columns.transaction_id)
        numbers = np.arange(first_row, first_row + rows, dtype=np.uint64)
        words = self._faults.words(numbers)
        negative = _hits(lane(words, 0), NEGATIVE_SHARE)
        columns.amount[negative] *= -1
        duplicate = _hits(lane(words, 1), DUPLICATE_SHARE) & (numbers > 0)
        distance = (lane(words, 3)[duplicate] % _DUPLICATE_DISTANCE).astype(np.int64) + 1
        identifiers = columns.transaction_id
        identifiers[duplicate] = np.maximum(identifiers[duplicate] - distance, 1)
        outside = _hits(lane(words, 2), OUTSIDE_SHARE)
        days = lane(words, 3)[outside].astype(np.int64) % 3000 + 1
        early = days % 2 == 0
        columns.event_time[outside] = np.where(early, self._start_us - days * _DAY_US, self._end_us + days * _DAY_US)
        first, second = (stream.words(numbers) for stream in self._keys)
        lanes = (*(lane(first, number) for number in range(4)), lane(second, 0))
        return {key: _hits(numbers, NULL_SHARE) for key, numbers in zip(KEYS, lanes, strict=True)}


def other_schema(table: pa.Table) -> pa.Table:
    """The same rows as another version of the feed would have them: other types, a column less and one more."""
    table = table.drop_columns(["channel"])
    for name, kind in (("amount", pa.float64()), ("merchant_id", pa.string())):
        index = table.schema.get_field_index(name)
        table = table.set_column(index, name, pc.cast(table.column(name), kind))
    device = pa.array(["terminal"]).dictionary_encode()
    indices = pa.array(np.zeros(table.num_rows, np.int32))
    return table.append_column("device", pa.DictionaryArray.from_arrays(indices, device.dictionary))


class TruncatingSink:
    """Passes on no more than the bytes that it was given room for, as a transfer that broke off."""

    def __init__(self, sink: Sink, rows: int) -> None:
        self._sink = sink
        self._limit = rows * _TRUNCATED_BYTES_PER_ROW
        self._position = 0

    @property
    def closed(self) -> bool:
        return self._sink.closed

    def write(self, data: bytes | memoryview) -> int:
        room = max(0, self._limit - self._position)
        self._position += len(data)
        if room:
            self._sink.write(memoryview(data)[:room])
        return len(data)

    def tell(self) -> int:
        return self._position

    def flush(self) -> None:
        self._sink.flush()

    def close(self) -> None:
        self._sink.close()

    def commit(self) -> int:
        return self._sink.commit()

    def abort(self) -> None:
        self._sink.abort()
