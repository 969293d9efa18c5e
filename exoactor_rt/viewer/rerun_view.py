"""A motion in the Rerun viewer, an optional extra."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import numpy as np

from exoactor_rt.errors import ConfigError
from exoactor_rt.robots.g1.kinematic_bodies import kinematic_bodies
from exoactor_rt.types import FloatArray
from exoactor_rt.viewer.motion_track import MotionTrack
from exoactor_rt.viewer.robot_shapes import robot_shapes

_ROBOT_COLOUR = (90, 100, 115, 255)
_ASKED_COLOUR = (230, 140, 40, 90)


def show_in_rerun(track: MotionTrack, target: Path | None = None) -> None:
    """Opens the Rerun viewer with the motion, or writes it to a file.

    Args:
        track: what to show.
        target: an .rrd file to write instead.

    Raises:
        ConfigError: rerun-sdk is not installed.
    """
    try:
        rerun: Any = importlib.import_module("rerun")
    except ImportError as error:
        raise ConfigError(
            f"view: no rerun-sdk ({error}); pip install 'exoactor_rt[viewer]', Python 3.11 or newer"
        ) from error
    rerun.init("exoactor_rt", recording_id=None)
    if target is None:
        rerun.spawn()
    else:
        rerun.save(str(target))
    rerun.log("/", rerun.ViewCoordinates.RIGHT_HAND_Z_UP, static=True)
    index = rerun.TimeColumn("time", duration=track.times_s)
    _send_robot(rerun, index, "robot", track.position_in_world, track.quat_world_link_wxyz)
    _log_shapes(rerun, "robot", _ROBOT_COLOUR)
    if track.asked is not None:
        _send_robot(rerun, index, "asked", *track.asked)
        _log_shapes(rerun, "asked", _ASKED_COLOUR)
    rerun.send_columns(
        "com",
        indexes=[index],
        columns=rerun.Transform3D.columns(translation=track.com_in_world.astype(np.float32)),
    )
    rerun.log("com", rerun.Points3D([[0, 0, 0]], radii=0.035, colors=[200, 40, 40]), static=True)
    if track.contact is not None:
        for side, name in enumerate(("left", "right")):
            stands = track.contact[:, side].astype(np.float64)
            columns = rerun.Scalars.columns(scalars=stands)
            rerun.send_columns(f"contact/{name}", indexes=[index], columns=columns)


def _send_robot(
    rerun: Any, index: Any, name: str, positions: FloatArray, quats_wxyz: FloatArray
) -> None:
    for body, link in enumerate(kinematic_bodies().names):
        rerun.send_columns(
            f"{name}/{link}",
            indexes=[index],
            columns=rerun.Transform3D.columns(
                translation=positions[:, body].astype(np.float32),
                quaternion=quats_wxyz[:, body][:, [1, 2, 3, 0]].astype(np.float32),
            ),
        )


def _log_shapes(rerun: Any, name: str, colour: tuple[int, int, int, int]) -> None:
    links = kinematic_bodies().names
    for number, shape in enumerate(robot_shapes()):
        mesh = rerun.Mesh3D(
            vertex_positions=shape.vertices,
            triangle_indices=shape.faces,
            albedo_factor=colour,
        )
        rerun.log(f"{name}/{links[shape.body]}/{number}", mesh, static=True)
