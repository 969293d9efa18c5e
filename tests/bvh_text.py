"""Small BVH files for tests: a T-posed figure in several dialects."""

from __future__ import annotations

import numpy as np

TREE = {
    "hips": (None, (0.0, 0.0, 0.0)),
    "chest": ("hips", (0.0, 25.0, 0.0)),
    "head": ("chest", (0.0, 35.0, 0.0)),
    "left_arm": ("chest", (18.0, 22.0, 0.0)),
    "left_elbow": ("left_arm", (28.0, 0.0, 0.0)),
    "left_hand": ("left_elbow", (26.0, 0.0, 0.0)),
    "right_arm": ("chest", (-18.0, 22.0, 0.0)),
    "right_elbow": ("right_arm", (-28.0, 0.0, 0.0)),
    "right_hand": ("right_elbow", (-26.0, 0.0, 0.0)),
    "left_leg": ("hips", (9.0, 0.0, 0.0)),
    "left_knee": ("left_leg", (0.0, -43.0, 0.0)),
    "left_foot": ("left_knee", (0.0, -42.0, 0.0)),
    "left_toe": ("left_foot", (0.0, -6.0, 12.0)),
    "right_leg": ("hips", (-9.0, 0.0, 0.0)),
    "right_knee": ("right_leg", (0.0, -43.0, 0.0)),
    "right_foot": ("right_knee", (0.0, -42.0, 0.0)),
    "right_toe": ("right_foot", (0.0, -6.0, 12.0)),
}
"""Joint -> parent and offset in cm, y up, z forward, left is +x; parents come first."""

DIALECTS = {
    "mixamo": {
        "hips": "mixamorig:Hips",
        "chest": "mixamorig:Spine2",
        "head": "mixamorig:Head",
        "arm": "mixamorig:{S}Arm",
        "elbow": "mixamorig:{S}ForeArm",
        "hand": "mixamorig:{S}Hand",
        "leg": "mixamorig:{S}UpLeg",
        "knee": "mixamorig:{S}Leg",
        "foot": "mixamorig:{S}Foot",
        "toe": "mixamorig:{S}ToeBase",
    },
    "cmu": {
        "hips": "Hips",
        "chest": "thorax",
        "head": "head",
        "arm": "{s}humerus",
        "elbow": "{s}radius",
        "hand": "{s}wrist",
        "leg": "{s}femur",
        "knee": "{s}tibia",
        "foot": "{s}foot",
        "toe": "{s}toes",
    },
    "cgspeed": {
        "hips": "Hips",
        "chest": "Chest2",
        "head": "Head",
        "arm": "{S}Shoulder",
        "elbow": "{S}Elbow",
        "hand": "{S}Wrist",
        "leg": "{S}Hip",
        "knee": "{S}Knee",
        "foot": "{S}Ankle",
        "toe": "{S}Toe",
    },
}


def joint_name(joint: str, dialect: str) -> str:
    side, _, part = joint.rpartition("_")
    return DIALECTS[dialect][part].format(S=side.capitalize(), s=side[:1])


def bvh_text(
    dialect: str = "mixamo",
    *,
    frames: int = 61,
    frame_time_s: float = 1.0 / 60.0,
    heading_deg: float = 0.0,
    units_per_cm: float = 1.0,
    end_sites: bool = True,
) -> str:
    """A figure that stands, turned by `heading_deg`, and sways its arms."""
    lines = ["HIERARCHY"]
    order: list[str] = []
    _write_joint(
        lines,
        order,
        "hips",
        depth=0,
        dialect=dialect,
        units_per_cm=units_per_cm,
        end_sites=end_sites,
    )
    lines += ["MOTION", f"Frames: {frames}", f"Frame Time: {frame_time_s:.7f}"]
    for frame in range(frames):
        row = [0.0, 91.0 * units_per_cm, 0.0, 0.0, heading_deg, 0.0]
        for joint in order[1:]:
            arm = joint.endswith("_arm")
            sway = 60.0 * np.sin(2.0 * np.pi * frame * frame_time_s) if arm else 0.0
            row += [0.0, 0.0, sway]
        lines.append(" ".join(f"{value:.6f}" for value in row))
    return "\n".join(lines) + "\n"


def _write_joint(
    lines: list[str],
    order: list[str],
    joint: str,
    *,
    depth: int,
    dialect: str,
    units_per_cm: float,
    end_sites: bool,
) -> None:
    order.append(joint)
    parent, offset = TREE[joint]
    pad = "  " * depth
    scaled = " ".join(f"{value * units_per_cm:.6f}" for value in offset)
    root = "Xposition Yposition Zposition " if parent is None else ""
    lines += [
        f"{pad}{'ROOT' if parent is None else 'JOINT'} {joint_name(joint, dialect)}",
        f"{pad}{{",
        f"{pad}  OFFSET {scaled}",
        f"{pad}  CHANNELS {6 if root else 3} {root}Zrotation Yrotation Xrotation",
    ]
    children = [name for name, (above, _) in TREE.items() if above == joint]
    for child in children:
        _write_joint(
            lines,
            order,
            child,
            depth=depth + 1,
            dialect=dialect,
            units_per_cm=units_per_cm,
            end_sites=end_sites,
        )
    if not children:
        tip = (0.0, 0.0, 7.0 * units_per_cm) if end_sites and joint.endswith("toe") else (0, 0, 0)
        tip_text = " ".join(str(value) for value in tip)
        lines += [f"{pad}  End Site", f"{pad}  {{", f"{pad}    OFFSET {tip_text}", f"{pad}  }}"]
    lines.append(f"{pad}}}")
