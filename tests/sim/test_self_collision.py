"""Postures that would put the robot's links into one another: the controller keeps them apart."""

import mujoco
import numpy as np
import pytest
from lockstep import Lockstep
from plans import plan, posture_track, stance, straight_steps, walk_plan

from exoactor_rt.robots import g1

ARMS = ("forearm", "hand")
BODY = ("hip", "thigh", "shin")
TRUNK = ("pelvis_collision", "belly_collision", "chest_collision")
SIDES = ("left", "right")
IN_FRONT_OF_THE_THIGHS = {
    "shoulder_pitch": -0.06,
    "shoulder_roll": 0.12,
    "shoulder_yaw": -0.28,
    "elbow": 1.01,
}
THROUGH_THE_BELLY = {
    "shoulder_pitch": -0.1,
    "shoulder_roll": -0.1,
    "shoulder_yaw": -1.2,
    "elbow": 0.4,
}


def joints(arm, blend=np.ones_like):
    """Both arms in a pose given for the left one, blended in from the standing pose."""
    made = {}
    for side in SIDES:
        for name, angle in arm.items():
            joint = f"{side}_{name}_joint"
            start = g1.standing_position()[g1.joint_table().index(joint)]
            mirrored = side == "right" and name.endswith(("roll", "yaw"))
            end = -angle if mirrored else angle
            made[joint] = lambda t, start=start, end=end: start + blend(t) * (end - start)
    return made


def geom_pairs(model):
    """Forearms and hands against legs and trunk, and against one another."""
    arms = [[f"{side}_{part}_collision" for part in ARMS] for side in SIDES]
    legs = [f"{side}_{part}_collision" for side in SIDES for part in BODY]
    pairs = [(arm, other) for arm in (*arms[0], *arms[1]) for other in (*legs, *TRUNK)]
    pairs += [(left, right) for left in arms[0] for right in arms[1]]
    return [(model.geom(a).id, model.geom(b).id) for a, b in pairs]


def smallest_distance_m(sim, qpos):
    """Of the collision geoms of the MJCF, by MuJoCo."""
    data = mujoco.MjData(sim.model)
    data.qpos[:] = qpos
    mujoco.mj_kinematics(sim.model, data)
    return min(
        mujoco.mj_geomDistance(sim.model, data, a, b, 0.2, None) for a, b in geom_pairs(sim.model)
    )


def distances_m(sim, run, step=5):
    """[N, 2] what really is, and what it would be with the arms where the plan wants them."""
    planned = run.series("planned_joint_position")[:, 15:]
    rows = []
    for qpos, arms in list(zip(run.qpos, planned, strict=True))[::step]:
        rows.append(
            (
                smallest_distance_m(sim, qpos),
                smallest_distance_m(sim, np.concatenate([qpos[:22], arms])),
            )
        )
    return np.array(rows)


def squat():
    def height(times):
        return 0.65 - 0.075 * (1 - np.cos(0.5 * np.pi * times))

    made = joints(IN_FRONT_OF_THE_THIGHS)
    return plan(posture_track(4.0, made, height), [stance(0, 4.0)])


def high_steps():
    steps = straight_steps(4, 0.0)
    for step in steps:
        step.lift_m = 0.12
    return walk_plan(steps, joints(IN_FRONT_OF_THE_THIGHS))


def arms_through_the_trunk():
    made = joints(THROUGH_THE_BELLY, lambda t: np.clip(2 * t, 0, 1))
    return plan(posture_track(2.0, made), [stance(0, 2.0)])


@pytest.mark.parametrize(
    ("make", "overlap_m"), [(squat, 0.04), (high_steps, 0.02), (arms_through_the_trunk, 0.02)]
)
def test_links_stay_apart_where_the_plan_overlaps_them(robot_model, make, overlap_m):
    sim = Lockstep(robot_model)
    assert sim.controller.offer_plan(make()) == ""
    run = sim.run(20.0, until_done=True, after_s=0.5)
    last = run.telemetry[-1]
    assert not run.fallen and last.done
    assert last.qp_failures == 0 and last.qp_relaxed == 0
    real, planned = distances_m(sim, run).T
    assert planned.min() < -overlap_m, "the plan does not try what this test is about"
    assert real.min() > 0.0
    assert run.series("smallest_gap_m").min() > -0.005
