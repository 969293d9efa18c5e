"""Mass and centre of mass of every link of the MJCF."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from functools import cache

import numpy as np

from exoactor_rt.robots.g1.kinematic_bodies import kinematic_bodies
from exoactor_rt.robots.g1.model_files import model_path
from exoactor_rt.types import FloatArray


@cache
def link_masses() -> tuple[FloatArray, FloatArray]:
    """(mass [30] kg, centre of mass in the link [30, 3] m), in the order of `kinematic_bodies`."""
    names = kinematic_bodies().names
    mass = np.zeros(len(names))
    centre = np.zeros((len(names), 3))
    for body in ET.parse(model_path()).iter("body"):
        inertial = body.find("inertial")
        if inertial is None:
            continue
        index = names.index(body.get("name", ""))
        mass[index] = float(inertial.get("mass", "0"))
        centre[index] = [float(word) for word in inertial.get("pos", "0 0 0").split()]
    return mass, centre
