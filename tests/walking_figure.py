"""A walking stick figure with exact truth, and the pose track that a perfect network would see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.motion.body import BODY_POINTS, POINT
from exoactor_rt.motion.landmarks import LANDMARK
from exoactor_rt.types import BoolArray, FloatArray, PoseTrack

HEIGHT_M = 1.75
_OF_HEIGHT = {
    "thigh": 0.245,
    "shank": 0.245,
    "ankle": 0.039,
    "trunk": 0.288,
    "neck": 0.112,
    "hip": 0.06,
    "shoulder": 0.11,
    "upper_arm": 0.186,
    "forearm": 0.146,
    "heel_back": 0.022,
    "toe_front": 0.106,
}
_SIZE = {name: share * HEIGHT_M for name, share in _OF_HEIGHT.items()}
_STEP_S, _SWING_S, _STEP_M = 0.6, 0.45, 0.45


@dataclass(frozen=True)
class Camera:
    """A static camera.

    Attributes:
        rotation_world_camera: [3, 3] camera axes (x right, y down, z away) into world.
        position_in_world: [3] m.
        focal_px: focal length.
        size: width, height in px.
    """

    rotation_world_camera: FloatArray
    position_in_world: FloatArray
    focal_px: float = 1100.0
    size: tuple[int, int] = (1280, 1280)


def make_camera(
    azimuth_rad: float, pitch_rad: float, roll_rad: float, distance_m: float, target: FloatArray
) -> Camera:
    """A camera that looks at `target`, pitched down and rolled about its axis."""
    away = np.array(
        [
            np.cos(azimuth_rad) * np.cos(pitch_rad),
            np.sin(azimuth_rad) * np.cos(pitch_rad),
            -np.sin(pitch_rad),
        ]
    )
    right = np.cross(away, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    level = np.stack([right, np.cross(away, right), away], axis=1)
    rolled = level @ Rotation.from_euler("z", roll_rad).as_matrix()
    return Camera(rolled, target - distance_m * away)


def walking_figure(
    steps: int = 4, rate_hz: float = 30.0, still_s: float = 0.6
) -> tuple[FloatArray, BoolArray]:
    """Points [T, 17, 3] m in world and contacts [T, 2] of a figure that stands, walks, stands."""
    duration_s = 2.0 * still_s + steps * _STEP_S
    times = np.arange(int(duration_s * rate_hz) + 1) / rate_hz
    ankles = np.zeros((len(times), 2, 3))
    ankles[:, 0, 1], ankles[:, 1, 1] = _SIZE["hip"], -_SIZE["hip"]
    ankles[..., 2] = _SIZE["ankle"]
    contact = np.ones((len(times), 2), dtype=np.bool_)
    place = np.zeros(2)
    for step in range(steps):
        side = step % 2
        reach = max(place) + (_STEP_M if step < steps - 1 else 0.0) - place[side]
        phase = (times - still_s - step * _STEP_S) / _SWING_S
        smooth = np.clip(phase, 0.0, 1.0)
        smooth = smooth**2 * (3.0 - 2.0 * smooth)
        ankles[:, side, 0] += reach * smooth
        ankles[:, side, 2] += 0.10 * np.sin(np.pi * np.clip(phase, 0.0, 1.0)) ** 2
        contact[(phase > 0.0) & (phase < 1.0), side] = False
        place[side] += reach
    return _body(times, ankles), contact


def _body(times: FloatArray, ankles: FloatArray) -> FloatArray:
    points = np.zeros((len(times), len(BODY_POINTS), 3))
    leg = _SIZE["thigh"] + _SIZE["shank"]
    pelvis = ankles.mean(axis=1)
    pelvis[:, 1] = 0.0
    pelvis[:, 2] = _SIZE["ankle"] + 0.95 * leg
    apart = ankles[:, 0, 0] - ankles[:, 1, 0]
    up = np.array([0.0, 0.0, 1.0])
    neck = pelvis + _SIZE["trunk"] * up
    points[:, POINT["head"]] = neck + _SIZE["neck"] * up
    for side, name, sign in ((0, "left", 1.0), (1, "right", -1.0)):
        across = np.array([0.0, sign, 0.0])
        hip, ankle = pelvis + _SIZE["hip"] * across, ankles[:, side]
        shoulder = neck + _SIZE["shoulder"] * across
        swing = -0.5 * sign * apart
        elbow = shoulder + _SIZE["upper_arm"] * _hanging(swing)
        points[:, POINT[f"{name}_hip"]] = hip
        points[:, POINT[f"{name}_knee"]] = _knee(hip, ankle)
        points[:, POINT[f"{name}_ankle"]] = ankle
        sole = ankle - _SIZE["ankle"] * up
        points[:, POINT[f"{name}_heel"]] = sole - np.array([_SIZE["heel_back"], 0.0, 0.0])
        points[:, POINT[f"{name}_toe"]] = sole + np.array([_SIZE["toe_front"], 0.0, 0.0])
        points[:, POINT[f"{name}_shoulder"]] = shoulder
        points[:, POINT[f"{name}_elbow"]] = elbow
        points[:, POINT[f"{name}_wrist"]] = elbow + _SIZE["forearm"] * _hanging(swing + 0.6)
    return points


def _hanging(angle: FloatArray) -> FloatArray:
    return np.stack([np.sin(angle), np.zeros_like(angle), -np.cos(angle)], axis=1)


def _knee(hip: FloatArray, ankle: FloatArray) -> FloatArray:
    line = ankle - hip
    length = np.minimum(np.linalg.norm(line, axis=1), 0.999 * (_SIZE["thigh"] + _SIZE["shank"]))
    half = 0.5 * length
    out = np.sqrt(np.maximum(_SIZE["thigh"] ** 2 - half**2, 0.0))
    forward = np.cross([0.0, 1.0, 0.0], -line)
    forward /= np.linalg.norm(forward, axis=1, keepdims=True)
    forward *= np.sign(forward[:, :1])
    return 0.5 * (hip + ankle) + out[:, None] * forward


def perfect_track(points: FloatArray, camera: Camera, rate_hz: float = 30.0) -> PoseTrack:
    """The track of a network without error for points [T, 17, 3] m in world."""
    frames = len(points)
    seen = (points - camera.position_in_world) @ camera.rotation_world_camera
    landmarks = np.zeros((frames, 33, 3))
    landmarks[:] = seen[:, [POINT["head"]]]
    for name, index in POINT.items():
        if name != "head":
            landmarks[:, LANDMARK[name]] = seen[:, index]
    for side in ("left", "right"):
        wrist = landmarks[:, LANDMARK[f"{side}_wrist"]]
        forearm = wrist - landmarks[:, LANDMARK[f"{side}_elbow"]]
        forward = camera.rotation_world_camera.T @ [0.0, 0.0, 1.0]
        landmarks[:, LANDMARK[f"{side}_index"]] = wrist + 0.3 * forearm + 0.03 * forward
        landmarks[:, LANDMARK[f"{side}_pinky"]] = wrist + 0.3 * forearm - 0.03 * forward
    pixel = landmarks[..., :2] / landmarks[..., 2:] * camera.focal_px
    hip = 0.5 * (landmarks[:, LANDMARK["left_hip"]] + landmarks[:, LANDMARK["right_hip"]])
    world = landmarks - hip[:, None]
    for frame in range(frames):
        ray = hip[frame] / np.linalg.norm(hip[frame])
        axis = np.cross([0.0, 0.0, 1.0], ray)
        sine = np.linalg.norm(axis)
        turn = Rotation.from_rotvec(axis / max(sine, 1e-12) * np.arcsin(sine))
        world[frame] = turn.inv().apply(world[frame])
    size = np.ptp(pixel, axis=1).max(axis=1) * 1.25
    hands = np.full((frames, 2, 21, 3), np.nan)
    return PoseTrack(
        times_s=np.arange(frames) / rate_hz,
        image_size=camera.size,
        valid=np.ones(frames, dtype=np.bool_),
        landmarks_px=pixel + np.array(camera.size) / 2.0,
        landmarks_world=world,
        visibility=np.ones((frames, 33)),
        score=np.ones(frames),
        roi=np.stack([*np.zeros((2, frames)), size, np.zeros(frames)], axis=1),
        hand_px=hands[..., :2].copy(),
        hand_world=hands,
        hand_score=np.zeros((frames, 2)),
    )
