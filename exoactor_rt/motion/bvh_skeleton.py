"""From the joints of a BVH file to the 17 body points: names, kinematics, units, up axis."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.errors import MotionError
from exoactor_rt.motion.bvh_file import BvhClip
from exoactor_rt.types import FloatArray

_SIDED_NAMES = {
    "shoulder": ("{S}arm", "{S}uparm", "{s}humerus", "{s}shldr", "{S}shoulder"),
    "elbow": ("{S}forearm", "{S}lowarm", "{S}elbow", "{s}radius", "{s}forearm"),
    "wrist": ("{S}wrist", "{s}wrist", "{S}hand", "{s}hand"),
    "hip": ("{S}upleg", "{S}thigh", "{S}hip", "{s}femur", "{s}thigh", "{s}hip"),
    "knee": ("{S}leg", "{S}lowleg", "{S}knee", "{s}tibia", "{s}shin", "{s}knee"),
    "ankle": ("{S}foot", "{S}ankle", "{s}foot", "{s}ankle"),
    "toe": ("{S}toebase", "{S}toe", "{s}toes", "{s}toe"),
    "thumb": ("{S}handthumb1", "{s}thumb", "{S}thumb"),
}
_MIDDLE_NAMES = {
    "pelvis": ("hips", "hip", "pelvis", "root"),
    "chest": ("spine3", "spine2", "chest3", "chest2", "thorax", "chest", "spine1", "spine"),
    "head": ("head",),
}
_OPTIONAL = ("left_toe", "right_toe", "left_thumb", "right_thumb")
_ROOT_FALLBACK = "pelvis"
UP_AXIS_DOMINANCE = 0.6
_Y_UP_TO_WORLD = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])

UNITS_M = {"m": 1.0, "cm": 0.01, "inch": 0.0254, "CMU ASF": 0.0254 / 0.45, "mm": 0.001}
"""Metres a file unit; the Acclaim files of CMU count in 0.45 inch."""
PLAUSIBLE_LEG_M = (0.60, 1.10)


@dataclass(frozen=True)
class JointTrajectories:
    """Joints over time in the file's units and axes.

    Attributes:
        joints: name of the part -> joint index; parts as in `find_joints`.
        position: [T, J, 3] file units.
        rotation: [T, J, 3, 3] joint into file axes.
    """

    joints: dict[str, int]
    position: FloatArray
    rotation: FloatArray


def find_joints(clip: BvhClip, source: str) -> dict[str, int]:
    """Indices of the joints that the body needs, under the names of CMU, LAFAN or Mixamo.

    Where a name means different joints in different files (`LeftShoulder` is the collar beside a
    `LeftArm`), the unambiguous one wins.

    Raises:
        MotionError: a joint is missing.
    """
    known = {_plain(name): index for index, name in reversed(list(enumerate(clip.names)))}
    wanted = dict(_MIDDLE_NAMES)
    for side in ("left", "right"):
        for part, patterns in _SIDED_NAMES.items():
            wanted[f"{side}_{part}"] = tuple(p.format(S=side, s=side[0]) for p in patterns)
    found: dict[str, int] = {}
    missing = []
    for part, names in wanted.items():
        match = next((known[name] for name in names if name in known), None)
        if match is not None:
            found[part] = match
        elif part == _ROOT_FALLBACK:
            found[part] = 0
        elif part not in _OPTIONAL:
            missing.append(part)
    if missing:
        raise MotionError(
            f"bvh {source}: no joint for {', '.join(missing)} among {len(clip.names)} joints "
            f"({', '.join(clip.names[:8])}, ...); not loaded"
        )
    return found


def joint_trajectories(clip: BvhClip, source: str) -> JointTrajectories:
    """Forward kinematics of all frames.

    Raises:
        MotionError: a joint that the body needs is missing.
    """
    frames, count = len(clip.samples), len(clip.names)
    position = np.zeros((frames, count, 3))
    rotation = np.zeros((frames, count, 3, 3))
    column = 0
    for joint, parent in enumerate(clip.parents):
        channels = clip.channels[joint]
        values = clip.samples[:, column : column + len(channels)]
        column += len(channels)
        local = np.tile(clip.offsets[joint], (frames, 1))
        turned = [index for index, name in enumerate(channels) if name.endswith("rotation")]
        for index, name in enumerate(channels):
            if name.endswith("position"):
                local[:, "xyz".index(name[0])] = values[:, index]
        turn = np.broadcast_to(np.eye(3), (frames, 3, 3))
        if turned:
            order = "".join(channels[index][0].upper() for index in turned)
            turn = Rotation.from_euler(order, values[:, turned], degrees=True).as_matrix()
        if parent < 0:
            position[:, joint], rotation[:, joint] = local, turn
        else:
            step = np.einsum("tij,tj->ti", rotation[:, parent], local)
            position[:, joint] = position[:, parent] + step
            rotation[:, joint] = rotation[:, parent] @ turn
    return JointTrajectories(find_joints(clip, source), position, rotation)


def end_site(clip: BvhClip, motion: JointTrajectories, joint: int) -> FloatArray | None:
    """Position [T, 3] of the end site of a joint, or of its only child's; None without one."""
    offset = clip.end_offsets.get(joint)
    if offset is None or not np.linalg.norm(offset) > 0.0:
        return None
    tip: FloatArray = motion.position[:, joint] + motion.rotation[:, joint] @ offset
    return tip


def axes_to_world(motion: JointTrajectories) -> tuple[FloatArray, str]:
    """Rotation [3, 3] of the file's axes into a z-up world, and the name of the up axis.

    BVH is y-up by custom; a file whose person stands along z is taken as z-up.
    """
    feet = 0.5 * sum(motion.position[:, motion.joints[f"{s}_ankle"]] for s in ("left", "right"))
    upright = np.median(motion.position[:, motion.joints["head"]] - feet, axis=0)
    if upright[2] > UP_AXIS_DOMINANCE * np.linalg.norm(upright) and upright[2] > abs(upright[1]):
        return np.eye(3), "z"
    return _Y_UP_TO_WORLD, "y"


def metres_a_unit(leg_units: float, expected_leg_m: float) -> tuple[float, str]:
    """Length of the file's unit, from the length of the skeleton's leg.

    Args:
        leg_units: thigh and shank in file units.
        expected_leg_m: the leg of the expected person, which decides where no unit fits.

    Returns:
        Metres a unit, and the unit's name for the notes.
    """
    low, high = PLAUSIBLE_LEG_M
    fits = [(name, m) for name, m in UNITS_M.items() if low <= leg_units * m <= high]
    if fits:
        name, metres = min(fits, key=lambda fit: abs(leg_units * fit[1] - expected_leg_m))
        return metres, name
    return expected_leg_m / leg_units, "unknown, scaled to the subject's height"


def first_frame_is_foreign(position: FloatArray) -> bool:
    """Frame 0 is a calibration pose: the step to frame 1 dwarfs all others.

    Args:
        position: [T, J, 3].
    """
    step = np.linalg.norm(np.diff(position, axis=0), axis=2).mean(axis=1)
    return bool(len(step) > 3 and step[0] > 5.0 * np.percentile(step[1:], 99) + 1e-6)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", re.sub(r"^mixamorig\d*[:_]?", "", name.lower()))
