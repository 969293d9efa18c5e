"""Truth to measure recovered motion against: rendered persons, calibrated captures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np

from exoactor_rt.errors import MotionError
from exoactor_rt.motion.body import ANKLE_TO_EAR_OF_HEIGHT, BODY_POINTS, POINT, ankle_to_ear
from exoactor_rt.motion.floor import remove_floor_drift
from exoactor_rt.motion.landmarks import LANDMARK, body_from_landmarks
from exoactor_rt.motion.metrics import (
    MEASURED,
    MEASURED_KEYPOINTS,
    MotionAccuracy,
    contact_f1,
    motion_accuracy,
)
from exoactor_rt.motion.recovery import Recovery
from exoactor_rt.types import BoolArray, FloatArray

_MIXAMO = {
    "shoulder": "Arm",
    "elbow": "ForeArm",
    "wrist": "Hand",
    "hip": "UpLeg",
    "knee": "Leg",
    "ankle": "Foot",
    "toe": "ToeBase",
}
_HEEL_BEHIND_ANKLE_M = 0.055
_MM = 1e-3
_QUALISYS_SUBPIXELS = 64.0


@dataclass(frozen=True)
class Truth:
    """A true motion as one camera would measure it.

    Attributes:
        times_s: [T] s, in the clip.
        points_in_camera: [T, 12, 3] m, in the order of MEASURED_KEYPOINTS; NaN where unknown.
        up_in_camera: [3] unit.
        focal_px: true focal length.
        contact: [T, 2] by the rule of `foot_contact` on the true feet; None where unknown.
        height_m: of the person; for a capture what its own skeleton amounts to by the proportions
            of `body`, so that the scale of both is the same.
    """

    times_s: FloatArray
    points_in_camera: FloatArray
    up_in_camera: FloatArray
    focal_px: float
    contact: BoolArray | None
    height_m: float


def load_rendered_truth(path: Path | str, height_m: float) -> Truth:
    """Truth of a rendered person of known height: Mixamo joints in world, camera pose, matrix."""
    with np.load(path, allow_pickle=False) as stored:
        names = [str(name) for name in stored["joint_names"]]
        joints = stored["joints_world"].astype(np.float64)
        rotation = stored["R_camera_world"]
        camera = (joints - stored["camera_position_world"]) @ rotation.T
        rate_hz, focal, times = float(stored["fps"]), float(stored["K"][0, 0]), stored["t"]

    def column(part: str) -> int:
        side, _, joint = part.partition("_")
        return names.index(side.capitalize() + _MIXAMO[joint])

    body = np.zeros((len(joints), len(BODY_POINTS), 3))
    for name, index in POINT.items():
        if name == "head":
            body[:, index] = joints[:, names.index("Head")]
        elif not name.endswith("heel"):
            body[:, index] = joints[:, column(name)]
    for side in ("left", "right"):
        ankle, toe = body[:, POINT[f"{side}_ankle"]], body[:, POINT[f"{side}_toe"]]
        body[:, POINT[f"{side}_heel"]] = _heel(ankle, toe)
    _, contact, _ = remove_floor_drift(body, rate_hz, 0.0)
    measured = [column(name) for name in MEASURED_KEYPOINTS]
    return Truth(times, camera[:, measured], rotation[:, 2], focal, contact, height_m)


def load_keypoint_truth(path: Path | str) -> Truth:
    """Truth of a rendered person as keypoints in world, contacts and the camera's pose."""
    with np.load(path, allow_pickle=False) as stored:
        names = [str(name) for name in stored["keypoint_names"]]
        rotation = stored["R_camera_world"]
        world = stored["keypoints_in_world"] - stored["camera_position_in_world"]
        measured = [names.index(name) for name in MEASURED_KEYPOINTS]
        return Truth(
            times_s=stored["times_s"],
            points_in_camera=(world @ rotation.T)[:, measured],
            up_in_camera=rotation[:, 2],
            focal_px=float(stored["K"][0, 0]),
            contact=stored["contact"].astype(np.bool_),
            height_m=float(stored["height_m"]),
        )


def load_calibrated_truth(points: Path | str, calibration: Path | str, camera: str) -> Truth:
    """Truth triangulated from several views, as one of the Qualisys-calibrated cameras sees it.

    Args:
        points: npz with `X [T, 33, 3] m`, BlazePose landmarks in a z-up world.
        calibration: Qualisys XML of the cameras.
        camera: serial of the camera.
    """
    with np.load(points, allow_pickle=False) as stored:
        world = stored["X"]
    for element in ElementTree.parse(calibration).getroot().iterfind("cameras/camera"):
        if element.attrib["serial"] == camera:
            break
    else:
        raise MotionError(f"calibration {calibration}: no camera {camera!r}; not loaded")
    pose, lens = element.find("transform"), element.find("intrinsic")
    assert pose is not None and lens is not None
    turn = np.array([[float(pose.attrib[f"r{i}{j}"]) for j in (1, 2, 3)] for i in (1, 2, 3)])
    place = np.array([float(pose.attrib[axis]) for axis in "xyz"]) * _MM
    rotation = np.diag([1.0, -1.0, -1.0]) @ turn
    measured = [LANDMARK[name] for name in MEASURED_KEYPOINTS]
    body = body_from_landmarks(world)
    return Truth(
        times_s=np.arange(len(world)) / 60.0,
        points_in_camera=(world[:, measured] - place) @ rotation.T,
        up_in_camera=rotation[:, 2],
        focal_px=float(lens.attrib["focalLengthU"]) / _QUALISYS_SUBPIXELS,
        contact=None,
        height_m=ankle_to_ear(body[np.isfinite(body).all(axis=(1, 2))]) / ANKLE_TO_EAR_OF_HEIGHT,
    )


def accuracy_against(recovery: Recovery, truth: Truth) -> tuple[MotionAccuracy, float | None]:
    """Figures of a recovery, and the F1 of its contacts where the truth knows them."""
    motion = recovery.motion
    times = motion.source_start_s + np.arange(len(motion.contact)) / motion.rate_hz
    flat = truth.points_in_camera.reshape(len(truth.times_s), -1)
    known = np.isfinite(flat).all(axis=1)
    inside = (times >= truth.times_s[known][0]) & (times <= truth.times_s[known][-1] + 1e-6)
    true_points = np.stack(
        [np.interp(times[inside], truth.times_s[known], c[known]) for c in flat.T], axis=1
    ).reshape(-1, len(MEASURED), 3)
    points = motion.keypoints_in_world[inside][:, MEASURED] @ recovery.rotation_world_camera
    accuracy = motion_accuracy(
        points,
        true_points,
        recovery.rotation_world_camera[2],
        truth.up_in_camera,
        motion.rate_hz,
    )
    if truth.contact is None:
        return accuracy, None
    nearest = np.abs(times[inside][:, None] - truth.times_s[None, :]).argmin(axis=1)
    return accuracy, contact_f1(motion.contact[inside], truth.contact[nearest])


def _heel(ankle: FloatArray, toe: FloatArray) -> FloatArray:
    """Heel of a foot that turns about one axis only, from ankle and ball, [T, 3] m, z-up."""
    line = toe - ankle
    length = np.linalg.norm(line, axis=1, keepdims=True)
    drop = np.percentile(ankle[:, 2], 10) - np.percentile(toe[:, 2], 10)
    slope = np.arcsin(np.clip(drop / np.median(length), -1.0, 1.0))
    side = np.cross(line, [0.0, 0.0, 1.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    down = np.cross(line / length, side)
    down *= -np.sign(down[:, 2:])
    forward = line / length * np.cos(slope) - down * np.sin(slope)
    under = line / length * np.sin(slope) + down * np.cos(slope)
    heel: FloatArray = ankle + drop * under - _HEEL_BEHIND_ANKLE_M * forward
    return heel
