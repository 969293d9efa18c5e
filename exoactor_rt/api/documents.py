"""The documents of the local interface, as JSON. Times are RFC 3339 in UTC."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from exoactor_rt.api.states import TaskState

_Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
_TEXT = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*"
_PLAIN_TEXT = rf"^{_TEXT}[^\s\x00-\x1f\x7f]{_TEXT}$"


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of all documents."""


class TaskOptions(Document, frozen=True):
    """How a task is done; None leaves it to the configuration.

    Attributes:
        person_height_m: of the person in the clip.
        candidates: how many clips are generated; the best that is admitted is taken.
        seed: of the first candidate.
        controller: who drives: the whole-body controller, a learned tracker, or "auto": a tracker
            where one is installed. What a tracker was rehearsed for is executed where the control
            process has that very policy loaded.
    """

    person_height_m: Annotated[float, Meta(ge=0.8, le=2.3)] | None = None
    candidates: Annotated[int, Meta(ge=1, le=8)] | None = None
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] | None = None
    controller: Literal["wbc", "tracker", "auto"] | None = None


class TaskRequest(Document, frozen=True):
    """A task as it is submitted.

    Attributes:
        instruction: what is to be done, in words.
        scene: an uploaded picture of the scene.
        clip: an uploaded video of the task being done; nothing is generated then.
        execute: go on to the robot without asking again, once the plan is admitted.
        options: how.
    """

    instruction: Annotated[str, Meta(min_length=1, max_length=2000, pattern=_PLAIN_TEXT)]
    scene: _Sha256 | None = None
    clip: _Sha256 | None = None
    execute: bool = False
    options: TaskOptions = TaskOptions()


class Approval(Document, frozen=True):
    """What an admin says to let a plan that admission has refused onto the robot.

    Attributes:
        reason: why; kept with the task.
    """

    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=_PLAIN_TEXT)]


class Upload(Document, frozen=True):
    """A stored file, named by its content."""

    sha256: _Sha256
    media_type: str
    size: Annotated[int, Meta(ge=1)]


class Artifact(Document, frozen=True):
    """A file that a task has made."""

    name: str
    media_type: str
    size: Annotated[int, Meta(ge=0)]


class TaskDocument(Document, frozen=True):
    """A task.

    Attributes:
        id: rises with time.
        state: where it is.
        request: as it was submitted.
        submitted_by: user id of the submitter.
        created_at: of the submission.
        updated_at: of the last change of state.
        reason: why it ended as it did, or what it waits for; empty where there is nothing to say.
        artifacts: its files so far.
    """

    id: str
    state: TaskState
    request: TaskRequest
    submitted_by: Annotated[int, Meta(ge=0)]
    created_at: str
    updated_at: str
    reason: str = ""
    artifacts: tuple[Artifact, ...] = ()


class TaskList(Document, frozen=True):
    """Tasks, newest first; `next` continues the list where there are more."""

    tasks: tuple[TaskDocument, ...]
    next: str | None = None


class StateEvent(Document, frozen=True, tag_field="kind", tag="state"):
    """A task has changed its state. Numbered, kept, and repeated to whoever asks again."""

    number: int
    at: str
    state: TaskState
    reason: str = ""


class ProgressEvent(Document, frozen=True, tag_field="kind", tag="progress"):
    """How far a stage has come; not kept.

    Attributes:
        stage: of generation, planning or execution.
        done: of `total`, in the stage's own unit.
        total: 0 where it is not known.
        words: more about it.
    """

    stage: str
    done: int = 0
    total: int = 0
    words: str = ""


class LatenessBin(Document, frozen=True):
    """Ticks of the control loop that began about equally late.

    Attributes:
        to_us: upper edge; 0 for none.
        ticks: that began no later than it, and later than the bin before.
    """

    to_us: int
    ticks: int


class RobotDocument(Document, frozen=True):
    """The robot, as the control process tells.

    Attributes:
        connected: whether the control process answers.
        robot: what it drives, in words.
        guard: silent, hold, run, damping or ready; empty when not connected.
        trip: why it damps.
        concern: why tasks are stopped and none is begun.
        emergency: an emergency stop is to be cleared by hand, at the machine.
        owner: who owns the robot now.
        running: whether a plan is being executed.
        reference_time_s: how far it has come.
        reference_end_s: where it ends.
        late_ticks: of the control loop, since its start.
        lateness: of its ticks, as a histogram.
    """

    connected: bool
    robot: str = ""
    guard: str = ""
    trip: str = ""
    concern: str = ""
    emergency: bool = False
    owner: str = ""
    running: bool = False
    reference_time_s: float = 0.0
    reference_end_s: float = 0.0
    late_ticks: int = 0
    lateness: tuple[LatenessBin, ...] = ()

    @property
    def driven(self) -> bool:
        """Whether the robot is held up by commands that the guard lets through."""
        return self.guard in ("hold", "run")


class Health(Document, frozen=True):
    """Whether the service can do its work.

    Attributes:
        status: ok; degraded where the robot is not connected or the disk is nearly full.
        version: of the service.
        tasks: number of tasks in each state that has any.
        free_bytes: where tasks are kept.
    """

    status: Literal["ok", "degraded"]
    version: str
    tasks: dict[str, int]
    free_bytes: int


class Problem(Document, frozen=True):
    """An error, RFC 9457.

    Attributes:
        type: a name that does not change.
        title: the same for all of its type.
        status: of HTTP.
        detail: what happened here.
    """

    type: str
    title: str
    status: int
    detail: str
