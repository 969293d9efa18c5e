"""What `exoactor task` tells of a task: the reason and the next step, in 80 columns and whole."""

from pathlib import Path

import pytest

from exoactor_rt.api import Artifact, StateEvent, TaskDocument, TaskRequest, TaskState
from exoactor_rt.cli.task_words import event_lines, listed_lines, next_steps, shown_lines
from exoactor_rt.client import DEFAULT_SOCKET

AT = "2026-11-30T14:51:16.481+00:00"
REASON = (
    "clip.mp4: nominal: nominal: the robot fell: pelvis 0.39 m < 0.4 m at 4.48 s; steps 3 of 4 | "
    "clip-2.mp4: tight: self_collision got -0.0123 m, allowed -0.005 m at 3.2 s (left hand)"
)


def task(state, reason="", artifacts=("plan.npz", "report.html")):
    return TaskDocument(
        id="t1a22cf05089e3c21834",
        state=state,
        request=TaskRequest(instruction="walk to the table, pick up the cup and put it back"),
        submitted_by=1000,
        created_at=AT,
        updated_at=AT,
        reason=reason,
        artifacts=tuple(Artifact(name=name, media_type="x/y", size=7) for name in artifacts),
    )


@pytest.mark.parametrize("width", [80, 40])
def test_every_line_fits_and_every_word_of_a_reason_is_there(width):
    event = StateEvent(number=4, at=AT, state=TaskState.REFUSED, reason=REASON)
    lines = event_lines(event, width)
    assert lines[0] == "2026-11-30T14:51:16Z  refused"
    assert max(map(len, lines)) <= width
    assert " ".join(lines[1:]).split() == REASON.replace(" | ", " ").split()
    shown = shown_lines(task(TaskState.REFUSED, REASON), DEFAULT_SOCKET, width)
    reason = shown[2 : [line.startswith("next") for line in shown].index(True)]
    assert max(map(len, reason)) <= width
    assert " ".join(reason).split()[1:] == REASON.replace(" | ", " ").split()


def test_a_short_reason_stays_in_its_line_and_without_a_terminal_every_one_does():
    event = StateEvent(number=4, at=AT, state=TaskState.CANCELLED, reason="by user 1000")
    assert event_lines(event, 80) == ["2026-11-30T14:51:16Z  cancelled   by user 1000"]
    event = StateEvent(number=4, at=AT, state=TaskState.REFUSED, reason=REASON)
    assert event_lines(event, 0) == [f"2026-11-30T14:51:16Z  refused     {REASON}"]


def test_a_list_is_a_line_a_task_and_on_a_terminal_tells_why_one_rests():
    line = "t1a22cf05089e3c21834  2026-11-30T14:51Z  refused     walk to the table, pick ..."
    refused = listed_lines(task(TaskState.REFUSED, REASON), 80)
    assert refused[0] == line and len(refused[1]) == 80
    assert refused[1].startswith("    clip.mp4: nominal: nominal: the robot fell")
    assert len(listed_lines(task(TaskState.EXECUTING, "by user 0"), 80)) == 1
    (whole,) = listed_lines(task(TaskState.REFUSED, REASON), 0)
    assert whole.endswith("pick up the cup and put it back")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (TaskState.QUEUED, "exoactor task watch t1a22cf05089e3c21834"),
        (TaskState.EXECUTING, "exoactor task watch t1a22cf05089e3c21834"),
        (TaskState.READY, "exoactor task approve t1a22cf05089e3c21834"),
        (TaskState.DONE, "exoactor task get t1a22cf05089e3c21834 report.html"),
        (TaskState.REFUSED, "--override-admission"),
        (TaskState.FAILED, "submit it again"),
        (TaskState.CANCELLED, "submit it again"),
        (TaskState.INTERRUPTED, "exoactor robot state"),
    ],
)
def test_every_state_has_a_next_step(state, told):
    assert told in "\n".join(next_steps(task(state), DEFAULT_SOCKET))


def test_a_next_step_names_the_socket_and_nothing_that_is_not_there():
    other = Path("/tmp/service.sock")
    assert next_steps(task(TaskState.READY), other)[-1].endswith(" --socket /tmp/service.sock")
    assert next_steps(task(TaskState.READY, artifacts=()), other) == ["submit it again"]
    assert next_steps(task(TaskState.DONE, artifacts=()), other) == []
    assert "get" in next_steps(task(TaskState.REFUSED), other)[0]
    (step,) = next_steps(task(TaskState.REFUSED, artifacts=()), other)
    assert step == "submit it again once its reason is gone"
