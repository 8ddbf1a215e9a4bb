"""When transactions arrive: the traffic of a shop over the hours, the days of the week and the year."""

from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from quell.datagen.hashing import U64

HOUR_US = 3_600_000_000

_HOUR_OF_DAY = (3, 2, 1, 1, 1, 2, 4, 7, 9, 10, 11, 12, 13, 12, 11, 11, 12, 14, 16, 17, 16, 13, 9, 5)
_DAY_OF_WEEK = (94, 92, 95, 99, 112, 118, 90)
_MONTH = (92, 90, 95, 96, 98, 99, 97, 96, 99, 103, 117, 128)
_GROWTH_PER_YEAR = 0.18
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


class ArrivalTimes:
    """Spreads rows over [start, end) in order, by the traffic of each hour."""

    def __init__(self, start: datetime, end: datetime, rows: int) -> None:
        self.start_us = to_micros(start)
        self.end_us = to_micros(end)
        self._rows = rows
        hours = -(-(self.end_us - self.start_us) // HOUR_US)
        self._edges_us = np.arange(hours + 1, dtype=np.float64) * HOUR_US
        self._edges_us[-1] = self.end_us - self.start_us
        traffic = np.zeros(hours + 1)
        for hour in range(hours):
            moment = start + timedelta(hours=hour)
            growth = 1.0 + _GROWTH_PER_YEAR * hour / (365 * 24)
            shape = _HOUR_OF_DAY[moment.hour] * _DAY_OF_WEEK[moment.weekday()] * _MONTH[moment.month - 1]
            traffic[hour + 1] = shape * growth
        self._cumulative = np.cumsum(traffic)

    def micros(self, rows: U64) -> NDArray[np.int64]:
        """The arrival of each row number, relative to the start; ascending when the row numbers are."""
        position = rows.astype(np.float64)
        position *= self._cumulative[-1] / self._rows
        return np.interp(position, self._cumulative, self._edges_us).astype(np.int64)
