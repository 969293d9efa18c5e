"""The body whose pose is compared with the reference's: a chain of joints above the pelvis."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from exoactor_rt.robots.g1.kinematic_bodies import kinematic_bodies
from exoactor_rt.tracker.attitude import matrix_from_quat, rotation_about_axis
from exoactor_rt.types import FloatArray


@dataclass(frozen=True)
class Link:
    """One body of the chain: where it hangs on its parent and the joint that turns it."""

    joint: int
    position_in_parent: FloatArray
    rotation_parent_body: FloatArray
    axis_in_body: FloatArray


@cache
def anchor_chain(body: str) -> tuple[Link, ...]:
    """Links from the pelvis to `body`; empty for the pelvis itself.

    Raises:
        ValueError: the robot has no such body.
    """
    bodies = kinematic_bodies()
    index = bodies.names.index(body)
    links: list[Link] = []
    while index > 0:
        links.append(
            Link(
                joint=index - 1,
                position_in_parent=bodies.position_in_parent[index],
                rotation_parent_body=matrix_from_quat(bodies.quat_parent_body_wxyz[index]),
                axis_in_body=bodies.joint_axis_in_body[index],
            )
        )
        index = bodies.parents[index]
    return tuple(reversed(links))


def anchor_pose(
    body: str,
    root_position_in_world: FloatArray,
    rotation_world_root: FloatArray,
    joint_position: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Where `body` is.

    Args:
        body: name of a body.
        root_position_in_world: [..., 3] m.
        rotation_world_root: [..., 3, 3].
        joint_position: [..., 29] rad, SDK order.

    Returns:
        Position [..., 3] m and rotation [..., 3, 3] in the world.
    """
    position, rotation = root_position_in_world, rotation_world_root
    for link in anchor_chain(body):
        position = position + rotation @ link.position_in_parent
        turn = rotation_about_axis(link.axis_in_body, joint_position[..., link.joint])
        rotation = rotation @ link.rotation_parent_body @ turn
    return position, np.asarray(rotation)
