"""A task in words, for a terminal: when, where it is, why, and what comes next."""

from __future__ import annotations

import shutil
import sys
import textwrap
from pathlib import Path

from exoactor_rt.api import FINAL, StateEvent, TaskDocument, TaskState
from exoactor_rt.client import DEFAULT_SOCKET

_PARTS = " | "
_SECONDS = 19
_MINUTES = 16
_INDENT = 4
_APPROVABLE = frozenset({"plan.npz", "tracking.npz"})
_REPORT = "report.html"
_GET_REPORT = f"exoactor task get {{task}} {_REPORT}{{socket}}"
_AGAIN = "submit it again"
_NEXT = {
    TaskState.READY: (
        "exoactor robot arm, unless it is armed",
        "exoactor task approve {task}{socket}",
    ),
    TaskState.DONE: (),
    TaskState.REFUSED: (
        f"{_AGAIN} in other words or with another clip",
        "or, as an admin: exoactor task approve {task}{socket} --override-admission REASON",
    ),
    TaskState.FAILED: (f"{_AGAIN} once its reason is gone",),
    TaskState.CANCELLED: (f"{_AGAIN} where it is still wanted",),
    TaskState.INTERRUPTED: ("exoactor robot state", _AGAIN),
}
_TOLD_BY_REPORT = (TaskState.DONE, TaskState.REFUSED)
_UNDER_WAY = ("exoactor task watch {task}{socket}",)


def terminal_width() -> int:
    """Columns of the terminal; 0 where lines go somewhere else and are left whole."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else 0


def event_lines(event: StateEvent, width: int) -> list[str]:
    """When and where a task has come, and why, wrapped to `width`."""
    line = f"{_time(event.at, _SECONDS)}  {event.state.value:<11}"
    whole = f"{line} {event.reason}".rstrip()
    if len(whole) <= width or not width:
        return [whole]
    return [line.rstrip(), *(" " * _INDENT + part for part in _wrapped(event.reason, width))]


def listed_lines(task: TaskDocument, width: int) -> list[str]:
    """A task in a line as wide as the terminal, and on a terminal its reason in another."""
    line = f"{task.id}  {_time(task.created_at, _MINUTES)}  {task.state.value:<11}"
    lines = [_cut(f"{line} {task.request.instruction}", width)]
    if width and task.reason and (task.state in FINAL or task.state is TaskState.READY):
        lines.append(_cut(" " * _INDENT + task.reason, width))
    return lines


def shown_lines(task: TaskDocument, socket: Path, width: int) -> list[str]:
    """All there is to tell of a task."""
    entries = [
        ("task", task.id),
        ("state", task.state.value),
        *(("reason", part) for part in _wrapped(task.reason, width and width - 12 + _INDENT)),
        *(("next", step) for step in next_steps(task, socket)),
        ("instruction", task.request.instruction),
        ("by user", str(task.submitted_by)),
        ("submitted", _time(task.created_at, _SECONDS)),
        ("changed", _time(task.updated_at, _SECONDS)),
        *(("artifact", f"{one.name:<15} {one.size} bytes") for one in task.artifacts),
    ]
    lines, before = [], ""
    for label, value in entries:
        lines.append(f"{label if label != before else '':<11} {value}")
        before = label
    return lines


def next_steps(task: TaskDocument, socket: Path) -> list[str]:
    """What whoever asked for the task can do now; `socket` of the service."""
    made = {artifact.name for artifact in task.artifacts}
    steps = _NEXT.get(task.state, _UNDER_WAY)
    if task.state is TaskState.READY and not _APPROVABLE & made:
        steps = (_AGAIN,)
    if task.state is TaskState.REFUSED and _REPORT not in made:  # it did not come to a plan
        steps = _NEXT[TaskState.FAILED]
    elif task.state in _TOLD_BY_REPORT and _REPORT in made:
        steps = (_GET_REPORT, *steps)
    option = "" if socket == DEFAULT_SOCKET else f" --socket {socket}"
    return [step.format(task=task.id, socket=option) for step in steps]


def _wrapped(reason: str, width: int) -> list[str]:
    """The parts of a reason, each from a line of its own, indented by others."""
    parts = reason.split(_PARTS) if reason else []
    if not width:
        return parts
    wrapper = textwrap.TextWrapper(width - _INDENT, break_long_words=False, break_on_hyphens=False)
    return [line for part in parts for line in wrapper.wrap(part)]


def _time(at: str, digits: int) -> str:
    """RFC 3339 in UTC, shortened."""
    return at[:digits] + "Z"


def _cut(line: str, width: int) -> str:
    return line if not width or len(line) <= width else f"{line[: width - 3]}..."
