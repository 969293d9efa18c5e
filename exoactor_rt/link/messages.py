"""What is said over the link. Every message is one packet, see `channel`."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec
from msgspec import Meta

PROTOCOL_VERSION = 4
PLAN_MAX_BYTES = 16 * 1024 * 1024
VALUE_MAX = 4000
_Text = Annotated[str, Meta(max_length=2000)]
_Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
_Name = Annotated[str, Meta(max_length=64)]
_Value = Annotated[str, Meta(max_length=VALUE_MAX)]
_Id = Annotated[int, Meta(ge=0, le=2**53)]


class Role(str, enum.Enum):
    """What a client may ask for. There is one owner at a time; anybody may stop and damp."""

    OBSERVER = "observer"
    OWNER = "owner"


class Message(msgspec.Struct, frozen=True, tag=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all messages: tagged with its type's name."""


class Hello(Message, frozen=True):
    """The first message of a client."""

    id: _Id
    role: Role
    name: Annotated[str, Meta(max_length=64)]


class TaskKind(str, enum.Enum):
    """What a file that is handed over holds: a plan, or a tracking for a learned tracker."""

    PLAN = "plan"
    TRACKING = "tracking"


class LoadPlan(Message, frozen=True):
    """A plan or tracking in a sealed memory file, whose descriptor comes with the packet.

    A tracking names the policy that was rehearsed and its hash; control refuses it unless that very
    policy is loaded there.

    Attributes:
        sha256: of the file.
        size: of the file, bytes.
        label: how people call it.
        provenance: name -> value: what made it, for control's log.
        kind: of the file.
    """

    id: _Id
    sha256: _Sha256
    size: Annotated[int, Meta(ge=1, le=PLAN_MAX_BYTES)]
    label: Annotated[str, Meta(max_length=200)]
    provenance: Annotated[dict[_Name, _Value], Meta(max_length=64)] = {}
    kind: TaskKind = TaskKind.PLAN


class Arm(Message, frozen=True):
    """Lets commands through the guard; the robot stands under control."""

    id: _Id


class Pose(Message, frozen=True):
    """Leads a robot that hangs to the standing posture, slowly; from there it can be armed."""

    id: _Id


class Start(Message, frozen=True):
    """Executes the loaded plan of that hash, once.

    Attributes:
        stops: of the ControlState after which it was asked for: refused where another stop or damp
            has come since; None: whatever has come.
    """

    id: _Id
    sha256: _Sha256
    stops: Annotated[int, Meta(ge=0)] | None = None


class Stop(Message, frozen=True):
    """A controlled stop: the plan ends at the next stand, the robot holds."""

    id: _Id


class Damp(Message, frozen=True):
    """Damping of every joint, at once and for ever."""

    id: _Id


class EmergencyStop(Message, frozen=True):
    """Damping of every joint, at once, until cleared by hand."""

    id: _Id


class Clear(Message, frozen=True):
    """Lets go of an emergency stop, by hand; damping goes on until reset."""

    id: _Id


class Reset(Message, frozen=True):
    """From damping to ready, from ready to silence."""

    id: _Id


class Heartbeat(Message, frozen=True):
    """The owner is alive."""


class Welcome(Message, frozen=True):
    """Answers a Hello that is accepted."""

    id: _Id
    version: int
    robot: str
    role: Role


class Done(Message, frozen=True):
    """Answers a request that was carried out."""

    id: _Id


class Refused(Message, frozen=True):
    """Answers a request that was not; nothing has changed."""

    id: _Id
    reason: _Text


class ControlState(Message, frozen=True):
    """The robot under control, sent to every client some times a second.

    Attributes:
        stamp_ns: monotonic.
        guard: silent, hold, run, damping, ready or pose.
        posed: in pose, and the standing posture is reached.
        trip: the guard's words when it tripped, else empty.
        concern: the guard's words when it wants tasks stopped and not begun, else empty.
        emergency: an emergency stop is to be cleared by hand.
        owner: name of the client that owns the robot, else empty.
        loaded_sha256: hash of the loaded plan, else empty.
        label: the loaded plan's.
        running: a plan is being executed.
        stopping: a controlled stop was asked for and has not ended yet.
        plans_ended: plans executed to an end since the last arming, stopped ones included.
        stops: controlled stops and damps asked for since the process started.
        last_end: how the newest plan ended: done, stopped or broken_off; empty until it has.
        last_end_sha256: hash of the plan that `last_end` tells of, else empty.
        reference_time_s: where in the plan's reference the robot is.
        reference_end_s: where the reference ends; 0 without a plan.
        ticks: of the control loop.
        late_ticks: that began late.
        missed_periods: skipped after a stall.
        dropped_records: of the log.
        lateness: (upper edge in us, ticks that began no later than it and later than the one
            before); the last edge is 0, for none.
    """

    stamp_ns: int
    guard: str
    trip: str = ""
    concern: str = ""
    emergency: bool = False
    posed: bool = False
    owner: str = ""
    loaded_sha256: str = ""
    label: str = ""
    running: bool = False
    stopping: bool = False
    plans_ended: int = 0
    stops: int = 0
    last_end: str = ""
    last_end_sha256: str = ""
    reference_time_s: float = 0.0
    reference_end_s: float = 0.0
    ticks: int = 0
    late_ticks: int = 0
    missed_periods: int = 0
    dropped_records: int = 0
    lateness: tuple[tuple[int, int], ...] = ()

    @property
    def driven(self) -> bool:
        """Whether the robot is held up by commands that the guard lets through."""
        return self.guard in ("hold", "run")


class Event(Message, frozen=True):
    """Something worth a line, as it happened."""

    stamp_ns: int
    severity: str
    text: _Text


Request = LoadPlan | Arm | Pose | Start | Stop | Damp | EmergencyStop | Clear | Reset
ToControl = Hello | Request | Heartbeat
ToClient = Welcome | Done | Refused | ControlState | Event
