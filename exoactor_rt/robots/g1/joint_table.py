"""The joint table: one CSV that the model, the C++ code and Python all agree with."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from exoactor_rt.types import FloatArray


@dataclass(frozen=True)
class JointTable:
    """Names and limits of the joints, SDK order; the index is the motor's.

    Attributes:
        names: 29 joint names.
        lower_rad: [29] rad.
        upper_rad: [29] rad.
        effort_nm: [29] Nm, the motor's peak torque at the joint.
        velocity_rad_s: [29] rad/s, the motor's no-load speed at the joint.
        armature_kg_m2: [29] kg m^2, rotor inertia reflected to the joint.
    """

    names: tuple[str, ...]
    lower_rad: FloatArray
    upper_rad: FloatArray
    effort_nm: FloatArray
    velocity_rad_s: FloatArray
    armature_kg_m2: FloatArray

    def index(self, name: str) -> int:
        """Motor index of a joint; raises ValueError for an unknown name."""
        return self.names.index(name)


@cache
def joint_table() -> JointTable:
    """The G1's joint table; its arrays are read-only."""
    text = (files("exoactor_rt.robots.g1") / "joints.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))

    def column(name: str) -> FloatArray:
        values = np.array([float(row[name]) for row in rows])
        values.setflags(write=False)
        return values

    return JointTable(
        names=tuple(row["name"] for row in rows),
        lower_rad=column("lower_rad"),
        upper_rad=column("upper_rad"),
        effort_nm=column("effort_nm"),
        velocity_rad_s=column("velocity_rad_s"),
        armature_kg_m2=column("armature_kg_m2"),
    )
