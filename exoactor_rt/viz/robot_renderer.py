"""Pictures of the robot, drawn by MuJoCo without a screen."""

from __future__ import annotations

import importlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from exoactor_rt.errors import HardwareError
from exoactor_rt.types import FloatArray
from exoactor_rt.viz.meshes import installed_meshes
from exoactor_rt.viz.robot_scene import scene_files

Image = npt.NDArray[np.uint8]
Quality = Literal["fast", "fine"]

NUM_POSITIONS = 36
_MAX_GEOMS = 1000
_MARKER_SIZE_M = (0.085, 0.03, 0.0015)
_SOLE_CENTRE_IN_FOOT = np.array([0.035, 0.0, 0.0])
_SHADOW_SIZE_M = (0.22, 0.0005, 0.0)
_SHADOW_RGBA = (0.0, 0.0, 0.0, 0.25)
_MARKER_RGBA = ((0.95, 0.45, 0.10, 0.9), (0.10, 0.45, 0.90, 0.9))
_REMEDY = "install the system packages libegl1 and libgl1-mesa-dri"


@dataclass(frozen=True)
class Camera:
    """Where the camera stands around the robot it follows.

    Attributes:
        azimuth_rad: direction of view in the world, 0 along x; pi looks a robot that faces x into
            the face.
        elevation_rad: of the direction of view, negative looks down.
        distance_m: from the point looked at.
        look_at_height_m: that point's height; its xy are the root's.
    """

    azimuth_rad: float = np.deg2rad(145.0)
    elevation_rad: float = np.deg2rad(-12.0)
    distance_m: float = 2.3
    look_at_height_m: float = 0.66


@dataclass(frozen=True)
class FootMarker:
    """A footprint on the floor: `position_in_world` [2] m, yaw, side 0 left or 1 right."""

    position_in_world: FloatArray
    yaw_rad: float
    side: int


def heading_rad(quat_wxyz: FloatArray) -> float:
    """Yaw of a [4] attitude."""
    w, x, y, z = quat_wxyz
    return float(np.arctan2(2 * (w * z + x * y), 1 - 2 * (y * y + z * z)))


def _load_backend() -> tuple[Any, Any]:
    """MuJoCo and its headless drawing context; sets MUJOCO_GL to egl where it is unset."""
    backend = os.environ.setdefault("MUJOCO_GL", "egl").lower()
    try:
        mujoco = importlib.import_module("mujoco")
        context = importlib.import_module(f"mujoco.{backend}")
    except Exception as error:
        raise HardwareError(
            f"rendering with MUJOCO_GL={backend}: {_first_line(error)}; no pictures; {_REMEDY}"
        ) from error
    return mujoco, context


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).strip().splitlines()[0]


class RobotRenderer:
    """Draws the G1 on its floor; a context manager, as the drawing context must be freed.

    Used by one thread.
    """

    def __init__(self, width: int, height: int, *, quality: Quality = "fast"):
        """Opens a drawing context.

        Args:
            width: px, at most 1920.
            height: px, at most 1080.
            quality: "fine" draws the meshes when they are installed, shadows and smooth edges;
                "fast", a tenth of the work, draws primitive shapes without.

        Raises:
            HardwareError: no headless drawing here; the message names the packages to install.
        """
        self._mujoco, backend = _load_backend()
        fine = quality == "fine"
        xml, files = scene_files(installed_meshes() if fine else None)
        self._model = self._mujoco.MjModel.from_xml_string(xml, files)
        if not fine:
            self._model.vis.quality.offsamples = 0
            self._model.vis.quality.shadowsize = 0
        self._data = self._mujoco.MjData(self._model)
        try:
            self._context = backend.GLContext(width, height)
            self._context.make_current()
            self._render_context = self._mujoco.MjrContext(self._model, 150)
        except Exception as error:
            raise HardwareError(
                f"rendering with MUJOCO_GL={os.environ['MUJOCO_GL']}: {_first_line(error)}; "
                f"no pictures; {_REMEDY}"
            ) from error
        offscreen = self._mujoco.mjtFramebuffer.mjFB_OFFSCREEN.value
        self._mujoco.mjr_setBuffer(offscreen, self._render_context)
        self._scene = self._mujoco.MjvScene(self._model, _MAX_GEOMS)
        flags = self._mujoco.mjtRndFlag
        self._scene.flags[flags.mjRND_SHADOW.value] = fine
        self._scene.flags[flags.mjRND_REFLECTION.value] = fine
        self._viewport = self._mujoco.MjrRect(0, 0, width, height)
        self._size = (height, width, 3)
        self._with_shadow_disc = not fine

    def __enter__(self) -> RobotRenderer:
        """Returns itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Frees the drawing context."""
        self.close()

    def close(self) -> None:
        """Frees the drawing context; the renderer cannot be used afterwards."""
        self._render_context.free()
        self._context.free()

    def render(
        self,
        root_position_in_world: FloatArray,
        quat_world_root_wxyz: FloatArray,
        joint_position: FloatArray,
        *,
        camera: Camera | None = None,
        foot_markers: Sequence[FootMarker] = (),
    ) -> Image:
        """Draws one pose.

        Args:
            root_position_in_world: [3] m, the pelvis link's origin.
            quat_world_root_wxyz: [4].
            joint_position: [29] rad, SDK order.
            camera: where to look from.
            foot_markers: footprints to draw on the floor.

        Returns:
            [height, width, 3] RGB.
        """
        position = np.concatenate([root_position_in_world, quat_world_root_wxyz, joint_position])
        if position.shape != (NUM_POSITIONS,) or not np.isfinite(position).all():
            raise ValueError(f"robot pose: shape {position.shape}, must be (36,) and finite")
        self._context.make_current()
        self._data.qpos[:] = position
        self._mujoco.mj_kinematics(self._model, self._data)
        self._mujoco.mj_camlight(self._model, self._data)
        self._mujoco.mjv_updateScene(
            self._model,
            self._data,
            self._mujoco.MjvOption(),
            None,
            self._view(root_position_in_world, camera or Camera()),
            self._mujoco.mjtCatBit.mjCAT_ALL.value,
            self._scene,
        )
        for marker in foot_markers:
            self._add_foot_marker(marker)
        if self._with_shadow_disc:
            under_root = np.array([*root_position_in_world[:2], 0.0])
            self._add_shape("mjGEOM_CYLINDER", _SHADOW_SIZE_M, under_root, np.eye(3), _SHADOW_RGBA)
        self._mujoco.mjr_render(self._viewport, self._scene, self._render_context)
        image = np.empty(self._size, dtype=np.uint8)
        self._mujoco.mjr_readPixels(image, None, self._viewport, self._render_context)
        return np.ascontiguousarray(image[::-1])

    def _view(self, root_position_in_world: FloatArray, camera: Camera) -> Any:
        view = self._mujoco.MjvCamera()
        view.lookat[:2] = root_position_in_world[:2]
        view.lookat[2] = camera.look_at_height_m
        view.azimuth = np.rad2deg(camera.azimuth_rad)
        view.elevation = np.rad2deg(camera.elevation_rad)
        view.distance = camera.distance_m
        return view

    def _add_foot_marker(self, marker: FootMarker) -> None:
        cos, sin = np.cos(marker.yaw_rad), np.sin(marker.yaw_rad)
        rotation = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
        centre = np.array([*marker.position_in_world[:2], 0.0]) + rotation @ _SOLE_CENTRE_IN_FOOT
        self._add_shape("mjGEOM_BOX", _MARKER_SIZE_M, centre, rotation, _MARKER_RGBA[marker.side])

    def _add_shape(
        self,
        kind: str,
        size: tuple[float, float, float],
        position_in_world: FloatArray,
        rotation: FloatArray,
        rgba: tuple[float, float, float, float],
    ) -> None:
        if self._scene.ngeom >= self._scene.maxgeom:
            return
        self._mujoco.mjv_initGeom(
            self._scene.geoms[self._scene.ngeom],
            getattr(self._mujoco.mjtGeom, kind).value,
            np.array(size),
            position_in_world,
            rotation.flatten(),
            np.array(rgba, dtype=np.float32),
        )
        self._scene.ngeom += 1
