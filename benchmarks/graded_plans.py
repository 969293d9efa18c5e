"""Plans from harmless to impossible, which no planner would all make: what admission must tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from exoactor_rt._core import types as native
from exoactor_rt.robots import g1
from exoactor_rt.types import Reference

RATE_HZ = 50.0
STANCE_M = 0.22
COM_M = 0.65
_STEPS = 8
_AHEAD = (
    (0.2, 0.45),
    (0.3, 0.4),
    (0.35, 0.35),
    (0.4, 0.35),
    (0.4, 0.3),
    (0.45, 0.3),
    (0.4, 0.25),
    (0.45, 0.25),
)
_BACK = ((0.15, 0.4), (0.25, 0.35), (0.3, 0.3), (0.35, 0.3), (0.35, 0.25))


@dataclass(frozen=True)
class GradedPlan:
    """One of a family: its name with the figure that is raised, and the posture as a reference."""

    name: str
    plan: native.Plan
    reference: Reference


def graded_plans() -> Iterator[GradedPlan]:
    """Every family from its mildest to its hardest member."""
    for length_m, swing_s in _AHEAD:
        yield _walk(f"walk {length_m:g} m in {swing_s:g} s", swing_s, length_m)
    for length_m, swing_s in _BACK:
        yield _walk(f"walk back {length_m:g} m in {swing_s:g} s", swing_s, -length_m)
    for width_m, swing_s in ((0.3, 0.45), (0.4, 0.4), (0.45, 0.35), (0.45, 0.25)):
        yield _walk(f"sideways {width_m:g} m in {swing_s:g} s", swing_s, width_m=width_m)
    for lift_m, swing_s in ((0.1, 0.4), (0.15, 0.35), (0.2, 0.3), (0.2, 0.25)):
        yield _walk(f"feet lifted {lift_m:g} m in {swing_s:g} s", swing_s, lift_m=lift_m)
    for length_m, swing_s in ((0.25, 0.4), (0.35, 0.35), (0.4, 0.3)):
        yield _walk(f"low walk {length_m:g} m in {swing_s:g} s", swing_s, length_m, com_m=0.55)
    for lean_rad in (0.2, 0.35, 0.5, 0.65):
        yield _standing(f"lean forward {lean_rad:g} rad", lean_rad=lean_rad)
    for depth_m, period_s in ((0.1, 2.0), (0.2, 1.5), (0.25, 0.8), (0.3, 0.5)):
        yield _standing(
            f"squat {depth_m:g} m in {period_s:g} s", depth_m=depth_m, period_s=period_s
        )
    for rate_hz in (0.5, 1.0, 1.5, 2.5):
        yield _standing(f"both arms swung at {rate_hz:g} Hz", arms_hz=rate_hz)


def _walk(
    name: str,
    swing_s: float,
    length_m: float = 0.0,
    *,
    width_m: float = STANCE_M,
    lift_m: float = 0.05,
    com_m: float = COM_M,
) -> GradedPlan:
    """Steps ahead, or aside where they are wider than the stance, the last one closing."""
    time_s, steps = 2.0, []
    for index in range(_STEPS):
        step = native.Footstep()
        step.side = native.Side(index % 2)
        last = index == _STEPS - 1
        step.forward_m = length_m * (0.5 if index == 0 else 0.0 if last else 1.0)
        aside = width_m > STANCE_M and index % 2 == 0
        step.lateral_m = width_m if aside else STANCE_M
        step.swing_s, step.lift_m = swing_s, lift_m
        step.reference_liftoff_s, step.reference_touchdown_s = time_s, time_s + swing_s
        time_s += swing_s + 0.1
        steps.append(step)
    walk = native.Phase()
    walk.kind = native.PhaseKind.WALK
    walk.reference_start_s, walk.reference_end_s = 1.0, time_s
    walk.first_step, walk.step_count = 0, len(steps)
    end_s = time_s + 1.0
    track = _track(end_s, com_m)
    return _made(name, track, [_stance(0.0, 1.0), walk, _stance(time_s, end_s)], steps)


def _standing(
    name: str,
    *,
    lean_rad: float = 0.0,
    depth_m: float = 0.0,
    period_s: float = 2.0,
    arms_hz: float = 0.0,
) -> GradedPlan:
    end_s = 5.0
    track = _track(end_s)
    times_s = np.arange(len(track.joint_position)) / RATE_HZ
    rise = np.clip(np.minimum(times_s, end_s - times_s) / 1.0, 0.0, 1.0)
    rise = rise * rise * (3.0 - 2.0 * rise)
    half = 0.5 * lean_rad * rise
    leaning = np.stack([np.cos(half), 0.0 * half, np.sin(half), 0.0 * half], axis=1)
    track.quat_heading_torso_wxyz = track.quat_heading_pelvis_wxyz = leaning
    swing = 0.5 * (1.0 - np.cos(2.0 * np.pi * times_s / period_s))
    track.com_height = track.com_height - depth_m * rise * swing
    joints = np.array(track.joint_position)
    for side in ("left", "right"):
        joint = g1.joint_table().index(f"{side}_shoulder_pitch_joint")
        joints[:, joint] -= 0.8 * rise * np.sin(2.0 * np.pi * arms_hz * times_s)
    track.joint_position = joints
    return _made(name, track, [_stance(0.0, end_s)], [])


def _track(duration_s: float, com_m: float = COM_M) -> native.PostureTrack:
    count = round(duration_s * RATE_HZ) + 1
    track = native.PostureTrack()
    track.rate_hz = RATE_HZ
    track.joint_position = np.tile(g1.standing_position(), (count, 1))
    upright = np.tile([1.0, 0.0, 0.0, 0.0], (count, 1))
    track.quat_heading_torso_wxyz = track.quat_heading_pelvis_wxyz = upright
    track.com_height = np.full(count, com_m)
    return track


def _stance(
    start_s: float, end_s: float, blend: tuple[float, float] = (1.0, 1.0), lasts_s: float = 0.0
) -> native.Phase:
    phase = native.Phase()
    phase.kind = native.PhaseKind.STANCE
    phase.reference_start_s, phase.reference_end_s = start_s, end_s
    phase.duration_s = lasts_s or end_s - start_s
    phase.blend_start, phase.blend_end = blend
    return phase


def _made(
    name: str,
    track: native.PostureTrack,
    phases: list[native.Phase],
    steps: list[native.Footstep],
) -> GradedPlan:
    end_s = phases[-1].reference_end_s
    plan = native.Plan()
    plan.standing_position = g1.standing_position()
    plan.posture, plan.steps = track, steps
    plan.phases = [
        _stance(0.0, 0.0, (0.0, 1.0), 1.0),
        *phases,
        _stance(end_s, end_s, (1.0, 0.0), 1.0),
    ]
    return GradedPlan(name, plan, _reference(track, name))


def _reference(track: native.PostureTrack, name: str) -> Reference:
    count = len(track.joint_position)
    return Reference(
        rate_hz=track.rate_hz,
        root_position_in_world=np.tile([0.0, 0.0, 0.75], (count, 1)),
        quat_world_root_wxyz=np.asarray(track.quat_heading_pelvis_wxyz),
        joint_position=np.asarray(track.joint_position),
        contact=np.ones((count, 2), dtype=bool),
        hand_openness=np.full((count, 2), np.nan),
        source=name,
    )
