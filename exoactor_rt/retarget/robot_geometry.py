"""The robot's tree and collision capsules in the form that the C++ retargeter reads."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files

import numpy as np

from exoactor_rt._core.retarget import Kinematics, SelfCollision
from exoactor_rt._core.types import capsule_pairs
from exoactor_rt.robots.g1.kinematic_bodies import kinematic_bodies


@cache
def kinematics() -> Kinematics:
    """The G1's kinematic tree: `forward(...)` gives all body poses of a motion."""
    bodies = kinematic_bodies()
    return Kinematics(
        list(bodies.names),
        list(bodies.parents),
        bodies.position_in_parent,
        bodies.quat_parent_body_wxyz,
        bodies.joint_axis_in_body,
    )


@cache
def self_collision() -> SelfCollision:
    """The G1's capsules (`collision_capsules.csv`) and the pairs (`collision_pairs.csv`).

    The capsules enclose those of the MJCF, set by hand. A pair keeps the smaller of its two
    margins: the shoulders are built closer to the chest than a hand may come.
    """
    text = (files("exoactor_rt.robots.g1") / "collision_capsules.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))

    def point(row: dict[str, str], end: str) -> list[float]:
        return [float(row[f"{end}_{axis}_m"]) for axis in "xyz"]

    return SelfCollision(
        [kinematics().body(row["link"]) for row in rows],
        np.array([point(row, "start") for row in rows]),
        np.array([point(row, "end") for row in rows]),
        [float(row["radius_m"]) for row in rows],
        [float(row["margin_m"]) for row in rows],
        capsule_pairs(),
    )
