"""Draws the README's picture from the JSON of ./dev bench main-job: `bench/plot.py RESULT.json PICTURE.svg`."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

WIDTH = 880
MARGIN = 24
TITLE_HEIGHT = 64
PANEL_TITLE_HEIGHT = 30
ROW_HEIGHT = 24
BAR_HEIGHT = 16
NAME_WIDTH = 128
VALUE_WIDTH = 150
FOOT_HEIGHT = 34

COLORS = {"Quell": "#c2410c", "Quell on S3": "#ea9a6c", "floor": "#94a3b8"}
PEER_COLOR = "#4b6a9b"
INK = "#1f2937"
PALE_INK = "#6b7280"


@dataclass(frozen=True)
class Entry:
    """A contestant and its medians."""

    name: str
    label: str
    medians: dict[str, float]


@dataclass(frozen=True)
class Panel:
    """One measured quantity."""

    key: str
    title: str
    show: Callable[[float], str]


PANELS = (
    Panel("cpu_s", "CPU time of the whole process, seconds", lambda value: f"{value:.1f} s"),
    Panel("wall_s", "Wall time of the whole process, seconds", lambda value: f"{value:.1f} s"),
    Panel("peak_mib", "Peak resident memory, MiB", lambda value: f"{value:,.0f} MiB"),
)


def _text(
    x: float, y: float, content: str, size: int, *, color: str = INK, anchor: str = "start", bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" text-anchor="{anchor}"{weight}>'
        f"{escape(content)}</text>"
    )


def _panel(panel: Panel, entries: Sequence[Entry], top: float) -> list[str]:
    parts = [_text(MARGIN, top + 18, panel.title, 14, bold=True)]
    values = {entry.name: entry.medians[panel.key] for entry in entries}
    room = WIDTH - 2 * MARGIN - NAME_WIDTH - VALUE_WIDTH
    scale = room / max(values.values())
    base = values.get("Quell")
    left = MARGIN + NAME_WIDTH
    for index, entry in enumerate(sorted(entries, key=lambda entry: values[entry.name])):
        value = values[entry.name]
        y = top + PANEL_TITLE_HEIGHT + index * ROW_HEIGHT
        color = COLORS.get(entry.name, PEER_COLOR)
        width = max(1.0, value * scale)
        parts.append(_text(left - 8, y + 13, entry.label, 13, anchor="end", bold=entry.name == "Quell"))
        parts.append(f'<rect x="{left}" y="{y}" width="{width:.1f}" height="{BAR_HEIGHT}" rx="2" fill="{color}"/>')
        times = f" ({value / base:.1f} x)" if base and entry.name != "Quell" else ""
        parts.append(_text(left + width + 8, y + 13, panel.show(value) + times, 13, color=INK))
    return parts


def draw(result: dict[str, object]) -> str:
    """The picture as SVG."""
    contestants = result["contestants"]
    machine = result["machine"]
    assert isinstance(contestants, list)
    assert isinstance(machine, dict)
    entries = [Entry(one["name"], f"{one['name']} {one['version']}".strip(), one["median"]) for one in contestants]
    panel_height = PANEL_TITLE_HEIGHT + len(entries) * ROW_HEIGHT + 14
    height = TITLE_HEIGHT + len(PANELS) * panel_height + FOOT_HEIGHT
    title = f"Weekly revenue over {result['rows']:,} transactions"
    subtitle = (
        f"medians of {result['runs']} interleaved runs, Parquet on local disk, equal answers; "
        f"{machine['processor']}, {machine['cores']} cores"
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" '
        'font-family="system-ui, -apple-system, Segoe UI, Helvetica, Arial, sans-serif" role="img" '
        f'aria-label="{escape(title)}">',
        f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
        _text(MARGIN, 30, title, 18, bold=True),
        _text(MARGIN, 50, subtitle, 12, color=PALE_INK),
    ]
    for index, panel in enumerate(PANELS):
        parts += _panel(panel, entries, TITLE_HEIGHT + index * panel_height)
    foot = "floor: reads and decompresses the pages that the query needs, and decodes nothing"
    parts.append(_text(MARGIN, height - 16, foot, 12, color=PALE_INK))
    return "\n".join([*parts, "</svg>", ""])


def main() -> int:
    """Reads the JSON and writes the picture."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, picture = map(Path, sys.argv[1:])
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(draw(json.loads(source.read_text())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
