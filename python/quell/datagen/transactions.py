"""The table `transactions`: its schema, and its rows as a function of the seed and the row number."""

from dataclasses import dataclass, fields
from datetime import datetime

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from quell.datagen.calendar import ArrivalTimes
from quell.datagen.distributions import LogNormalCents, Scramble, WeightedChoice, Zipf
from quell.datagen.hashing import Stream, lane

# A category, its weight among the merchants, and its price level in 64ths of the common median.
_TRADES = (
    ("groceries", 16, 38),
    ("restaurants", 12, 26),
    ("fuel", 8, 48),
    ("electronics", 5, 150),
    ("clothing", 8, 55),
    ("pharmacy", 6, 18),
    ("travel", 3, 310),
    ("entertainment", 6, 22),
    ("utilities", 4, 85),
    ("home", 5, 70),
    ("sports", 4, 60),
    ("books", 4, 16),
    ("toys", 3, 24),
    ("beauty", 4, 30),
    ("garden", 2, 40),
    ("pets", 3, 32),
    ("automotive", 3, 120),
    ("jewelry", 1, 420),
    ("education", 1, 200),
    ("insurance", 2, 180),
)
CATEGORIES = tuple(name for name, _, _ in _TRADES)
COUNTRIES = ("US", "DE", "GB", "FR", "ES", "IT", "NL", "PL", "SE", "CH", "CA", "JP")
CURRENCIES = ("USD", "EUR", "GBP", "CHF", "JPY")
CHANNELS = ("card", "online", "mobile", "transfer")
STATUSES = ("completed", "pending", "failed", "refunded")
_COUPON_NAMES = ("WELCOME", "SPRING", "SUMMER", "AUTUMN", "WINTER", "VIP")
COUPONS = tuple(f"{name}{percent:02d}" for name in _COUPON_NAMES for percent in range(1, 51))

_COUNTRY_WEIGHTS = (30, 14, 11, 9, 7, 7, 5, 5, 3, 2, 4, 3)
_HOME_CURRENCY = np.array([0, 1, 2, 1, 1, 1, 1, 1, 1, 3, 0, 4], np.int8)
_CHANNEL_WEIGHTS = (46, 31, 18, 5)
_STATUS_WEIGHTS = (90, 4, 3, 3)
_PRICE_LEVEL = np.array([level for _, _, level in _TRADES], np.int64)

CUSTOMER_BITS = 21
MERCHANT_BITS = 16
MEDIAN_CENTS = 4_000
SIGMA = 0.9
LATE_SHARE = 0.02
LATE_LIMIT_US = 7 * 24 * 3_600_000_000
USUAL_DELAY_US = 30_000_000
COUPON_SHARE = 0.05

INDEX_TYPE = pa.dictionary(pa.int8(), pa.string())
COUPON_TYPE = pa.dictionary(pa.int16(), pa.string())


def schema(nullable: bool) -> pa.Schema:
    """The columns, those other than coupon nullable only if asked for."""
    columns = (
        ("transaction_id", pa.int64()),
        ("event_time", pa.timestamp("us", tz="UTC")),
        ("customer_id", pa.int64()),
        ("merchant_id", pa.int32()),
        ("category", INDEX_TYPE),
        ("amount", pa.decimal64(12, 2)),
        ("currency", INDEX_TYPE),
        ("country", INDEX_TYPE),
        ("channel", INDEX_TYPE),
        ("status", INDEX_TYPE),
    )
    required = [pa.field(name, kind, nullable=nullable) for name, kind in columns]
    return pa.schema([*required, pa.field("coupon", COUPON_TYPE)])


@dataclass(frozen=True)
class Columns:
    """The values of some rows; the strings as indexes into their lists, `coupon` with -1 for null."""

    transaction_id: NDArray[np.int64]
    event_time: NDArray[np.int64]
    customer_id: NDArray[np.int64]
    merchant_id: NDArray[np.int32]
    category: NDArray[np.int8]
    amount: NDArray[np.int64]
    currency: NDArray[np.int8]
    country: NDArray[np.int8]
    channel: NDArray[np.int8]
    status: NDArray[np.int8]
    coupon: NDArray[np.int16]

    @staticmethod
    def allocate(rows: int) -> "Columns":
        """Room for `rows` rows, not yet filled."""
        return Columns(
            transaction_id=np.empty(rows, np.int64),
            event_time=np.empty(rows, np.int64),
            customer_id=np.empty(rows, np.int64),
            merchant_id=np.empty(rows, np.int32),
            category=np.empty(rows, np.int8),
            amount=np.empty(rows, np.int64),
            currency=np.empty(rows, np.int8),
            country=np.empty(rows, np.int8),
            channel=np.empty(rows, np.int8),
            status=np.empty(rows, np.int8),
            coupon=np.empty(rows, np.int16),
        )

    def head(self, rows: int) -> "Columns":
        """The first `rows` rows, in the same memory."""
        return Columns(**{column.name: getattr(self, column.name)[:rows] for column in fields(self)})


class Transactions:
    """Makes any rows of the table of `rows` rows between `start` and `end`."""

    def __init__(self, seed: int, rows: int, start: datetime, end: datetime) -> None:
        self._times = Stream(seed, "event_time")
        self._customers = Stream(seed, "customer_id")
        self._merchants = Stream(seed, "merchant_id")
        self._amounts = Stream(seed, "amount")
        self._choices = Stream(seed, "choices")
        self._coupons = Stream(seed, "coupon")
        self._arrival = ArrivalTimes(start, end, rows)
        self._customer_rank = Zipf(1 << CUSTOMER_BITS, power=4, zeta=-3.4412853869452228)
        self._merchant_rank = Zipf(1 << MERCHANT_BITS, power=10, zeta=-9.4301140194)
        self._customer_scramble = Scramble(CUSTOMER_BITS)
        self._merchant_scramble = Scramble(MERCHANT_BITS)
        self._price = LogNormalCents(MEDIAN_CENTS, SIGMA)
        self._status = WeightedChoice(_STATUS_WEIGHTS)
        self._channel = WeightedChoice(_CHANNEL_WEIGHTS)
        self._foreign = WeightedChoice((97, 3))
        self._late = WeightedChoice((1 - LATE_SHARE, LATE_SHARE))
        self._has_coupon = WeightedChoice((1 - COUPON_SHARE, COUPON_SHARE))
        homes = Stream(seed, "home").words(np.arange(1 << CUSTOMER_BITS, dtype=np.uint64))
        self._home_country = WeightedChoice(_COUNTRY_WEIGHTS).pick(lane(homes, 0))
        trades = Stream(seed, "trade").words(np.arange(1 << MERCHANT_BITS, dtype=np.uint64))
        self._trade = WeightedChoice([weight for _, weight, _ in _TRADES]).pick(lane(trades, 0))

    def fill(self, first_row: int, columns: Columns, begin: int, end: int) -> None:
        """Writes the rows numbered from `first_row` into `columns[begin:end]`."""
        rows = np.arange(first_row, first_row + end - begin, dtype=np.uint64)
        choices = self._choices.words(rows)
        columns.transaction_id[begin:end] = rows.view(np.int64) + 1
        columns.event_time[begin:end] = self._event_times(rows, lane(choices, 0))
        customers = self._customer_scramble.apply(self._customer_rank.ranks(self._customers.words(rows)))
        columns.customer_id[begin:end] = customers + 1
        merchants = self._merchant_scramble.apply(self._merchant_rank.ranks(self._merchants.words(rows)))
        columns.merchant_id[begin:end] = merchants + 1
        category = self._trade.take(merchants)
        columns.category[begin:end] = category
        amounts = self._price.cents(self._amounts.words(rows))
        amounts *= _PRICE_LEVEL.take(category)
        amounts >>= np.int64(6)
        columns.amount[begin:end] = np.maximum(amounts, 1, out=amounts)
        country = self._home_country.take(customers)
        columns.country[begin:end] = country
        abroad = self._foreign.pick(lane(choices, 1)).astype(bool)
        columns.currency[begin:end] = np.where(abroad, np.int8(0), _HOME_CURRENCY.take(country))
        columns.channel[begin:end] = self._channel.pick(lane(choices, 2))
        columns.status[begin:end] = self._status.pick(lane(choices, 3))
        columns.coupon[begin:end] = self._coupon(self._coupons.words(rows))

    def _event_times(self, rows: NDArray[np.uint64], lateness: NDArray[np.uint16]) -> NDArray[np.int64]:
        """The arrival of each row less its delay, which never reaches back before the start."""
        words = self._times.words(rows)
        arrival = self._arrival.micros(rows)
        delay = (words >> np.uint64(32)).view(np.int64)
        delay *= np.int64(USUAL_DELAY_US)
        delay >>= np.int64(32)
        (late,) = np.nonzero(self._late.pick(lateness))
        # 31 random bits times a week in milliseconds stay within 63 bits.
        most_ms = np.minimum(arrival[late], LATE_LIMIT_US) // 1000
        most_ms *= (words[late] >> np.uint64(33)).view(np.int64)
        delay[late] = (most_ms >> np.int64(31)) * np.int64(1000)
        times: NDArray[np.int64] = arrival - delay
        np.maximum(times, 0, out=times)
        times += self._arrival.start_us
        return times

    def _coupon(self, words: NDArray[np.uint64]) -> NDArray[np.int16]:
        index = (lane(words, 1) % np.uint16(len(COUPONS))).astype(np.int16)
        index[self._has_coupon.pick(lane(words, 0)) == 0] = -1
        return index


def _strings(index: NDArray[np.int8] | NDArray[np.int16], values: tuple[str, ...], mask: object) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(index, mask=mask), pa.array(values, pa.string()), safe=False)


def _decimals(cents: NDArray[np.int64]) -> pa.Array:
    return pa.Array.from_buffers(pa.decimal64(12, 2), len(cents), [None, pa.py_buffer(cents)])


def to_table(columns: Columns, nulls: dict[str, NDArray[np.bool_]] | None = None) -> pa.Table:
    """The columns as an Arrow table that shares their memory; `nulls` marks the null rows of a column."""
    masks = nulls or {}
    arrays = [
        pa.array(columns.transaction_id, mask=masks.get("transaction_id")),
        pa.array(columns.event_time, pa.int64()).view(pa.timestamp("us", tz="UTC")),
        pa.array(columns.customer_id, mask=masks.get("customer_id")),
        pa.array(columns.merchant_id, mask=masks.get("merchant_id")),
        _strings(columns.category, CATEGORIES, masks.get("category")),
        _decimals(columns.amount),
        _strings(columns.currency, CURRENCIES, None),
        _strings(columns.country, COUNTRIES, masks.get("country")),
        _strings(columns.channel, CHANNELS, None),
        _strings(columns.status, STATUSES, None),
        _strings(columns.coupon, COUPONS, columns.coupon < 0),
    ]
    return pa.Table.from_arrays(arrays, schema=schema(nullable=nulls is not None))
