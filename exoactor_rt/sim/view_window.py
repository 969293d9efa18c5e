"""A window on the simulated robot, where there is a display."""

from __future__ import annotations

import importlib
import os
import threading
from typing import Any

from exoactor_rt.errors import HardwareError

_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY")
_CLOSED_WITHIN_S = 5.0
_WITHOUT = "no window; run without --view, or look at logs with exoactor view"


class ViewWindow:
    """MuJoCo's own viewer, drawn by a thread of its own; closing the window ends the view only."""

    def __init__(self, model: Any, data: Any):
        """Opens the window.

        Args:
            model: what is shown, a MuJoCo model.
            data: its state, read by `draw` only.

        Raises:
            HardwareError: no display, or no window can be opened on it.
        """
        if not any(os.environ.get(name) for name in _DISPLAYS):
            raise HardwareError(f"view: no display, neither of {', '.join(_DISPLAYS)}; {_WITHOUT}")
        try:
            viewer = importlib.import_module("mujoco.viewer")
            glfw = importlib.import_module("glfw")
        except (ImportError, RuntimeError) as error:
            raise HardwareError(f"view: MuJoCo's viewer is not usable ({error}); {_WITHOUT}") from (
                error
            )
        _require_window(glfw)
        before = set(threading.enumerate())
        self._handle: Any = viewer.launch_passive(
            model, data, show_left_ui=False, show_right_ui=False
        )
        self._drawing = set(threading.enumerate()) - before

    def draw(self) -> None:
        """Hands the state over to the thread that draws; takes some 0.1 ms."""
        if self._handle.is_running():
            self._handle.sync()

    def close(self) -> None:
        """Closes the window; a process that ended before the viewer's thread would crash."""
        self._handle.close()
        for thread in self._drawing:
            thread.join(_CLOSED_WITHIN_S)


def _require_window(glfw: Any) -> None:
    """The viewer would wait for ever for a window that cannot be opened."""
    glfw.ERROR_REPORTING = False
    window = None
    if glfw.init():
        glfw.window_hint(glfw.VISIBLE, glfw.FALSE)
        window = glfw.create_window(64, 64, "exoactor", None, None)
        glfw.default_window_hints()
    if not window:
        _, told = glfw.get_error()
        reason = told.decode() if isinstance(told, bytes) else "no window"
        raise HardwareError(f"view: the display does not open a window ({reason}); {_WITHOUT}")
    glfw.destroy_window(window)
