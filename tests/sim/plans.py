"""Plans written by hand, for tests of the controller."""

import numpy as np

from exoactor_rt import _core
from exoactor_rt.robots import g1

T = _core.types
RATE_HZ = 50.0


def posture_track(duration_s, joints=None, com_height=None):
    """A posture track: joint name -> function of time, CoM height as a function of time."""
    times = np.arange(round(duration_s * RATE_HZ) + 1) / RATE_HZ
    position = np.tile(g1.standing_position(), (len(times), 1))
    for name, angle in (joints or {}).items():
        position[:, g1.joint_table().index(name)] = angle(times)
    track = T.PostureTrack()
    track.rate_hz = RATE_HZ
    track.joint_position = position
    upright = np.tile([1.0, 0, 0, 0], (len(times), 1))
    track.quat_heading_torso_wxyz = upright
    track.quat_heading_pelvis_wxyz = upright
    track.com_height = np.full(len(times), 0.65) if com_height is None else com_height(times)
    return track


def stance(start_s, end_s, blend_start=1.0, blend_end=1.0, duration_s=None):
    """A stance phase, as long as its stretch of the reference unless told otherwise."""
    phase = T.Phase()
    phase.kind = T.PhaseKind.STANCE
    phase.reference_start_s, phase.reference_end_s = start_s, end_s
    phase.duration_s = end_s - start_s if duration_s is None else duration_s
    phase.blend_start, phase.blend_end = blend_start, blend_end
    return phase


def footstep(side, forward_m=0.0, lateral_m=0.22, *, yaw_rad=0.0, swing_s=0.45, lift_m=0.05):
    """One footstep: side 0 left, 1 right."""
    step = T.Footstep()
    step.side = T.Side(side)
    step.forward_m, step.lateral_m, step.yaw_rad = forward_m, lateral_m, yaw_rad
    step.swing_s, step.lift_m = swing_s, lift_m
    return step


def plan(track, phases, steps=()):
    """A plan from its parts, with one second to blend in and one to blend out."""
    end_s = phases[-1].reference_end_s
    made = T.Plan()
    made.standing_position = g1.standing_position()
    made.posture = track
    made.steps = list(steps)
    made.phases = [
        stance(0, 0, 0, 1, 1.0),
        *phases,
        stance(end_s, end_s, 1, 0, 1.0),
    ]
    return made


def walk_plan(steps, joints=None, start_s=1.0):
    """One burst of steps between two seconds of stance."""
    span_s = sum(step.swing_s + 0.1 for step in steps) + 1.0
    time_s = start_s + 1.0
    timed = []
    for step in steps:
        step.reference_liftoff_s = time_s
        time_s += step.swing_s
        step.reference_touchdown_s = time_s
        time_s += 0.1
        timed.append(step)
    walk = T.Phase()
    walk.kind = T.PhaseKind.WALK
    walk.reference_start_s, walk.reference_end_s = start_s, start_s + span_s
    walk.first_step, walk.step_count = 0, len(timed)
    end_s = walk.reference_end_s
    track = posture_track(end_s + 1.0, joints)
    return plan(track, [stance(0, start_s), walk, stance(end_s, end_s + 1.0)], timed)


def straight_steps(count, forward_m, swing_s=0.45, yaw_rad=0.0, lateral_m=0.22):
    """Alternating steps, the last one closing; yaw turns towards the left."""
    steps = []
    for index in range(count):
        side = index % 2
        last = index == count - 1
        share = 0.5 if index == 0 else 0.0 if last else 1.0
        steps.append(
            footstep(
                side,
                forward_m * share,
                lateral_m,
                yaw_rad=0.0 if last else yaw_rad,
                swing_s=swing_s,
            )
        )
    return steps


def held_plan(swings):
    """A burst of held feet: (footstep, keyframes as (time, forward, lateral, height) tuples)."""
    steps, keyframes = [], []
    for step, points in swings:
        step.first_keyframe, step.keyframe_count = len(keyframes), len(points)
        for point in points:
            frame = T.FootKeyframe()
            frame.time_s, frame.forward_m, frame.lateral_m, frame.height_m = point
            keyframes.append(frame)
        steps.append(step)
    made = walk_plan(steps)
    made.foot_keyframes = keyframes
    return made
