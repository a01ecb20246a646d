"""A dashboard drawn from what Prometheus has seen, so that somebody can look at it.

Grafana itself is not to be had by apt, pip or npm; this draws its panels where it would place them.
"""

import html
import math
from collections.abc import Awaitable, Callable
from typing import Any

COLOURS = ("#3274d9", "#e0752d", "#299c46", "#d44a3a", "#8f3bb8", "#b08b00", "#0a9ba5", "#c15c9e")
UNITS = {"percentunit": (100, "%"), "s": (1, " s"), "ms": (1, " ms"), "bytes": (1 / 2**20, " MiB")}
UNIT, WIDTH, HEIGHT = 58, 24, 36
Seen = list[tuple[str, list[tuple[float, float]]]]


async def page(dashboard: dict[str, Any], seen: Callable[[Any], Awaitable[Seen]]) -> str:
    """The dashboard as a page."""
    drawn, bottom = [], 0
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        bottom = max(bottom, (place["y"] + place["h"]) * HEIGHT)
        box = (
            f"left:{place['x'] * UNIT}px;top:{place['y'] * HEIGHT}px;"
            f"width:{place['w'] * UNIT - 8}px;height:{place['h'] * HEIGHT - 8}px"
        )
        title = html.escape(panel["title"])
        if panel["type"] == "row":
            drawn.append(f'<h2 style="{box}">{title}</h2>')
            continue
        lines = await seen(panel)
        inner = _table(lines) if panel["type"] == "table" else _graph(panel, lines)
        drawn.append(f'<section style="{box}"><h3>{title}</h3>{inner}</section>')
    return f"""<meta charset="utf-8"><style>
        body {{ font: 12px sans-serif; margin: 12px; background: #f4f5f5; color: #222 }}
        main {{ position: relative; width: {UNIT * WIDTH}px; height: {bottom}px }}
        h2, section {{ position: absolute; margin: 0; box-sizing: border-box }}
        h2 {{ font-size: 15px }} h3 {{ font-size: 13px; margin: 0 0 4px }}
        section {{ background: #fff; border: 1px solid #ddd; padding: 6px 10px; overflow: hidden }}
        ul {{ list-style: none; margin: 2px 0; padding: 0; line-height: 15px }}
        li {{ display: inline-block; margin-right: 12px }} b {{ font-size: 15px }}
        td {{ padding: 2px 14px 2px 0 }}</style>
        <h1>{html.escape(dashboard["title"])}</h1><main>{"".join(drawn)}</main>"""


def _table(lines: Seen) -> str:
    rows = (
        f"<tr><td>{html.escape(name)}</td><td>{points[-1][1]:g}</td></tr>" for name, points in lines
    )
    return f"<table>{''.join(rows)}</table>"


def _graph(panel: dict[str, Any], lines: Seen) -> str:
    """Lines over time on a scale from 0, and how each is called with its last value."""
    width, height, left = panel["gridPos"]["w"] * UNIT - 40, 150, 52
    factor, unit = UNITS.get(panel["fieldConfig"]["defaults"]["unit"], (1, ""))
    points = [point for _, each in lines for point in each if math.isfinite(point[1])]
    if not points:
        return "<p>No data</p>"
    first, last = min(at for at, _ in points), max(at for at, _ in points)
    top = max(value for _, value in points) * factor * 1.05 or 1.0
    parts, names = [], []
    for level in (0, 0.5, 1):
        y = height - level * (height - 8)
        parts.append(f'<line x1="{left}" x2="{width}" y1="{y}" y2="{y}" stroke="#e3e3e3"/>')
        parts.append(
            f'<text x="0" y="{y}" fill="#777" font-size="10">{top * level:.3g}{unit}</text>'
        )
    for number, (name, each) in enumerate(lines):
        colour = COLOURS[number % len(COLOURS)]
        path = " ".join(
            f"{left + (at - first) / ((last - first) or 1) * (width - left):.1f},"
            f"{height - value * factor / top * (height - 8):.1f}"
            for at, value in each
            if math.isfinite(value)
        )
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.6"/>'
        )
        value = f"{each[-1][1] * factor:.3g}{unit}"
        names.append(f'<li><b style="color:{colour}">—</b> {html.escape(name)} {value}</li>')
    svg = f'<svg width="{width}" height="{height + 4}">{"".join(parts)}</svg>'
    return f"{svg}<ul>{''.join(names)}</ul>"
