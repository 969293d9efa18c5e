"""A plan that only stands, for the tests of tick and loop."""

import numpy as np

from exoactor_rt import _core
from exoactor_rt.robots import g1


def standing_plan(duration_s):
    """A plan that stands in the standing pose."""
    posture = g1.standing_position()
    track = _core.types.PostureTrack()
    track.rate_hz = 50.0
    track.joint_position = np.tile(posture, (60, 1))
    track.quat_heading_torso_wxyz = np.tile([1.0, 0, 0, 0], (60, 1))
    track.quat_heading_pelvis_wxyz = np.tile([1.0, 0, 0, 0], (60, 1))
    track.com_height = np.full(60, 0.65)
    phase = _core.types.Phase()
    phase.kind = _core.types.PhaseKind.STANCE
    phase.duration_s = duration_s
    phase.blend_start = phase.blend_end = 0.0
    plan = _core.types.Plan()
    plan.standing_position = posture
    plan.posture = track
    plan.phases = [phase]
    return plan
