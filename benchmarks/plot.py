"""The picture of a race: bars that say how many times as fast as httpx-sse each library is, drawn as SVG."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from html import escape

from benchmarks.rows import FLOORS, Row

BASE = "httpx-sse"
STREAMS = {
    "chat, one per chunk": "Chat tokens, one event per chunk",
    "chat, 4 KiB reads": "Chat tokens, 4 KiB reads",
    "event + data, one per chunk": "event and data, one event per chunk",
    "id + event + data, one per chunk": "id, event and data, one event per chunk",
    "1 KiB, 4 KiB reads": "Events of 1 KiB, 4 KiB reads",
    "tiny, one per chunk": "Tiny events, one per chunk",
}

_TITLE = "Bytes to Server-Sent Events: times as fast as httpx-sse"
_COLUMNS = 2
_WIDTH = 960
_MARGIN = 24
_GAP = 32  # between the columns
_HEAD = 64  # above the first panels
_PANEL_HEAD = 26
_PANEL_GAP = 24
_BAR = 13
_PITCH = 18  # from one bar to the next
_NAMES = 168  # the width of the names, left of the bars
_FIGURES = 42  # the width of the figures, right of the bars
_FOOT_LINE = 15
_FOOT_CHARS = 150

_INK = "#1f2328"
_PALE_INK = "#59636e"
_LINE = "#d1d9e0"
_OURS = "#0969da"
_PEER = "#9aa4af"
_SUBTITLE = "Longer is faster. The dashed line is httpx-sse. Of each library the fastest run counts."
_STYLE = (
    "text{font-family:-apple-system,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif;font-size:12px;"
    f"fill:{_INK}}}.title{{font-size:18px;font-weight:600}}.head{{font-size:13px;font-weight:600}}"
    f".ours{{font-weight:600}}.pale{{fill:{_PALE_INK}}}.foot{{font-size:11px;fill:{_PALE_INK}}}.end{{text-anchor:end}}"
)


def plot(rows: list[Row], setting: str) -> str:
    """The picture, with a panel for each stream of `STREAMS` among `rows`, all to one scale.

    Args:
        rows: What the race gave.
        setting: The machine and the versions.

    Raises:
        ValueError: No such stream was raced, or httpx-sse is missing.
    """
    by_stream = {row.stream: row for row in rows if BASE in row.best_ns}
    shown = [by_stream[stream] for stream in STREAMS if stream in by_stream]
    if not shown:
        raise ValueError(f"nothing to plot: it takes {BASE}, and one of: {'; '.join(STREAMS)}")
    per_times = _bars_width() / max(times for row in shown for times in _times(row).values())

    panels: list[str] = []
    top = _HEAD
    for start in range(0, len(shown), _COLUMNS):
        line = shown[start : start + _COLUMNS]
        for column, row in enumerate(line):
            panels += _panel(row, _MARGIN + column * (_column_width() + _GAP), top, per_times)
        top += _PANEL_HEAD + _PITCH * max(len(row.wrong) + len(_times(row)) for row in line) + _PANEL_GAP
    foot = textwrap.wrap(setting, _FOOT_CHARS, break_on_hyphens=False)
    height = top + _FOOT_LINE * len(foot) + _MARGIN // 2
    names = 'role="img" aria-labelledby="title desc"'
    sides = f'width="{_WIDTH}" height="{height}"'

    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" {sides} {names}>',
            f'<title id="title">{escape(_TITLE)}</title>',
            f'<desc id="desc">{escape(_description(shown))}</desc>',
            f"<style>{_STYLE}</style>",
            f'<rect {sides} rx="6" fill="#ffffff"/>',
            _text(_MARGIN, 32, _TITLE, "title"),
            _text(_MARGIN, 50, _SUBTITLE, "pale"),
            *panels,
            *(_text(_MARGIN, top + _FOOT_LINE * number, line, "foot") for number, line in enumerate(foot)),
            "</svg>\n",
        ]
    )


def _panel(row: Row, left: int, top: int, per_times: float) -> Iterator[str]:
    """The bars of one stream, the fastest first."""
    times = _times(row)
    start = left + _NAMES
    bars_top = top + _PANEL_HEAD
    bottom = bars_top + _PITCH * (len(times) + len(row.wrong)) - (_PITCH - _BAR)
    yield _text(left, top + 13, STREAMS[row.stream], "head")
    yield f'<path d="M{start} {bars_top - 4}V{bottom + 4}" stroke="{_LINE}"/>'
    base = round(start + per_times)
    yield f'<path d="M{base} {bars_top - 4}V{bottom + 4}" stroke="{_PALE_INK}" stroke-dasharray="3 3"/>'
    for number, (name, value) in enumerate(times.items()):
        y = bars_top + _PITCH * number
        end = round(start + value * per_times)
        ours = _is_ours(name)
        kind = "ours" if ours else ""
        yield _text(start - 8, y + 11, name, f"end {kind}".strip())
        yield f'<rect x="{start}" y="{y}" width="{end - start}" height="{_BAR}" fill="{_OURS if ours else _PEER}"/>'
        # Beside the dashed line, not on it.
        beside = base if base - _FIGURES < end < base else end
        yield _text(beside + 6, y + 11, f"{value:.2f}", kind)
    for number, name in enumerate(row.wrong, len(times)):
        y = bars_top + _PITCH * number
        yield _text(start - 8, y + 11, name, "end pale")
        yield _text(base + 6, y + 11, "wrong events", "pale")


def _times(row: Row) -> dict[str, float]:
    """How many times as fast as `BASE` each library is, the fastest first."""
    raced = sorted((ns, name) for name, ns in row.best_ns.items() if name not in FLOORS)
    return {name: row.best_ns[BASE] / ns for ns, name in raced}


def _description(shown: list[Row]) -> str:
    """A description of the picture, for people who cannot see it."""
    panels = []
    for row in shown:
        figures = [f"{name} {times:.2f}" for name, times in _times(row).items()]
        figures += [f"{name} returns wrong events" for name in row.wrong]
        panels.append(f"{STREAMS[row.stream]}: {', '.join(figures)}.")
    return " ".join(panels)


def _text(x: int, y: int, words: str, kind: str) -> str:
    named = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{named}>{escape(words)}</text>'


def _is_ours(name: str) -> bool:
    return name.startswith("sse_events")


def _column_width() -> int:
    return (_WIDTH - 2 * _MARGIN - _GAP * (_COLUMNS - 1)) // _COLUMNS


def _bars_width() -> int:
    return _column_width() - _NAMES - _FIGURES
