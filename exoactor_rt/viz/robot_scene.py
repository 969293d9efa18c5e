"""The scene to draw: the robot's MJCF with its primitive shapes, or with meshes instead."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from exoactor_rt.robots import g1
from exoactor_rt.viz.meshes import LINK_MESHES

_PRIMITIVE_CLASSES = ("visual", "visual_dark")


def scene_files(mesh_folder: Path | None) -> tuple[str, dict[str, bytes]]:
    """The scene's XML and the files it refers to, as MuJoCo's `from_xml_string` takes them.

    Args:
        mesh_folder: where the STLs are; None keeps the primitive shapes.
    """
    scene = g1.scene_path().read_text(encoding="utf-8")
    robot = g1.model_path().read_bytes()
    if mesh_folder is None:
        return scene, {g1.model_path().name: robot}
    root = ET.fromstring(robot)
    _replace_primitives(root)
    files = {mesh.file: (mesh_folder / mesh.file).read_bytes() for mesh in LINK_MESHES}
    files[g1.model_path().name] = ET.tostring(root)
    return scene, files


def _replace_primitives(root: ET.Element) -> None:
    bodies = {body.get("name", ""): body for body in root.iter("body")}
    for body in bodies.values():
        for geom in body.findall("geom"):
            if geom.get("class") in _PRIMITIVE_CLASSES:
                body.remove(geom)
    assets = root.find("asset")
    if assets is None:
        assets = ET.SubElement(root, "asset")
    for mesh in LINK_MESHES:
        name = Path(mesh.file).stem
        ET.SubElement(assets, "mesh", name=name, file=mesh.file)
        ET.SubElement(
            bodies[mesh.body],
            "geom",
            {
                "class": "visual_dark" if mesh.dark else "visual",
                "type": "mesh",
                "mesh": name,
                "pos": mesh.position,
            },
        )
