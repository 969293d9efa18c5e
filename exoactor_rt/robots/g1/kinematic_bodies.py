"""The robot's geometry as the MJCF states it: bodies, where they hang and what they turn about."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exoactor_rt.errors import AssetError
from exoactor_rt.robots.g1.joint_table import joint_table
from exoactor_rt.robots.g1.model_files import model_path
from exoactor_rt.types import FloatArray


@dataclass(frozen=True)
class KinematicBodies:
    """The 30 moving bodies; body 0 is the pelvis, body j + 1 is moved by joint j (SDK order).

    Attributes:
        names: body names.
        parents: index of each body's parent; -1 for the pelvis.
        position_in_parent: [30, 3] m.
        quat_parent_body_wxyz: [30, 4] attitude while the joint is at zero.
        joint_axis_in_body: [30, 3] unit; row 0 is unused.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    position_in_parent: FloatArray
    quat_parent_body_wxyz: FloatArray
    joint_axis_in_body: FloatArray


def kinematic_bodies(path: Path | None = None) -> KinematicBodies:
    """Reads the robot's bodies from its MJCF; attributes of joint classes are resolved.

    Args:
        path: an MJCF file; the project's G1 when None.

    Raises:
        AssetError: the file's joints are not the joint table's, in its order, or a body has no
            or several joints.
    """
    path = path or model_path()
    root = ET.parse(path).getroot()  # noqa: S314
    axes = _class_axes(root)
    rows: list[tuple[str, int, str, str, str]] = []
    joints: list[str] = []

    def visit(body: ET.Element, parent: int, inherited_class: str | None) -> None:
        name = body.attrib["name"]
        child_class = body.get("childclass", inherited_class)
        own = body.findall("joint")
        if parent >= 0 and len(own) != 1:
            raise AssetError(f"{path.name}: body {name} has {len(own)} joints, expected 1")
        axis = "0 0 1"
        if own:
            joints.append(own[0].attrib["name"])
            axis = own[0].get("axis") or axes.get(own[0].get("class", child_class), axis)
        rows.append((name, parent, body.get("pos", "0 0 0"), body.get("quat", "1 0 0 0"), axis))
        index = len(rows) - 1
        for child in body.findall("body"):
            visit(child, index, child_class)

    pelvis = root.find("worldbody/body")
    if pelvis is None:
        raise AssetError(f"{path.name}: no body in the worldbody")
    visit(pelvis, -1, None)
    if tuple(joints) != joint_table().names:
        raise AssetError(f"{path.name}: joints {joints} are not the joint table's, in its order")

    axis = _vectors([row[4] for row in rows])
    return KinematicBodies(
        names=tuple(row[0] for row in rows),
        parents=tuple(row[1] for row in rows),
        position_in_parent=_vectors([row[2] for row in rows]),
        quat_parent_body_wxyz=_vectors([row[3] for row in rows]),
        joint_axis_in_body=axis / np.linalg.norm(axis, axis=1, keepdims=True),
    )


def _vectors(texts: list[str]) -> FloatArray:
    return np.array([[float(word) for word in text.split()] for text in texts])


def _class_axes(root: ET.Element) -> dict[str | None, str]:
    """Joint axis of every default class, inherited from the class around it."""
    axes: dict[str | None, str] = {}

    def visit(node: ET.Element, inherited: str) -> None:
        joint = node.find("joint")
        axis = inherited if joint is None else joint.get("axis", inherited)
        axes[node.get("class")] = axis
        for child in node.findall("default"):
            visit(child, axis)

    for node in root.findall("default"):
        visit(node, "0 0 1")
    return axes
