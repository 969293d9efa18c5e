"""The contact sheet: all executed motions of a benchmark in one film."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from exoactor_rt.bench.suite import Ran
from exoactor_rt.errors import HardwareError
from exoactor_rt.execution import Execution
from exoactor_rt.progress import ReportProgress
from exoactor_rt.viz import RobotRenderer
from exoactor_rt.viz.caption import draw_caption
from exoactor_rt.viz.h264 import VideoWriter

RATE_HZ = 10
TILE_PX = (240, 240)
_FELL_RGB = (255, 90, 70)
_SURVIVED_RGB = (255, 255, 255)
_CHARACTERS = 40
_CAPTION_SCALE = 0.38

Image = npt.NDArray[np.uint8]


def write_sheet(path: Path, ran: Sequence[Ran], progress: ReportProgress | None = None) -> None:
    """Writes a grid of all executed motions, side by side from their begin, at true speed.

    A motion that has ended shows its last pose. The caption of a fall is red.

    Args:
        path: an MP4.
        ran: those without an execution are left out.
        progress: called with (done, total) frames.

    Raises:
        HardwareError: no headless drawing here, or nothing was executed.
        VideoError: the file cannot be written.
    """
    shown = [(one.result.name, one.execution) for one in ran if one.execution is not None]
    if not shown:
        raise HardwareError(f"sheet {path}: no motion was executed; nothing to show")
    columns = math.ceil(math.sqrt(len(shown)))
    rows = math.ceil(len(shown) / columns)
    width, height = TILE_PX
    frames = math.ceil(max(one.duration_s for _, one in shown) * RATE_HZ) + 1
    picture = np.zeros((rows * height, columns * width, 3), np.uint8)
    with (
        RobotRenderer(width, height) as renderer,
        VideoWriter(path, RATE_HZ, columns * width, rows * height) as video,
    ):
        for frame in range(frames):
            time_s = frame / RATE_HZ
            for index, (name, execution) in enumerate(shown):
                if frame and time_s > execution.duration_s + 1.0 / RATE_HZ:
                    continue
                top, left = index // columns * height, index % columns * width
                picture[top : top + height, left : left + width] = _tile(
                    renderer, name, execution, time_s
                )
            video.write(picture)
            if progress is not None:
                progress(frame + 1, frames)


def _tile(renderer: RobotRenderer, name: str, execution: Execution, time_s: float) -> Image:
    sample = execution.sample_at(execution.times_s[0] + time_s)
    image = renderer.render(
        execution.root_position_in_world[sample],
        execution.quat_world_root_wxyz[sample],
        execution.joint_position[sample],
    )
    colour = _FELL_RGB if execution.fallen else _SURVIVED_RGB
    title = name.encode("ascii", "replace").decode()[-_CHARACTERS:]
    bottom = TILE_PX[1]
    draw_caption(image, title, (5, 16), scale=_CAPTION_SCALE, colour=colour)
    done = f"{execution.times_s[sample]:.1f} s"
    draw_caption(image, done, (5, bottom - 8), scale=_CAPTION_SCALE, colour=colour)
    return image
