"""The MJCF's collision shapes, and the pairs of them that must not touch."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from functools import cache

import numpy as np

from exoactor_rt.errors import AssetError
from exoactor_rt.robots.g1.kinematic_bodies import kinematic_bodies
from exoactor_rt.robots.g1.model_files import model_path
from exoactor_rt.types import FloatArray

_SUFFIX = "_collision"


@dataclass(frozen=True)
class CollisionShapes:
    """Capsules, a sphere being one without length; `P` pairs of them.

    Attributes:
        bodies: [K] index of each capsule's body, in the order of `kinematic_bodies`.
        start_in_body: [K, 3] m.
        end_in_body: [K, 3] m.
        radius_m: [K].
        pairs: [P, 2] indices of capsules.
        labels: [P] names of the pairs, e.g. "left hand - left hip".
    """

    bodies: tuple[int, ...]
    start_in_body: FloatArray
    end_in_body: FloatArray
    radius_m: FloatArray
    pairs: tuple[tuple[int, int], ...]
    labels: tuple[str, ...]


@cache
def collision_shapes() -> CollisionShapes:
    """Reads them.

    Raises:
        AssetError: a pair names a shape that is neither a capsule nor a sphere.
    """
    root = ET.parse(model_path()).getroot()
    names = kinematic_bodies().names
    shapes: dict[str, tuple[int, list[float], list[float], float]] = {}
    for body in root.iter("body"):
        for geom in body.findall("geom"):
            name = geom.get("name", "")
            if name.endswith(_SUFFIX) and geom.get("type") in ("capsule", "sphere"):
                start, end = _ends(geom)
                radius = float(geom.attrib["size"].split()[0])
                shapes[name] = (names.index(body.attrib["name"]), start, end, radius)
    order = list(shapes)
    pairs, labels = [], []
    for pair in root.findall("contact/pair"):
        geoms = (pair.get("geom1", ""), pair.get("geom2", ""))
        if not all(geom.endswith(_SUFFIX) for geom in geoms):
            continue
        unknown = [geom for geom in geoms if geom not in shapes]
        if unknown:
            raise AssetError(f"{model_path().name}: {unknown[0]} is no capsule and no sphere")
        pairs.append((order.index(geoms[0]), order.index(geoms[1])))
        labels.append(" - ".join(geom.removesuffix(_SUFFIX).replace("_", " ") for geom in geoms))
    return CollisionShapes(
        bodies=tuple(shape[0] for shape in shapes.values()),
        start_in_body=np.array([shape[1] for shape in shapes.values()]),
        end_in_body=np.array([shape[2] for shape in shapes.values()]),
        radius_m=np.array([shape[3] for shape in shapes.values()]),
        pairs=tuple(pairs),
        labels=tuple(labels),
    )


def _ends(geom: ET.Element) -> tuple[list[float], list[float]]:
    if "fromto" in geom.attrib:
        numbers = [float(word) for word in geom.attrib["fromto"].split()]
        return numbers[:3], numbers[3:]
    centre = [float(word) for word in geom.get("pos", "0 0 0").split()]
    return centre, centre
