"""The outcome of the checks as one HTML page: verdict, timeline to scrub, pictures, plots."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from importlib.resources import files

import numpy as np

from exoactor_rt.replay.check_record import amount, reasons, status_of
from exoactor_rt.replay.check_run import CheckResult
from exoactor_rt.replay.checks import Check, Finding
from exoactor_rt.report import html
from exoactor_rt.report.check_pictures import CheckPictures
from exoactor_rt.report.line_plot import LEFT, RIGHT, Axes, Series, line_plot

_LANE_PX, _LANE_LEFT_PX, _WIDTH_PX = 18, 110, 680
_PLOT_WIDTH_PX = 460
_MARKS = {"passed": "ok", "failed": "FAILED", "skipped": "-"}
_MOST_EVENTS = 40
_LEAST_CURVE_SAMPLES = 3


def check_page(
    result: CheckResult,
    pictures: CheckPictures,
    events: Sequence[tuple[float, str, str]] = (),
) -> str:
    """The page's text; needs nothing beside it.

    Args:
        result: what the checks found.
        pictures: the robot over time and at the worst moments; may be empty.
        events: (time from the first sample in s, severity, text) of a log.
    """
    resources = files("exoactor_rt.report")
    style, page_style, script = (
        (resources / name).read_text(encoding="utf-8")
        for name in ("report.css", "check_page.css", "check_page.js")
    )
    title = f"{escape(result.subject.name)}: safety check"
    parts = [
        _verdict(result),
        _timeline(result, pictures, events),
        html.section(
            "Tightest moments" if result.passed else "Worst moments",
            html.pictures(pictures.worst, "tiles"),
        ),
        html.section("Checks", _table(result)),
        html.section("Over time", _plots(result)),
        html.section("Events", _events(events)),
        html.section("About", _facts(result)),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<style>{style}{page_style}</style></head><body><h1>{title}</h1>"
        f'<p class="sub">exoactor replay --check: {escape(_about(result))}</p>'
        f"{''.join(parts)}<script>{script}</script></body></html>\n"
    )


def _about(result: CheckResult) -> str:
    subject = result.subject
    duration_s = float(subject.times_s[-1] - subject.times_s[0])
    return f"a {subject.kind.value}, {duration_s:.2f} s, {len(subject.times_s)} samples"


def _verdict(result: CheckResult) -> str:
    word, style = ("PASS", "pass") if result.passed else ("FAIL", "fail")
    judged = [found for _, found in result.findings if not found.skipped]
    counted = f"{len(judged)} checks judged, {len(result.findings) - len(judged)} skipped"
    return (
        f'<section class="verdict {style}"><strong>{word}</strong> {counted}'
        f"{html.bullet_list(reasons(result))}</section>"
    )


def _timeline(
    result: CheckResult, pictures: CheckPictures, events: Sequence[tuple[float, str, str]]
) -> str:
    times = result.subject.times_s
    span = (float(times[0]), float(max(times[-1], times[0] + 1e-3)))
    frames = [
        {"t": round(time_s, 3), "src": html.data_url(image)} for time_s, image in pictures.over_time
    ]
    picture = '<img id="frame" alt="the robot at the time of the slider">' if frames else ""
    note = html.paragraph(f"No pictures: {pictures.missing}.") if pictures.missing else ""
    data = json.dumps({"span": span, "frames": frames})
    return html.section(
        "Timeline",
        f'<div class="scrub">{picture}<div class="lanes">{_lanes(result, events, span)}'
        f'<input id="time" type="range" min="0" max="1000" value="0" aria-label="time" '
        f'style="margin-left:{100 * _LANE_LEFT_PX / _WIDTH_PX:.2f}%">'
        f'<output id="now"></output></div></div>{note}'
        f'<script type="application/json" id="scrub-data">{data}</script>',
    )


def _lanes(
    result: CheckResult, events: Sequence[tuple[float, str, str]], span: tuple[float, float]
) -> str:
    """A strip for each failed check, red where beyond its limit, and one for the events."""
    scale = (_WIDTH_PX - _LANE_LEFT_PX) / (span[1] - span[0])

    def x(time_s: float) -> float:
        return _LANE_LEFT_PX + (min(max(time_s, span[0]), span[1]) - span[0]) * scale

    lanes: list[tuple[str, list[str]]] = []
    for check, found in result.violations:
        bars = [
            f'<rect class="over" x="{x(begin):.1f}" width="{max(2.0, x(end) - x(begin)):.1f}" '
            f'y="{{y}}" height="{_LANE_PX - 5}"><title>{begin:.2f} to {end:.2f} s</title></rect>'
            for begin, end in found.over
        ]
        lanes.append((check.name.replace("_", " "), bars))
    marks = [
        f'<circle class="event {severity}" cx="{x(time_s):.1f}" cy="{{middle}}" r="4">'
        f"<title>{time_s:.2f} s: {escape(text)}</title></circle>"
        for time_s, severity, text in events[:_MOST_EVENTS]
    ]
    if events or not lanes:
        lanes.append(("events" if events else "no violation", marks))
    height = _LANE_PX * len(lanes) + 18
    parts = []
    for row, (name, shapes) in enumerate(lanes):
        y = row * _LANE_PX
        parts.append(
            f'<rect class="lane" x="{_LANE_LEFT_PX}" y="{y}" width="{_WIDTH_PX - _LANE_LEFT_PX}" '
            f'height="{_LANE_PX - 5}"/><text class="end" x="{_LANE_LEFT_PX - 8}" y="{y + 11}">'
            f"{escape(name)}</text>"
        )
        for shape in shapes:
            text = shape.replace("{y}", str(y))
            parts.append(text.replace("{middle}", f"{y + (_LANE_PX - 5) / 2}"))
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        time_s = span[0] + share * (span[1] - span[0])
        style = "start" if share == 0 else "end" if share == 1 else ""
        parts.append(
            f'<text class="{style}" x="{x(time_s):.1f}" y="{height - 4}">{time_s:.1f} s</text>'
        )
    return (
        f'<svg id="lanes" viewBox="0 0 {_WIDTH_PX} {height}" data-left="{_LANE_LEFT_PX}" '
        f'data-right="{_WIDTH_PX}" data-bottom="{height - 16}">{"".join(parts)}</svg>'
    )


def _table(result: CheckResult) -> str:
    headings = ("", "check", "worst", "limit", "margin", "at s", "where", "over s")
    failed = {check.name for check, _ in result.violations}
    ordered = sorted(
        result.findings, key=lambda item: (item[0].name not in failed, bool(item[1].skipped))
    )
    rows = "".join(_row(check, found) for check, found in ordered)
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    return f'<table class="checks"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _row(check: Check, found: Finding) -> str:
    status = status_of(found)
    title = f'<td title="limit: {escape(check.cause)}">{escape(check.title)}</td>'
    if found.skipped:
        return (
            f'<tr class="{status}"><td>{_MARKS[status]}</td>{title}'
            f"<td colspan=6>not judged: {escape(found.skipped)}</td></tr>"
        )
    cells = "".join(
        f"<td class=n>{escape(amount(value, check.unit))}</td>"
        for value in (found.worst, found.limit, found.margin)
    )
    over = f"{found.over_s:.2f}" if found.over_s else ""
    if found.missing:
        return (
            f'<tr class="{status}"><td>{_MARKS[status]}</td>{title}'
            f"<td colspan=6>cannot be judged: {escape(found.missing)}</td></tr>"
        )
    return (
        f'<tr class="{status}" data-time="{found.time_s:.3f}"><td>{_MARKS[status]}</td>{title}'
        f"{cells}<td class=n>{found.time_s:.2f}</td>"
        f"<td>{escape(found.where.removesuffix('_joint').replace('_', ' '))}</td>"
        f"<td class=n>{over}</td></tr>"
    )


def _plots(result: CheckResult) -> str:
    figures = []
    failed = {check.name for check, _ in result.violations}
    for check, found in sorted(result.findings, key=lambda item: item[0].name not in failed):
        curve = found.curve
        if found.skipped or curve is None or len(curve.times_s) < _LEAST_CURVE_SAMPLES:
            continue
        if found.passed and not np.ptp(curve.value[np.isfinite(curve.value)]):
            continue
        where = f", {found.where.removesuffix('_joint')}" if found.where else ""
        axes = Axes(
            f"{check.title}{where}", "s", check.unit or "count", curve.limits, _PLOT_WIDTH_PX
        )
        colour = LEFT if not found.passed else RIGHT
        plot = line_plot([Series("", curve.times_s, curve.value, colour)], axes, found.over)
        begin, end = float(curve.times_s[0]), float(curve.times_s[-1])
        figures.append(
            f'<figure class="plot" data-begin="{begin:.3f}" data-end="{end:.3f}">{plot}</figure>'
        )
    return f'<div class="plots">{"".join(figures)}</div>' if figures else ""


def _events(events: Sequence[tuple[float, str, str]]) -> str:
    if not events:
        return ""
    rows = [(f"{time_s:.3f}", severity, text) for time_s, severity, text in events[:_MOST_EVENTS]]
    more = len(events) - _MOST_EVENTS
    note = html.paragraph(f"and {more} more") if more > 0 else ""
    return html.table(("s", "severity", "event"), rows, numeric_from=3) + note


def _facts(result: CheckResult) -> str:
    rows = sorted(result.subject.facts.items())
    damages = html.bullet_list(result.subject.damages)
    limits = [(check.title, describe_limit(check)) for check, _ in result.findings if check.cause]
    return (
        (f"<h3>Damage</h3>{damages}" if damages else "")
        + (html.table(("name", "value"), rows, numeric_from=2) if rows else "")
        + html.folded("Why the limits are what they are", html.table(("check", "limit"), limits))
    )


def describe_limit(check: Check) -> str:
    """Where a check's limit comes from, and what it does not count."""
    debounce = f"; shorter than {check.debounce_s * 1e3:.0f} ms does not count"
    return check.cause + (debounce if check.debounce_s else "")
