"""How far a recovered motion is from the truth: the figures of the human-motion literature.

MPJPE and PA-MPJPE as in Human3.6M and 3DPW; WA-MPJPE and RTE as in WHAM (Shin et al. 2024), over
the whole sequence.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt.types import KEYPOINTS, BoolArray, FloatArray

MEASURED_KEYPOINTS = (
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""The 12 points that every skeleton has."""

MEASURED = tuple(KEYPOINTS.index(name) for name in MEASURED_KEYPOINTS)
_HIPS = [6, 7]
_ANKLES = [10, 11]
STILL_ANKLE_M_S = 0.15


@dataclass(frozen=True)
class MotionAccuracy:
    """Figures of one recovered motion; NaN in percent where the truth does not move.

    Attributes:
        mpjpe_mm: mean distance of points from mid-hip, in camera axes.
        pa_mpjpe_mm: the same after a similarity transform of each frame.
        wa_mpjpe_mm: mean distance after one similarity transform of the whole sequence.
        rte_first_percent: mean root error with first frames laid over each other, of the path.
        rte_rigid_percent: mean root error after one rigid transform, of the path.
        travel_percent: horizontal distance from first to last root, recovered over true, minus 1.
        foot_slide_mm: motion a frame of ankles that truly stand still.
        jitter: mean third difference, 10 m/s^3.
        true_jitter: the truth's.
        gravity_deg: angle of the recovered vertical to the true one.
    """

    mpjpe_mm: float
    pa_mpjpe_mm: float
    wa_mpjpe_mm: float
    rte_first_percent: float
    rte_rigid_percent: float
    travel_percent: float
    foot_slide_mm: float
    jitter: float
    true_jitter: float
    gravity_deg: float


def motion_accuracy(
    points: FloatArray,
    truth: FloatArray,
    up: FloatArray,
    true_up: FloatArray,
    rate_hz: float,
) -> MotionAccuracy:
    """Compare a motion with the truth, both in camera axes.

    Args:
        points: [T, 12, 3] m, the MEASURED_KEYPOINTS recovered.
        truth: [T, 12, 3] m.
        up: [3] unit, recovered vertical in camera axes.
        true_up: [3] unit.
        rate_hz: frames a second.
    """
    root, true_root = points[:, _HIPS].mean(axis=1), truth[:, _HIPS].mean(axis=1)
    own, true_own = points - root[:, None], truth - true_root[:, None]
    aligned = [align(a, b) for a, b in zip(own, true_own, strict=True)]
    whole = align(points.reshape(-1, 3), truth.reshape(-1, 3)).reshape(points.shape)
    path = float(np.linalg.norm(np.diff(true_root, axis=0), axis=1).sum()) or np.nan
    first = np.linalg.norm((root - root[0]) - (true_root - true_root[0]), axis=1).mean()
    rigid = np.linalg.norm(align(root, true_root, scale=False) - true_root, axis=1).mean()
    return MotionAccuracy(
        mpjpe_mm=1e3 * _distance(own, true_own),
        pa_mpjpe_mm=1e3 * _distance(np.array(aligned), true_own),
        wa_mpjpe_mm=1e3 * _distance(whole, truth),
        rte_first_percent=100.0 * float(first) / path,
        rte_rigid_percent=100.0 * float(rigid) / path,
        travel_percent=100.0 * (_travel(root, up) / (_travel(true_root, true_up) or np.nan) - 1.0),
        foot_slide_mm=_foot_slide_mm(points, truth, rate_hz),
        jitter=_jitter(points, rate_hz),
        true_jitter=_jitter(truth, rate_hz),
        gravity_deg=float(np.degrees(np.arccos(np.clip(up @ true_up, -1.0, 1.0)))),
    )


def contact_f1(contact: BoolArray, truth: BoolArray) -> float:
    """Harmonic mean of precision and recall of contact labels [T, 2]."""
    hits = int((contact & truth).sum())
    return 2.0 * hits / max(int(contact.sum()) + int(truth.sum()), 1)


def align(points: FloatArray, onto: FloatArray, scale: bool = True) -> FloatArray:
    """Best similarity (or rigid) transform of points [N, 3] onto others (Umeyama 1991)."""
    centre, onto_centre = points.mean(axis=0), onto.mean(axis=0)
    a, b = points - centre, onto - onto_centre
    u, size, vt = np.linalg.svd(a.T @ b)
    sign = np.array([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    factor = float(size @ sign) / float((a**2).sum()) if scale else 1.0
    moved: FloatArray = factor * a @ (u * sign) @ vt + onto_centre
    return moved


def _distance(a: FloatArray, b: FloatArray) -> float:
    return float(np.linalg.norm(a - b, axis=-1).mean())


def _travel(root: FloatArray, up: FloatArray) -> float:
    way = root[-1] - root[0]
    return float(np.linalg.norm(way - (way @ up) * up))


def _jitter(points: FloatArray, rate_hz: float) -> float:
    return float(np.linalg.norm(np.diff(points, 3, axis=0), axis=2).mean()) * rate_hz**3 / 10.0


def _foot_slide_mm(points: FloatArray, truth: FloatArray, rate_hz: float) -> float:
    step = np.linalg.norm(np.diff(points[:, _ANKLES], axis=0), axis=2)
    true_step = np.linalg.norm(np.diff(truth[:, _ANKLES], axis=0), axis=2)
    still = true_step * rate_hz < STILL_ANKLE_M_S
    return 1e3 * float(step[still].mean()) if still.any() else np.nan
