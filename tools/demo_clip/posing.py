"""Turns the choreography into postures: feet planted exactly, centre of mass where it must be.

Axes: x forward, y left, z up. The legs follow from pelvis and feet by two-link inverse kinematics;
the pelvis is moved until the centre of mass lies where the choreography wants it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tools.demo_clip import choreography as dance
from tools.demo_clip.body import Body

FloatArray = npt.NDArray[np.float64]

_SIDES = ("Left", "Right")
_FINGERS = ("Index", "Middle", "Ring", "Pinky")
_CLAVICLE_SHARE = 0.22
_STANDING_REACH = 0.992
_COM_TOLERANCE_M = 1e-6

# De Leva 1996, male: share of body mass, segment ends, distance of the mass from the first end.
_MASSES = (
    (0.0694, "Head", "Head tail", 0.45),
    (0.1596, "Spine2", "Neck", 0.45),
    (0.1633, "Spine", "Spine2", 0.45),
    (0.1117, "Hips", "Spine", 0.30),
    *((0.0271, f"{s}Arm", f"{s}ForeArm", 0.577) for s in _SIDES),
    *((0.0162, f"{s}ForeArm", f"{s}Hand", 0.457) for s in _SIDES),
    *((0.0061, f"{s}Hand", f"{s}HandMiddle1", 0.79) for s in _SIDES),
    *((0.1416, f"{s}UpLeg", f"{s}Leg", 0.41) for s in _SIDES),
    *((0.0433, f"{s}Leg", f"{s}Foot", 0.446) for s in _SIDES),
    *((0.0137, f"{s}Foot", f"{s}ToeBase", 0.45) for s in _SIDES),
)


@dataclass(frozen=True)
class Posture:
    """One frame: attitude (identity at rest) and head position of every bone in the world."""

    R_world_bone: dict[str, FloatArray]
    position_in_world: dict[str, FloatArray]
    contact: tuple[bool, bool]


def turn(axis: npt.ArrayLike, angle_rad: float) -> FloatArray:
    """[3, 3] rotation about an axis (Rodrigues)."""
    x, y, z = np.asarray(axis, dtype=float) / np.linalg.norm(axis)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    sine, versine = np.sin(angle_rad), 1.0 - np.cos(angle_rad)
    return np.asarray(np.eye(3) + sine * cross + versine * cross @ cross)


def _frame(along: FloatArray, hinge: FloatArray) -> FloatArray:
    """Orthonormal [3, 3] with first column along, second the hinge made square to it."""
    first = along / np.linalg.norm(along)
    second = hinge - first * (hinge @ first)
    second /= np.linalg.norm(second)
    return np.stack([first, second, np.cross(first, second)], axis=1)


def _angle(a: FloatArray, b: FloatArray) -> float:
    return float(np.arctan2(np.linalg.norm(np.cross(a, b)), a @ b))


def _upper_body(body: Body, angle: dict[str, float]) -> dict[str, FloatArray]:
    """Rotations of spine, neck, head, arms and fingers against their parents."""
    x, y, z = np.eye(3)
    third = turn(z, angle["torso_yaw"] / 3.0) @ turn(y, angle["torso_lean"] / 3.0)
    rotation = dict.fromkeys(("Spine", "Spine1", "Spine2"), third)
    half = turn(z, angle["head_yaw"] / 2.0) @ turn(y, angle["head_lean"] / 2.0)
    rotation["Neck"] = rotation["Head"] = half
    for side in _SIDES:
        sign, low = (1.0, "left") if side == "Left" else (-1.0, "right")
        joints = [body.heads[f"{side}{bone}"] for bone in ("Arm", "ForeArm", "Hand")]
        upper, fore = joints[1] - joints[0], joints[2] - joints[1]
        hinge = np.cross(upper, fore)
        hanging = _frame(-z, -y) @ _frame(upper, hinge).T
        clavicle = _CLAVICLE_SHARE * max(0.0, angle[f"{low}_abduction"] - np.deg2rad(25.0))
        rotation[f"{side}Shoulder"] = turn(x, sign * clavicle)
        rotation[f"{side}Arm"] = (
            turn(x, sign * (angle[f"{low}_abduction"] - clavicle))
            @ turn(y, -angle[f"{low}_flexion"])
            @ turn(z, sign * angle[f"{low}_rotation"])
            @ hanging
        )
        bend = angle[f"{low}_elbow"] - _angle(upper, fore)
        rotation[f"{side}ForeArm"] = turn(hinge, bend)
        rotation.update(_fingers(body, side, angle["curl"]))
    return rotation


def _fingers(body: Body, side: str, curl_rad: float) -> dict[str, FloatArray]:
    """Fingers bent by `curl_rad` at each joint, about the axis across the knuckles."""
    across = body.heads[f"{side}HandPinky1"] - body.heads[f"{side}HandIndex1"]
    along = body.heads[f"{side}HandMiddle1"] - body.heads[f"{side}Hand"]
    palm = np.cross(across, along) * (1.0 if side == "Left" else -1.0)
    bend = turn(np.cross(along, -palm), curl_rad)
    return {f"{side}Hand{finger}{k}": bend for finger in _FINGERS for k in (1, 2, 3)}


def _leg(
    body: Body, side: str, pelvis: tuple[FloatArray, FloatArray], foot: dance.FootPose
) -> dict[str, FloatArray]:
    """Hip, knee and ankle rotations that put the foot in place."""
    hip_rest, knee_rest, ankle_rest = (body.heads[side + b] for b in ("UpLeg", "Leg", "Foot"))
    thigh, shank = knee_rest - hip_rest, ankle_rest - knee_rest
    a, b = float(np.linalg.norm(thigh)), float(np.linalg.norm(shank))
    R_world_pelvis, hips = pelvis
    hip = hips + R_world_pelvis @ (hip_rest - body.heads["Hips"])
    ankle = np.array([*foot.ankle_xy, ankle_rest[2] + foot.lift_m])
    reach = ankle - hip
    distance = float(np.linalg.norm(reach))
    if distance >= a + b:
        raise ValueError(f"{side} foot out of reach: {distance:.3f} m > {a + b:.3f} m")
    down = reach / distance
    R_world_foot = turn([0, 0, 1], foot.heading_rad) @ turn([0, 1, 0], foot.pitch_rad)
    outward = 1.5 * foot.heading_rad
    front = turn([0, 0, 1], outward) @ np.array([1.0, 0.0, 0.0])
    front -= down * (front @ down)
    front /= np.linalg.norm(front)
    along = (a * a - b * b + distance * distance) / (2.0 * distance)
    knee = hip + down * along + front * np.sqrt(max(a * a - along * along, 0.0))
    hinge = np.cross(front, down)
    rest_hinge = np.array([0.0, 1.0, 0.0])
    R_world_thigh = _frame(knee - hip, hinge) @ _frame(thigh, rest_hinge).T
    R_world_shank = _frame(ankle - knee, hinge) @ _frame(shank, rest_hinge).T
    return {
        f"{side}UpLeg": R_world_pelvis.T @ R_world_thigh,
        f"{side}Leg": R_world_thigh.T @ R_world_shank,
        f"{side}Foot": R_world_shank.T @ R_world_foot,
    }


def centre_of_mass(body: Body, posture: Posture) -> FloatArray:
    """[3] m in the world, from segment masses."""
    position = dict(posture.position_in_world)
    length = body.tails["Head"] - body.heads["Head"]
    position["Head tail"] = position["Head"] + posture.R_world_bone["Head"] @ length
    total = sum(mass for mass, *_ in _MASSES)
    moment = sum(m * ((1.0 - s) * position[a] + s * position[b]) for m, a, b, s in _MASSES)
    return np.asarray(moment) / total


def standing_pelvis_height_m(body: Body) -> float:
    """Height of the hip bone's head with almost straight legs."""
    hip, knee, ankle = (body.heads["Left" + bone] for bone in ("UpLeg", "Leg", "Foot"))
    leg = np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee)
    sideways = dance.STANCE_HALF_WIDTH_M - hip[1]
    drop = np.sqrt((_STANDING_REACH * leg) ** 2 - sideways**2)
    return float(ankle[2] + drop + body.heads["Hips"][2] - hip[2])


def pose_at(body: Body, time_s: float, com_xy: FloatArray) -> Posture:
    """The posture at a time, with its centre of mass above `com_xy` [2] m."""
    angle = dance.angles_rad(time_s)
    upper = _upper_body(body, angle)
    feet = {side: dance.foot(side, time_s) for side in _SIDES}
    R_world_pelvis = turn([0, 0, 1], angle["pelvis_yaw"]) @ turn([0, 1, 0], angle["pelvis_lean"])
    height = standing_pelvis_height_m(body) - dance.pelvis_drop_m(time_s)
    root = np.array([*com_xy, height])
    for _ in range(50):
        rotation = {**upper, "Hips": R_world_pelvis}
        for side in _SIDES:
            rotation.update(_leg(body, side, (R_world_pelvis, root), feet[side]))
        attitude, position = body.pose(rotation, root)
        posture = Posture(attitude, position, (feet["Left"].contact, feet["Right"].contact))
        error = com_xy - centre_of_mass(body, posture)[:2]
        if np.abs(error).max() < _COM_TOLERANCE_M:
            return posture
        root[:2] += error
    raise ValueError(f"centre of mass not reached at {time_s:.2f} s: {error} m off")


def perform(body: Body) -> list[Posture]:
    """All postures of the clip, one a frame."""
    times = dance.times_s()
    rest = Posture({b: np.eye(3) for b in body.bones}, body.heads, (True, True))
    com = dance.com_in_world(times, float(centre_of_mass(body, rest)[2]))
    return [pose_at(body, float(t), xy) for t, xy in zip(times, com, strict=True)]
