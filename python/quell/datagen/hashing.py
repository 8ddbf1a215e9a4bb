"""Counter-based randomness: a pure function of (seed, stream, row number).

No state runs from row to row, so that any worker makes any rows in any order, with the same result. The function is
splitmix64 (Steele, Lea and Flood, 2014): a Weyl sequence of the row number, finished by a 64-bit mixer.
"""

import numpy as np
from numpy.typing import NDArray

U64 = NDArray[np.uint64]

_MASK = (1 << 64) - 1
_GAMMA = 0x9E3779B97F4A7C15
_MULTIPLIERS = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)


def mix_int(value: int) -> int:
    """Splitmix64's finisher for one number."""
    value = ((value ^ (value >> 30)) * _MULTIPLIERS[0]) & _MASK
    value = ((value ^ (value >> 27)) * _MULTIPLIERS[1]) & _MASK
    return value ^ (value >> 31)


def mix(values: U64) -> U64:
    """Splitmix64's finisher, in place."""
    scratch = values >> np.uint64(30)
    values ^= scratch
    values *= np.uint64(_MULTIPLIERS[0])
    np.right_shift(values, np.uint64(27), out=scratch)
    values ^= scratch
    values *= np.uint64(_MULTIPLIERS[1])
    np.right_shift(values, np.uint64(31), out=scratch)
    values ^= scratch
    return values


class Stream:
    """An independent stream of random words, one for each row number."""

    def __init__(self, seed: int, name: str) -> None:
        key = mix_int((seed + _GAMMA) & _MASK)
        for byte in name.encode():
            key = mix_int(((key ^ byte) + _GAMMA) & _MASK)
        self._key = key

    def words(self, rows: U64) -> U64:
        """One random 64-bit word for each row number."""
        values = rows * np.uint64(_GAMMA)
        values += np.uint64(self._key)
        return mix(values)


def fractions(words: U64) -> NDArray[np.float64]:
    """Maps words to [0, 1), by their upper 53 bits."""
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


def lane(words: U64, number: int) -> NDArray[np.uint16]:
    """The `number`-th (0 to 3) of the four independent 16-bit numbers that a word holds."""
    return (words >> np.uint64(16 * number)).astype(np.uint16)
