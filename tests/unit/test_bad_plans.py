"""Plans that leave a limit are refused before any rehearsal, with the right first reason."""

import check_cases
import numpy as np
import pytest
from check_cases import good_reference, index
from scipy.spatial.transform import Rotation

from exoactor_rt.planning import PlanLevel, plan_motion
from exoactor_rt.replay import admission as admission_module
from exoactor_rt.replay import admit
from exoactor_rt.replay.admission import plan_violations

SEEDS = range(7)


def near(times_s, middle_s, half_s):
    """1 at a moment, falling straight to 0 on both sides."""
    return np.maximum(0.0, 1.0 - np.abs(times_s - middle_s) / half_s)


def out_of_range(times_s, joints, quats, rng):
    joint = index(rng.choice(["left_wrist_pitch", "right_wrist_yaw", "waist_roll", "right_elbow"]))
    beyond = check_cases.JOINTS.upper_rad[joint] + rng.uniform(0.03, 0.2) - joints[:, joint]
    joints[:, joint] += beyond * check_cases.plateau(1.0, 3.0, 0.9, times_s)


def too_fast(times_s, joints, quats, rng):
    swing = rng.uniform(2.4, 2.8) * check_cases.plateau(1.5, 2.2, 0.3, times_s)
    joints[:, index("left_shoulder_pitch")] -= swing


def too_sudden(times_s, joints, quats, rng):
    """A speed within bounds that turns round from one frame to the next."""
    middle_s = times_s[len(times_s) // 2]
    joints[:, index("right_shoulder_yaw")] -= rng.uniform(0.9, 0.98) * near(times_s, middle_s, 0.1)


def hand_in_the_hip(times_s, joints, quats, rng):
    side, inward = ("left", -1.0) if rng.random() < 0.5 else ("right", 1.0)
    moved = rng.uniform(0.55, 0.7) * check_cases.plateau(1.0, 3.0, 0.5, times_s)
    straight = rng.uniform(0.7, 0.9) * check_cases.plateau(0.3, 3.6, 0.5, times_s)
    joints[:, index(f"{side}_shoulder_roll")] += inward * moved
    joints[:, index(f"{side}_elbow")] -= straight


def bent_over(times_s, joints, quats, rng):
    angle = rng.uniform(0.8, 0.95) * check_cases.plateau(0.8, 3.4, 1.0, times_s)
    turn = Rotation.from_rotvec(angle[:, None] * [0.0, 1.0, 0.0])
    quats[:] = turn.as_quat(scalar_first=True)
    for side in ("left", "right"):
        joints[:, index(f"{side}_hip_pitch")] -= angle


def not_a_number(times_s, joints, quats, rng):
    joints[int(rng.integers(len(joints))), int(rng.integers(29))] = rng.choice([np.nan, np.inf])


BAD = {
    out_of_range: "position",
    too_fast: "velocity",
    too_sudden: "acceleration",
    hand_in_the_hip: "self_collision",
    bent_over: "tilt",
    not_a_number: "not_finite",
}


def spoil(plan, how, rng):
    track = plan.posture
    joints = np.array(track.joint_position)
    quats = np.array(track.quat_heading_pelvis_wxyz)
    how(np.arange(len(joints)) / track.rate_hz, joints, quats, rng)
    track.joint_position, track.quat_heading_pelvis_wxyz = joints, quats
    plan.posture = track
    return plan


@pytest.mark.parametrize("how", BAD, ids=lambda how: how.__name__)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_bad_plan_is_refused_by_the_check_that_it_leaves_first(monkeypatch, how, seed):
    good = good_reference(seed)

    def spoiled(reference, level, stride):
        return spoil(plan_motion(reference, level, stride), how, np.random.default_rng(seed))

    def rehearse(plan, trials):
        raise AssertionError("nothing is rehearsed of a plan that leaves a limit")

    monkeypatch.setattr(admission_module, "plan_motion", spoiled)
    refused = admit(good, rehearse)
    assert refused.task is None
    first = [attempt.reasons[0].split(":")[0] for attempt in refused.attempts]
    assert first == [BAD[how]] * len(first)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_good_plans_that_they_are_made_of_are_within_every_limit(seed):
    assert plan_violations(plan_motion(good_reference(seed), PlanLevel.NOMINAL)) == ()


@pytest.mark.parametrize("seed", SEEDS)
def test_planning_moves_hands_out_of_the_body_and_says_so(seed):
    bad = check_cases.hand_in_the_hip(good_reference(seed), np.random.default_rng(seed))
    plan = plan_motion(bad, PlanLevel.NOMINAL)
    assert plan_violations(plan) == ()
    (change,) = [one for one in plan.changes if one.what == "arms off the body"]
    assert change.asked < 0.0 < change.given
    good = plan_motion(good_reference(seed), PlanLevel.NOMINAL)
    assert "arms off the body" not in [one.what for one in good.changes]
