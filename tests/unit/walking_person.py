"""A person who walks, turns and waves, made from sines: input for the retargeting tests."""

import dataclasses

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.types import KEYPOINTS, SEGMENTS, HumanMotion

RATE_HZ = 30.0
STEP_S = 0.6
THIGH_M, SHANK_M, ANKLE_M = 0.45, 0.42, 0.09
HIP_HALF_M, SHOULDER_HALF_M, UPPER_ARM_M, FOREARM_M = 0.09, 0.19, 0.3, 0.26


def walking_person(
    frames: int = 90, stride_m: float = 0.5, heading_rad: float = 0.0
) -> HumanMotion:
    """Walks along the heading; feet stand in turn, arms swing and the right one waves."""
    time = np.arange(frames) / RATE_HZ
    points = np.zeros((frames, len(KEYPOINTS), 3))
    contact = np.zeros((frames, 2), bool)
    for frame, now in enumerate(time):
        points[frame], contact[frame] = _pose(now, stride_m)
    turn = Rotation.from_euler("z", heading_rad)
    quats = np.stack([_segments(frame, turn) for frame in points], axis=0)
    return HumanMotion(
        rate_hz=RATE_HZ,
        keypoints_in_world=turn.apply(points.reshape(-1, 3)).reshape(points.shape),
        quat_world_segment_wxyz=quats,
        contact=contact,
        hand_openness=np.full((frames, 2), 0.5),
        height_m=1.75,
        source="walking_person",
    )


def _pose(now: float, stride_m: float) -> tuple[np.ndarray, np.ndarray]:
    at = {name: np.zeros(3) for name in KEYPOINTS}
    speed = stride_m / STEP_S
    pelvis = np.array([speed * now, 0.02 * np.sin(np.pi * now / STEP_S), 0.90])
    at["pelvis"], at["neck"] = pelvis, pelvis + np.array([0.02, 0, 0.5])
    at["chest"], at["head"] = (
        pelvis + np.array([0.015, 0, 0.375]),
        pelvis + np.array([0.05, 0, 0.65]),
    )
    contact = np.zeros(2, bool)
    for index, (side, sign) in enumerate((("left", 1.0), ("right", -1.0))):
        cycle = now / STEP_S + index
        step, phase = int(cycle // 2), cycle % 2
        contact[index] = phase < 1.1
        swing = np.clip((phase - 1.1) / 0.9, 0, 1)
        travel = 2 * step + 2 * swing * swing * (3 - 2 * swing)
        ankle = [stride_m * (travel - index + 0.5), sign * HIP_HALF_M, ANKLE_M]
        ankle[2] += 0.06 * np.sin(np.pi * swing)
        at[f"{side}_hip"] = pelvis + np.array([0, sign * HIP_HALF_M, 0])
        at[f"{side}_ankle"] = np.array(ankle)
        at[f"{side}_knee"] = _knee(at[f"{side}_hip"], at[f"{side}_ankle"])
        at[f"{side}_toe"] = at[f"{side}_ankle"] + [0.17, 0, -0.07]
        _arm(at, side, sign, now)
    return np.array([at[name] for name in KEYPOINTS]), contact


def _knee(hip: np.ndarray, ankle: np.ndarray) -> np.ndarray:
    leg = ankle - hip
    length = min(np.linalg.norm(leg), THIGH_M + SHANK_M - 1e-6)
    along = leg / np.linalg.norm(leg)
    forward = np.cross([0.0, 1.0, 0.0], -along)
    forward *= -1 if forward[0] < 0 else 1
    base = (THIGH_M**2 - SHANK_M**2 + length**2) / (2 * length)
    return hip + base * along + np.sqrt(max(THIGH_M**2 - base**2, 0)) * forward


def _arm(at: dict[str, np.ndarray], side: str, sign: float, now: float) -> None:
    swing = 0.4 * np.sin(np.pi * now / STEP_S) * sign
    raised = 1.2 + 0.3 * np.sin(4 * now) if side == "right" else 0.25
    out = np.array([np.sin(swing), sign * np.sin(raised), -np.cos(raised)])
    fore = out + np.array([0.6, 0, 0.3 if side == "left" else 0.8])
    at[f"{side}_shoulder"] = at["neck"] + [0, sign * SHOULDER_HALF_M, 0]
    at[f"{side}_elbow"] = at[f"{side}_shoulder"] + UPPER_ARM_M * out / np.linalg.norm(out)
    at[f"{side}_wrist"] = at[f"{side}_elbow"] + FOREARM_M * fore / np.linalg.norm(fore)


def _segments(points: np.ndarray, turn: Rotation) -> np.ndarray:
    quats = np.zeros((len(SEGMENTS), 4))
    for index, name in enumerate(SEGMENTS):
        rotation = Rotation.identity()
        if name.endswith("hand"):
            side = name.split("_")[0]
            elbow, wrist = (points[KEYPOINTS.index(f"{side}_{p}")] for p in ("elbow", "wrist"))
            forward = (wrist - elbow) / np.linalg.norm(wrist - elbow)
            left = np.cross([0.0, 0.0, 1.0], forward)
            left /= np.linalg.norm(left)
            rotation = Rotation.from_matrix(
                np.stack([forward, left, np.cross(forward, left)], axis=1)
            )
        x, y, z, w = (turn * rotation).as_quat()
        quats[index] = w, x, y, z
    return quats


def mirrored(motion: HumanMotion) -> HumanMotion:
    """The same motion seen in a mirror that stands along x and z."""
    swapped = [KEYPOINTS.index(_other_side(name)) for name in KEYPOINTS]
    return dataclasses.replace(
        motion,
        keypoints_in_world=motion.keypoints_in_world[:, swapped] * [1, -1, 1],
        quat_world_segment_wxyz=motion.quat_world_segment_wxyz[:, [0, 1, 3, 2, 5, 4]]
        * [1, -1, 1, -1],
        contact=motion.contact[:, ::-1].copy(),
    )


def _other_side(name: str) -> str:
    return name.replace("left", "#").replace("right", "left").replace("#", "right")
