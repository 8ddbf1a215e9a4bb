"""A picture of weekly revenue, small enough to stand in an asset's metadata."""

import base64
from collections.abc import Sequence

_WIDTH, _HEIGHT, _MARGIN = 720, 200, 24


def draw_weeks(weeks: Sequence[tuple[str, float]]) -> str:
    """A bar for each (week, revenue), as the text of an SVG."""
    most = max((revenue for _, revenue in weeks), default=0.0) or 1.0
    step = (_WIDTH - 2 * _MARGIN) / max(len(weeks), 1)
    bars = []
    for number, (week, revenue) in enumerate(weeks):
        height = revenue / most * (_HEIGHT - 2 * _MARGIN)
        left, top = _MARGIN + number * step, _HEIGHT - _MARGIN - height
        bars.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{max(step - 1, 1):.1f}" height="{height:.1f}">'
            f"<title>{week}: {revenue:,.2f}</title></rect>"
        )
    first, last = (weeks[0][0], weeks[-1][0]) if weeks else ("", "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        'font-family="sans-serif" font-size="11">'
        f'<rect width="100%" height="100%" fill="#fff"/><g fill="#2563eb">{"".join(bars)}</g>'
        f'<text x="{_MARGIN}" y="14">revenue a week, at most {most:,.0f}</text>'
        f'<text x="{_MARGIN}" y="{_HEIGHT - 8}">{first}</text>'
        f'<text x="{_WIDTH - _MARGIN}" y="{_HEIGHT - 8}" text-anchor="end">{last}</text></svg>'
    )


def as_markdown(svg: str) -> str:
    """The picture as Markdown, its bytes inside."""
    return f"![weekly revenue](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"
