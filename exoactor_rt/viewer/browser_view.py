"""The viewer in the browser: robot, what was asked of it, contacts, centre of mass, clip, time.

It listens on this machine only; over SSH a port is forwarded. Built on viser, an optional extra.
"""

from __future__ import annotations

import importlib
import io
import threading
import time
from contextlib import redirect_stdout
from typing import Any

import numpy as np

from exoactor_rt.errors import ConfigError
from exoactor_rt.robots.g1.kinematic_bodies import kinematic_bodies
from exoactor_rt.types import FloatArray
from exoactor_rt.viewer.clip_frames import ClipFrames
from exoactor_rt.viewer.motion_track import MotionTrack
from exoactor_rt.viewer.robot_shapes import robot_shapes

HOST = "127.0.0.1"
_FEET = ("left_ankle_roll_link", "right_ankle_roll_link")
_ROBOT_COLOUR = (90, 100, 115)
_ASKED_COLOUR = (230, 140, 40)
_STANDING_COLOUR = (40, 160, 70)
_COM_COLOUR = (200, 40, 40)
_FRAME_S = 1.0 / 30.0
_SOLE_BELOW_ANKLE_M = 0.03
_EVENTS_SHOWN = 12
_CAMERA_FROM_PELVIS_M = np.array([1.8, -1.8, 0.5])


class BrowserView:
    """A viewer of one motion; `close()` ends it.

    Attributes:
        port: where it listens.
    """

    def __init__(
        self,
        track: MotionTrack,
        clip: ClipFrames | None = None,
        *,
        clip_start_s: float = 0.0,
        port: int = 8080,
    ):
        """Begins to serve.

        Args:
            track: what to show.
            clip: shown beside it, at the reference's time.
            clip_start_s: time of the clip at which the reference begins.
            port: to listen on; the next free one where it is taken.

        Raises:
            ConfigError: viser is not installed.
        """
        try:
            viser = importlib.import_module("viser")
        except ImportError as error:
            raise ConfigError(
                f"view: no viser ({error}); pip install 'exoactor_rt[view]'"
            ) from error
        self._track = track
        self._clip = clip
        self._clip_start_s = clip_start_s
        with redirect_stdout(io.StringIO()):  # its banner, which no option keeps quiet
            self._server: Any = viser.ViserServer(host=HOST, port=port, verbose=False)
        self.port: int = self._server.get_port()
        self._server.gui.configure_theme(show_logo=False, show_share_button=False)
        self._build_scene()
        self._build_controls()
        self._show(0)
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._play, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        return f"http://{HOST}:{self.port}"

    def seek(self, time_s: float) -> None:
        """Shows another moment, as the slider does."""
        self._time.value = float(np.clip(time_s, 0.0, self._track.times_s[-1]))

    def close(self) -> None:
        """Ends the server."""
        self._closed.set()
        self._thread.join()
        with redirect_stdout(io.StringIO()):
            self._server.stop()

    def _build_scene(self) -> None:
        scene = self._server.scene
        scene.set_up_direction("+z")
        scene.add_grid("/floor", width=20.0, height=20.0, cell_size=0.5)
        start = self._track.position_in_world[0, 0]
        camera = self._server.initial_camera
        camera.position = tuple(start + _CAMERA_FROM_PELVIS_M)
        camera.look_at = tuple(start)
        self._robot = self._add_robot("/robot", _ROBOT_COLOUR, 0.75)
        self._asked: list[Any] = []
        if self._track.asked is not None:
            self._asked = self._add_robot("/asked", _ASKED_COLOUR, 0.35)
        self._com = scene.add_icosphere("/com", radius=0.05, color=_COM_COLOUR)
        self._com_below = scene.add_icosphere("/com_below", radius=0.035, color=_COM_COLOUR)
        self._contacts = [
            scene.add_icosphere(f"/contact/{foot}", radius=0.05, color=_STANDING_COLOUR)
            for foot in _FEET
        ]

    def _add_robot(self, name: str, colour: tuple[int, int, int], opacity: float) -> list[Any]:
        scene = self._server.scene
        links = kinematic_bodies().names
        frames = [scene.add_frame(f"{name}/{link}", show_axes=False) for link in links]
        for number, shape in enumerate(robot_shapes()):
            scene.add_mesh_simple(
                f"{name}/{links[shape.body]}/{number}",
                shape.vertices.astype(np.float32),
                shape.faces,
                color=colour,
                opacity=opacity,
            )
        return frames

    def _build_controls(self) -> None:
        gui = self._server.gui
        track = self._track
        gui.add_markdown(f"**{track.name}** ({track.kind.value})")
        end_s = float(track.times_s[-1])
        self._time = gui.add_slider("time, s", 0.0, max(end_s, 0.01), 0.01, 0.0)
        self._playing = gui.add_checkbox("play", False)
        self._speed = gui.add_slider("speed", 0.1, 2.0, 0.1, 1.0)
        self._now = gui.add_markdown("")
        self._image: Any = None
        if self._clip is not None:
            self._image = gui.add_image(self._clip.at(0.0), label="clip", format="jpeg")
        asked = gui.add_checkbox(
            "asked for (orange; legs are a hint)", True, disabled=not self._asked
        )
        self._time.on_update(lambda _: self._show(track.sample_at(self._time.value)))

        @asked.on_update  # type: ignore[untyped-decorator]
        def _(_: Any) -> None:
            for frame in self._asked:
                frame.visible = asked.value

        if track.events:
            lines = [f"- {at_s:.2f} s {text}" for at_s, _, text in track.events[:_EVENTS_SHOWN]]
            with gui.add_folder("events"):
                gui.add_markdown("\n".join(lines))

    def _show(self, row: int) -> None:
        """Moves everything to one moment."""
        track = self._track
        with self._server.atomic():
            _place(self._robot, track.position_in_world[row], track.quat_world_link_wxyz[row])
            if track.asked is not None:
                _place(self._asked, track.asked[0][row], track.asked[1][row])
            com = track.com_in_world[row]
            self._com.position = tuple(com)
            self._com_below.position = (com[0], com[1], 0.0)
            links = kinematic_bodies().names
            for side, handle in enumerate(self._contacts):
                foot = track.position_in_world[row, links.index(_FEET[side])]
                handle.position = (foot[0], foot[1], foot[2] - _SOLE_BELOW_ANKLE_M)
                handle.visible = track.contact is not None and bool(track.contact[row, side])
        at_s = float(track.reference_time_s[row])
        if self._clip is not None:
            self._image.image = self._clip.at(self._clip_start_s + at_s)
        self._now.content = (
            f"time {track.times_s[row]:.2f} s, reference {at_s:.2f} s, "
            f"pelvis {track.position_in_world[row, 0, 2]:.2f} m, stands: {self._standing(row)}"
        )

    def _standing(self, row: int) -> str:
        if self._track.contact is None:
            return "not told"
        sides = zip(("left", "right"), self._track.contact[row], strict=True)
        return " and ".join(side for side, stands in sides if stands) or "none"

    def _play(self) -> None:
        """Moves the slider while "play" is ticked; from the start again at the end."""
        last_s = time.monotonic()
        while not self._closed.wait(_FRAME_S):
            now_s = time.monotonic()
            if self._playing.value:
                following = self._time.value + self._speed.value * (now_s - last_s)
                self._time.value = 0.0 if following > self._track.times_s[-1] else following
            last_s = now_s


def _place(frames: list[Any], positions: FloatArray, quats_wxyz: FloatArray) -> None:
    for frame, position, quat in zip(frames, positions, quats_wxyz, strict=True):
        frame.position = tuple(position)
        frame.wxyz = tuple(quat)
