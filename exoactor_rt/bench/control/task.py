"""What the robot is told to do in a trial: plain data that makes a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from exoactor_rt.bench.control.posture import (
    UPRIGHT_COM_M,
    constant,
    posture_track,
    raised_cosine,
)
from exoactor_rt.planning import FootKeyframe, Footstep, Phase, PhaseKind, Plan, PostureTrack, Side
from exoactor_rt.robots import g1

BLEND_S = 1.0
STANDING_S = 0.2
RAISE_S = 1.0
_ARM_SWING_RATE_HZ = 0.9
_RAISE_RATE_HZ = 0.5


class Task(Protocol):
    """Hashable, and picklable as plans are not."""

    def __hash__(self) -> int: ...

    def plan(self) -> Plan:
        """The plan; the same at every call."""


@dataclass(frozen=True)
class Stand:
    """Standing still, upright, for `duration_s`."""

    duration_s: float = 20.0

    def plan(self) -> Plan:
        """A stance."""
        track = posture_track(self.duration_s, constant(UPRIGHT_COM_M))
        return assemble(track, [_stance(0.0, self.duration_s)])


@dataclass(frozen=True)
class Squat:
    """Squats with the arms going up, smoothly from standing.

    Attributes:
        duration_s: of whole squats.
        depth_m: of the centre of mass.
        rate_hz: squats a second.
    """

    duration_s: float = 20.0
    depth_m: float = 0.15
    rate_hz: float = 0.25

    def plan(self) -> Plan:
        """A stance."""
        depth = raised_cosine(-self.depth_m, self.rate_hz, 0.0, self.duration_s)
        raised = {
            f"{side}_{joint}_joint": raised_cosine(angle, _RAISE_RATE_HZ, 0.0, self.duration_s)
            for side in ("left", "right")
            for joint, angle in (("shoulder_pitch", -1.6), ("elbow", -0.5))
        }
        track = posture_track(self.duration_s, lambda t: UPRIGHT_COM_M + depth(t), raised)
        return assemble(track, [_stance(0.0, self.duration_s)])


@dataclass(frozen=True)
class Step:
    """One footstep, relative to the stance foot; see `planning.Footstep`.

    Attributes:
        side: 0 left, 1 right.
        forward_m: along the stance foot.
        lateral_m: outward.
        yaw_rad: left positive.
        swing_s: single support.
        lift_m: apex.
    """

    side: int
    forward_m: float = 0.0
    lateral_m: float = 0.22
    yaw_rad: float = 0.0
    swing_s: float = 0.45
    lift_m: float = 0.06


@dataclass(frozen=True)
class Walk:
    """One burst of steps between two stances.

    Attributes:
        steps: in order.
        com_height_m: above the soles.
        arm_swing_rad: of both shoulders, to and fro.
    """

    steps: tuple[Step, ...]
    com_height_m: float = 0.64
    arm_swing_rad: float = 0.3

    def plan(self) -> Plan:
        """A stance, a burst, a stance."""
        timing = Plan().burst
        time_s = STANDING_S + timing.shift_s
        footsteps = []
        for step in self.steps:
            footsteps.append(_footstep(step, time_s, time_s + step.swing_s))
            time_s += step.swing_s + timing.double_support_s
        end_s = time_s - timing.double_support_s + timing.settle_s
        swing = {
            f"{side}_shoulder_pitch_joint": raised_cosine(
                sign * self.arm_swing_rad, _ARM_SWING_RATE_HZ, STANDING_S, end_s
            )
            for side, sign in (("left", 1.0), ("right", -1.0))
        }
        track = posture_track(end_s + STANDING_S, constant(self.com_height_m), swing)
        phases = [
            _stance(0.0, STANDING_S),
            _burst(STANDING_S, end_s, len(footsteps)),
            _stance(end_s, end_s + STANDING_S),
        ]
        return assemble(track, phases, footsteps)


@dataclass(frozen=True)
class OneFoot:
    """One foot raised, held and put down again.

    Attributes:
        raised: 0 left, 1 right.
        held_s: how long it is kept up.
        height_m: of its ankle above the other one.
        forward_m: of its ankle before the other one.
    """

    raised: int
    held_s: float = 5.0
    height_m: float = 0.1
    forward_m: float = 0.05

    def plan(self) -> Plan:
        """A burst of one step that stops on its way."""
        up_s, down_s = RAISE_S, RAISE_S + self.held_s
        walk = Walk((Step(self.raised, swing_s=down_s + RAISE_S),), arm_swing_rad=0.0)
        plan = walk.plan()
        keyframes = [FootKeyframe(), FootKeyframe()]
        for keyframe, time_s in zip(keyframes, (up_s, down_s), strict=True):
            keyframe.time_s = time_s
            keyframe.forward_m, keyframe.height_m = self.forward_m, self.height_m
        steps = plan.steps
        steps[0].first_keyframe, steps[0].keyframe_count = 0, len(keyframes)
        plan.steps, plan.foot_keyframes = steps, keyframes
        return plan


def assemble(track: PostureTrack, phases: Sequence[Phase], steps: Sequence[Footstep] = ()) -> Plan:
    """A plan with a blend from the standing pose before and one back to it after."""
    end_s = phases[-1].reference_end_s
    plan = Plan()
    plan.standing_position = g1.standing_position()
    plan.posture = track
    plan.steps = list(steps)
    into, back = _stance(0.0, 0.0, BLEND_S), _stance(end_s, end_s, BLEND_S)
    into.blend_start = 0.0
    back.blend_end = 0.0
    plan.phases = [into, *phases, back]
    return plan


def _stance(start_s: float, end_s: float, duration_s: float | None = None) -> Phase:
    phase = Phase()
    phase.kind = PhaseKind.STANCE
    phase.reference_start_s, phase.reference_end_s = start_s, end_s
    phase.duration_s = end_s - start_s if duration_s is None else duration_s
    phase.blend_start = phase.blend_end = 1.0
    return phase


def _burst(start_s: float, end_s: float, count: int) -> Phase:
    phase = Phase()
    phase.kind = PhaseKind.WALK
    phase.reference_start_s, phase.reference_end_s = start_s, end_s
    phase.first_step, phase.step_count = 0, count
    return phase


def _footstep(step: Step, liftoff_s: float, touchdown_s: float) -> Footstep:
    made = Footstep()
    made.side = Side(step.side)
    made.forward_m, made.lateral_m, made.yaw_rad = step.forward_m, step.lateral_m, step.yaw_rad
    made.swing_s, made.lift_m = step.swing_s, step.lift_m
    made.reference_liftoff_s, made.reference_touchdown_s = liftoff_s, touchdown_s
    return made
