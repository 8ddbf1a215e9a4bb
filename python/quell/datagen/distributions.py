"""Distributions as inverse CDFs of random words.

They use only operations that IEEE 754 or integer arithmetic define exactly (no vectorized exp or pow), so that the same
rows come out on every machine.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from quell.datagen.hashing import U64, fractions

_LANE_VALUES = 1 << 16


class WeightedChoice:
    """Picks an index by weight from a 16-bit random number."""

    def __init__(self, weights: Sequence[float]) -> None:
        bounds = np.cumsum(np.asarray(weights, np.float64))
        bounds = np.rint(bounds * (_LANE_VALUES / bounds[-1]))
        self._index = np.searchsorted(bounds, np.arange(_LANE_VALUES), side="right").astype(np.int8)

    def pick(self, lane: NDArray[np.uint16]) -> NDArray[np.int8]:
        """The index, from 0, that each number falls on."""
        return self._index.take(lane)


class Zipf:
    """Ranks 0 to size - 1, the k-th with a probability proportional to (k + 1) ** -(1 - 1 / power).

    The harmonic sum up to k is power * (k + 1/2) ** (1 / power) + zeta, to within 2 % for k = 1 and far closer for the
    rest (Euler-Maclaurin), so that its inverse needs nothing but multiplications. `zeta` is Riemann's zeta function at
    the exponent 1 - 1 / power.
    """

    def __init__(self, size: int, power: int, zeta: float) -> None:
        self._size = size
        self._power = power
        self._zeta = zeta
        self._total = power * (size + 0.5) ** (1.0 / power) + zeta

    def ranks(self, words: U64) -> NDArray[np.int64]:
        """The rank that each word falls on."""
        root = fractions(words)
        root *= self._total
        root -= self._zeta
        root *= 1.0 / self._power
        value = root.copy()
        for _ in range(self._power - 1):
            value *= root
        ranks = (value - 0.5).astype(np.int64)
        return np.minimum(ranks, self._size - 1, out=ranks)


class Scramble:
    """A fixed permutation of the numbers below 2 ** bits, so that popular ranks become scattered identifiers."""

    def __init__(self, bits: int) -> None:
        self._bits = bits

    def apply(self, ranks: NDArray[np.int64]) -> NDArray[np.int64]:
        """Permutes in place."""
        mask = np.int64((1 << self._bits) - 1)
        for multiplier in (0x2545F491, 0x19660D):
            ranks *= np.int64(multiplier)
            ranks += np.int64(multiplier >> 1)
            ranks &= mask
            ranks ^= ranks >> np.int64(self._bits // 2)
        return ranks


class LogNormalCents:
    """Log-normal amounts in cents: quantiles in a table, between them straight lines.

    The most probable 255/256 come from one table; the upper 1/256 has a finer one of its own, which holds the tail.
    """

    _BITS = 14
    _TAIL_START = 255 / 256

    def __init__(self, median_cents: float, sigma: float) -> None:
        self._median_cents = median_cents
        self._sigma = sigma
        points = 1 << self._BITS
        width = 1.0 / points
        self._body = self._quantiles([self._TAIL_START * i * width for i in range(points + 1)])
        tail_width = 1.0 - self._TAIL_START
        self._tail = self._quantiles([self._TAIL_START + tail_width * i * width for i in range(points + 1)])

    def _quantiles(self, probabilities: list[float]) -> NDArray[np.int64]:
        normal = NormalDist()
        lowest = 1e-6
        highest = 1 - 1e-8
        scores = [normal.inv_cdf(min(max(p, lowest), highest)) for p in probabilities]
        return np.array([max(1, round(self._median_cents * math.exp(self._sigma * z))) for z in scores], np.int64)

    def _interpolate(self, table: NDArray[np.int64], words: U64) -> NDArray[np.int64]:
        """Reads `table` at the upper 30 of the lower 56 bits of each word."""
        position = ((words >> np.uint64(26)) & np.uint64((1 << 30) - 1)).astype(np.int64)
        fraction = position & np.int64(0xFFFF)
        position >>= np.int64(16)
        low = table.take(position)
        position += 1
        step = table.take(position)
        step -= low
        step *= fraction
        step >>= np.int64(16)
        step += low
        return step

    def cents(self, words: U64) -> NDArray[np.int64]:
        """The amount that each word falls on, at least 1."""
        amounts = self._interpolate(self._body, words)
        (tail,) = np.nonzero(words >= np.uint64(255 << 56))
        amounts[tail] = self._interpolate(self._tail, words[tail])
        return amounts
