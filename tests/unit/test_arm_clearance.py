"""Arms that stay clear of the body: capsules against the MJCF, references against MuJoCo."""

import csv
import dataclasses
from importlib.resources import files

import mujoco
import numpy as np
import pytest
from walking_person import walking_person

from exoactor_rt.motion import load_bvh
from exoactor_rt.retarget import RetargetOptions, retarget_motion
from exoactor_rt.robots import g1
from exoactor_rt.types import KEYPOINTS


@pytest.fixture(scope="module")
def robot():
    return mujoco.MjModel.from_xml_path(str(g1.model_path()))


def frames_in_contact(robot, reference):
    """Frames in which MuJoCo finds a pair of the robot's geoms overlapping."""
    data = mujoco.MjData(robot)
    found = 0
    for root, quat, joints in zip(
        reference.root_position_in_world,
        reference.quat_world_root_wxyz,
        reference.joint_position,
        strict=True,
    ):
        data.qpos[:] = np.concatenate([root, quat, joints])
        mujoco.mj_fwdPosition(robot, data)
        found += any(contact.dist < 0 for contact in data.contact[: data.ncon])
    return found


def person_with_hands_in_hips():
    """Walks with both wrists at the hip joints: no robot can do that."""
    person = walking_person(frames=60)
    points = person.keypoints_in_world.copy()
    for side in ("left", "right"):
        hip = points[:, KEYPOINTS.index(f"{side}_hip")]
        points[:, KEYPOINTS.index(f"{side}_wrist")] = hip
    return dataclasses.replace(person, keypoints_in_world=points)


def distance_to_segment(point, start, end):
    along = end - start
    share = np.clip(along @ (point - start) / max(along @ along, 1e-12), 0, 1)
    return np.linalg.norm(point - start - share * along)


def test_capsules_cover_the_collision_geoms(robot):
    text = (files("exoactor_rt.robots.g1") / "collision_capsules.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    capsules = [
        (
            row["link"],
            np.array([float(row[f"start_{axis}_m"]) for axis in "xyz"]),
            np.array([float(row[f"end_{axis}_m"]) for axis in "xyz"]),
            float(row["radius_m"]),
        )
        for row in rows
    ]
    checked = 0
    for index in range(robot.ngeom):
        geom = robot.geom(index)
        if not geom.name.endswith("_collision"):
            continue
        rotation = np.zeros(9)
        mujoco.mju_quat2Mat(rotation, geom.quat)
        half = geom.size[1] if geom.type[0] == mujoco.mjtGeom.mjGEOM_CAPSULE else 0.0
        axis = rotation.reshape(3, 3)[:, 2] * half
        link = robot.body(geom.bodyid[0]).name
        for share in np.linspace(-1, 1, 9):
            point = geom.pos + share * axis
            cover = max(
                radius - distance_to_segment(point, start, end)
                for name, start, end, radius in capsules
                if name == link
            )
            assert cover >= geom.size[0] - 1e-3, f"{geom.name} sticks out of its capsules"
        checked += 1
    assert checked >= 18


def test_hands_stay_out_of_the_hips(robot):
    person = person_with_hands_in_hips()
    touching = retarget_motion(person, RetargetOptions(arm_margin_m=-0.1, arm_clearance_m=0.0))
    assert frames_in_contact(robot, touching) > 10
    assert frames_in_contact(robot, retarget_motion(person)) == 0


def test_clearing_moves_arms_only():
    person = person_with_hands_in_hips()
    uncleared = retarget_motion(person, RetargetOptions(arm_clearance_m=0.0))
    cleared = retarget_motion(person)
    change = np.abs(cleared.joint_position - uncleared.joint_position).max(axis=0)
    assert (change[:15] == 0).all()
    assert change[15:].max() > 0.01


def test_clearing_gives_the_same_arms_every_time():
    person = person_with_hands_in_hips()
    first, second = (retarget_motion(person).joint_position for _ in range(2))
    assert np.array_equal(first, second)


@pytest.mark.parametrize("name", ["cmu_02_01", "cgspeed_cmu_131_01"])
def test_recorded_walks_never_touch_themselves(robot, shared_data, name):
    motion = load_bvh(shared_data / "motions" / "human" / f"{name}.bvh")
    assert frames_in_contact(robot, retarget_motion(motion)) == 0
