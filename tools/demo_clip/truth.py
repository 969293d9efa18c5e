"""The exact motion, camera and contacts of the demo clip, as `exoactor_rt.demo` describes them."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np
import numpy.typing as npt

from exoactor_rt.types import KEYPOINTS
from tools.demo_clip import choreography as dance
from tools.demo_clip import scene
from tools.demo_clip.body import Body
from tools.demo_clip.posing import Posture, centre_of_mass

FloatArray = npt.NDArray[np.float64]

_SEGMENT_BONES = {
    "pelvis": "Hips",
    "torso": "Spine2",
    "left_foot": "LeftFoot",
    "right_foot": "RightFoot",
}
_LIMB_BONES = {
    "shoulder": "Arm",
    "elbow": "ForeArm",
    "wrist": "Hand",
    "hip": "UpLeg",
    "knee": "Leg",
    "ankle": "Foot",
}


def keypoints_in_world(body: Body, posture: Posture) -> FloatArray:
    """[18, 3] m in the order of `types.KEYPOINTS`; `head` is midway in the head bone."""
    position, attitude = posture.position_in_world, posture.R_world_bone
    point: dict[str, FloatArray] = {}
    for side in ("Left", "Right"):
        for joint, bone in _LIMB_BONES.items():
            point[f"{side.lower()}_{joint}"] = position[side + bone]
        toe = body.tails[f"{side}ToeBase"] - body.heads[f"{side}ToeBase"]
        tip = position[f"{side}ToeBase"] + attitude[f"{side}ToeBase"] @ toe
        point[f"{side.lower()}_toe"] = tip
    point["pelvis"] = 0.5 * (point["left_hip"] + point["right_hip"])
    point["neck"] = 0.5 * (point["left_shoulder"] + point["right_shoulder"])
    point["chest"] = 0.25 * point["pelvis"] + 0.75 * point["neck"]
    skull = body.tails["Head"] - body.heads["Head"]
    point["head"] = position["Head"] + attitude["Head"] @ skull * 0.5
    return np.array([point[name] for name in KEYPOINTS])


def truth(body: Body, postures: list[Posture]) -> dict[str, Any]:
    """Arrays of `truth.npz`."""
    points = np.array([keypoints_in_world(body, p) for p in postures])
    origin = np.array([*points[0, KEYPOINTS.index("pelvis"), :2], 0.0])
    quat = np.zeros((len(postures), len(_SEGMENT_BONES), 4))
    for t, posture in enumerate(postures):
        for k, bone in enumerate(_SEGMENT_BONES.values()):
            mujoco.mju_mat2Quat(quat[t, k], posture.R_world_bone[bone].ravel())
    R_camera_world, camera = scene.camera_pose()
    com = np.array([centre_of_mass(body, p) for p in postures])
    return {
        "times_s": dance.times_s(),
        "height_m": np.array(body.height_m()),
        "keypoint_names": np.array(KEYPOINTS),
        "keypoints_in_world": (points - origin).astype(np.float32),
        "segment_names": np.array(list(_SEGMENT_BONES)),
        "quat_world_segment_wxyz": quat.astype(np.float32),
        "contact": np.array([p.contact for p in postures]),
        "com_in_world": (com - origin).astype(np.float32),
        "K": scene.intrinsics(),
        "R_camera_world": R_camera_world,
        "camera_position_in_world": camera - origin,
        "image_size": np.array([scene.WIDTH_PX, scene.HEIGHT_PX]),
    }
