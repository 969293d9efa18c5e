"""What the person does and when: angle, height and foot channels over the clip's time.

Stand, raise both arms and wave with the right hand, turn the torso left and right, squat, step
forward with the left foot, close with the right, stand.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

RATE_HZ = 30.0
DURATION_S = 12.0
STEP_LENGTH_M = 0.38
STEP_HEIGHT_M = 0.10
STANCE_HALF_WIDTH_M = 0.115
TOE_OUT_RAD = np.deg2rad(6.0)
GRAVITY_M_S2 = 9.81

LEFT_SWING_S = (9.25, 9.92)
RIGHT_SWING_S = (10.28, 10.95)
SWINGS_S = {"Left": LEFT_SWING_S, "Right": RIGHT_SWING_S}

_KEYS_DEG: dict[str, list[tuple[float, float]]] = {
    "left_abduction": [(1.0, 9), (1.95, 100), (3.45, 100), (4.25, 9)],
    "right_abduction": [(1.0, 9), (1.85, 98), (3.45, 98), (4.25, 9)],
    "left_rotation": [(1.1, 0), (1.9, 72), (3.45, 72), (4.2, 0)],
    "right_rotation": [(1.0, 0), (1.8, 76), (3.45, 76), (4.2, 0)],
    "left_flexion": [(6.95, 0), (7.75, 98), (8.0, 98), (8.75, 0)],
    "right_flexion": [(6.95, 0), (7.75, 98), (8.0, 98), (8.75, 0)],
    "left_elbow": [(1.0, 14), (1.8, 62), (3.45, 62), (4.3, 14), (7.0, 14), (7.75, 24), (8.75, 14)],
    "right_elbow": [(1.0, 14), (1.8, 68), (3.45, 68), (4.3, 14), (7.0, 14), (7.75, 24), (8.75, 14)],
    "curl": [(1.0, 22), (1.7, 4), (3.5, 4), (4.3, 22)],
    "pelvis_yaw": [
        *[(4.3, 0), (5.0, 8), (5.1, 8), (6.05, -8), (6.15, -8), (6.85, 0)],
        *[(9.2, 0), (9.9, -4), (10.3, -4), (10.95, 0)],
    ],
    "pelvis_lean": [(6.9, 0), (7.75, 16), (7.95, 16), (8.8, 0)],
    "torso_yaw": [
        *[(4.25, 0), (5.0, 32), (5.1, 32), (6.05, -32), (6.15, -32), (6.85, 0)],
        *[(9.2, 0), (9.9, 5), (10.3, 5), (10.95, 0)],
    ],
    "torso_lean": [(6.9, 0), (7.75, 20), (7.95, 20), (8.8, 0), (9.2, 0), (9.6, 3), (11.2, 0)],
    "head_yaw": [(4.15, 0), (4.9, 12), (5.1, 12), (5.95, -12), (6.15, -12), (6.8, 0)],
    "head_lean": [(6.9, 2), (7.75, -22), (7.95, -22), (8.8, 2)],
}
_PELVIS_DROP_M = [(6.9, 0.0), (7.75, 0.28), (7.95, 0.28), (8.8, 0.0)]
_STEP_DROP_M = [(8.8, 0.0), (9.6, 0.055), (10.5, 0.055), (11.3, 0.0)]
_WAVE_S = (2.0, 3.4)
_WAVE_RATE_HZ = 1.75
_WAVE_RAD = np.deg2rad(20.0)
_ARM_SWING_RAD = np.deg2rad(9.0)
_ZMP_FORWARD_OF_ANKLE_M = 0.045
_ZMP_INWARD_OF_ANKLE_M = 0.012


@dataclass(frozen=True)
class FootPose:
    """Where a foot is: ankle offset from its place at rest height, heading, pitch, and contact."""

    ankle_xy: FloatArray
    lift_m: float
    heading_rad: float
    pitch_rad: float
    contact: bool


def times_s() -> FloatArray:
    """[T] s, the frames' times."""
    return np.arange(round(DURATION_S * RATE_HZ)) / RATE_HZ


def blend(fraction: npt.ArrayLike) -> FloatArray:
    """Minimum-jerk blend: 0 before 0, 1 after 1 (Flash and Hogan 1985)."""
    x = np.clip(fraction, 0.0, 1.0)
    return np.asarray(x**3 * (10.0 - 15.0 * x + 6.0 * x**2))


def channel(keys: list[tuple[float, float]], time_s: npt.ArrayLike) -> FloatArray:
    """Keys (time s, value) joined by minimum-jerk blends, constant outside."""
    t = np.asarray(time_s, dtype=float)
    value = np.full(t.shape, keys[0][1], dtype=float)
    for (t0, v0), (t1, v1) in itertools.pairwise(keys):
        value += (v1 - v0) * blend((t - t0) / (t1 - t0))
    return value


def angles_rad(time_s: float) -> dict[str, float]:
    """All joint channels at one time, rad."""
    angle = {name: float(np.deg2rad(channel(keys, time_s))) for name, keys in _KEYS_DEG.items()}
    envelope = float(blend((time_s - _WAVE_S[0]) / 0.25) * blend((_WAVE_S[1] - time_s) / 0.25))
    wave = envelope * np.sin(2.0 * np.pi * _WAVE_RATE_HZ * (time_s - _WAVE_S[0]))
    angle["right_elbow"] += _WAVE_RAD * wave
    angle["right_rotation"] += 0.35 * _WAVE_RAD * wave
    swing = {side: float(blend((time_s - t0) / (t1 - t0))) for side, (t0, t1) in SWINGS_S.items()}
    relative = swing["Left"] - swing["Right"]
    angle["left_flexion"] -= _ARM_SWING_RAD * relative
    angle["right_flexion"] += _ARM_SWING_RAD * relative
    breath = np.sin(2.0 * np.pi * 0.27 * time_s)
    angle["torso_lean"] += np.deg2rad(0.5) * breath
    angle["left_abduction"] += np.deg2rad(0.6) * breath
    angle["right_abduction"] += np.deg2rad(0.6) * breath
    return angle


def pelvis_drop_m(time_s: float) -> float:
    """How far the pelvis is below its height at standing."""
    return float(channel(_PELVIS_DROP_M, time_s) + channel(_STEP_DROP_M, time_s))


def foot(side: str, time_s: float) -> FootPose:
    """Pose of the `Left` or `Right` foot: planted exactly but for its one swing."""
    t0, t1 = SWINGS_S[side]
    sign = 1.0 if side == "Left" else -1.0
    phase = float(np.clip((time_s - t0) / (t1 - t0), 0.0, 1.0))
    hump = (4.0 * phase * (1.0 - phase)) ** 2
    return FootPose(
        ankle_xy=np.array([STEP_LENGTH_M * float(blend(phase)), sign * STANCE_HALF_WIDTH_M]),
        lift_m=STEP_HEIGHT_M * hump,
        heading_rad=sign * TOE_OUT_RAD,
        pitch_rad=float(np.deg2rad(20.0) * hump * np.cos(np.pi * phase)),
        contact=not t0 < time_s < t1,
    )


def zmp_in_world(times: FloatArray) -> FloatArray:
    """[T, 2] m, zero-moment point: between the feet, or under the standing foot in a swing."""
    shift = [LEFT_SWING_S[0] - 0.42, *LEFT_SWING_S, *RIGHT_SWING_S, RIGHT_SWING_S[1] + 0.42]
    y = STANCE_HALF_WIDTH_M - _ZMP_INWARD_OF_ANKLE_M
    lateral = [(shift[0], 0.0), (shift[1], -y), (shift[2], -y), (shift[3], y), (shift[4], y)]
    lateral.append((shift[5], 0.0))
    x0, x1 = _ZMP_FORWARD_OF_ANKLE_M, _ZMP_FORWARD_OF_ANKLE_M + STEP_LENGTH_M
    forward = [(shift[2], x0), (shift[3], x1)]
    return np.stack([channel(forward, times), channel(lateral, times)], axis=-1)


def com_in_world(times: FloatArray, com_height_m: float) -> FloatArray:
    """[T, 2] m, centre of mass whose zero-moment point is `zmp_in_world`.

    Solves x - (h / g) x'' = p with x resting at both ends (Kajita's table-cart model).
    """
    count = len(times)
    stiffness = com_height_m / GRAVITY_M_S2 * RATE_HZ**2
    system = np.eye(count) * (1.0 + 2.0 * stiffness)
    system -= stiffness * (np.eye(count, k=1) + np.eye(count, k=-1))
    system[0, 0] = system[-1, -1] = 1.0 + stiffness
    return np.asarray(np.linalg.solve(system, zmp_in_world(times)))
