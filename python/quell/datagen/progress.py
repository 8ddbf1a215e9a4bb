"""A line on the terminal that shows how far a long command is. In a pipe it shows nothing."""

import sys
import time

_BAR_CELLS = 30
_REDRAW_SECONDS = 0.1


def _clock(seconds: float) -> str:
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


class Progress:
    """Rows made of rows wanted, with rows per second and the time left, on standard error."""

    def __init__(self, total: int, *, shown: bool | None = None) -> None:
        self._total = total
        self._done = 0
        self._shown = sys.stderr.isatty() if shown is None else shown
        self._started = time.monotonic()
        self._drawn = 0.0

    def add(self, rows: int) -> None:
        """Counts rows, and draws again if enough time went by."""
        self._done += rows
        now = time.monotonic()
        if self._shown and now - self._drawn >= _REDRAW_SECONDS:
            self._drawn = now
            print("\r\x1b[K" + self.line(now - self._started), end="", file=sys.stderr, flush=True)

    def line(self, seconds: float) -> str:
        """The line, `seconds` after the start."""
        share = self._done / self._total if self._total else 1.0
        speed = self._done / seconds if seconds > 0 else 0.0
        left = _clock((self._total - self._done) / speed) if speed > 0 else "?"
        bar = "#" * round(share * _BAR_CELLS)
        return (
            f"{share:4.0%} [{bar:<{_BAR_CELLS}}] {self._done / 1e6:,.1f} of {self._total / 1e6:,.1f} M rows, "
            f"{speed / 1e6:.2f} M rows/s, {left} left"
        )

    def clear(self) -> None:
        """Removes the line."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
