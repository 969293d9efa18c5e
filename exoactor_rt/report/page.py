"""The report as one HTML file that needs nothing beside it, and its data as JSON."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from pathlib import Path

from exoactor_rt.errors import LogError
from exoactor_rt.report import sections
from exoactor_rt.report.record import to_json
from exoactor_rt.report.summary import RunSummary


def report_html(run: RunSummary) -> str:
    """The page's text."""
    style = (files("exoactor_rt.report") / "report.css").read_text(encoding="utf-8")
    parts = [
        sections.verdict_section(run),
        sections.pictures_section(run),
        sections.input_section(run),
    ]
    if run.plan is not None:
        parts.append(sections.plan_section(run.plan, run.execution))
    if run.execution is not None and len(run.execution.times_s):
        parts.append(sections.execution_section(run, run.execution))
        parts.append(sections.margins_section(run, run.execution))
    parts += [sections.stages_section(run), sections.environment_section(run)]
    title = escape(run.title)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{style}</style></head>'
        f"<body><h1>{title}</h1>"
        '<p class="sub">exoactor_rt: from a video of a person to a motion of the G1</p>'
        f"{''.join(parts)}</body></html>\n"
    )


def write_report(path: Path, run: RunSummary) -> Path:
    """Writes the page to `path` and its data beside it, with the suffix `.json`.

    Each file appears when it is complete.

    Returns:
        The JSON file's path.

    Raises:
        LogError: a file cannot be written.
    """
    json_path = path.with_suffix(".json")
    for target, text in ((path, report_html(run)), (json_path, to_json(run))):
        part = target.with_name(target.name + ".part")
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(target)
        except OSError as error:
            part.unlink(missing_ok=True)
            raise LogError(f"report {target}: {error.strerror}; not written") from error
    return json_path
