"""Input, retargeted reference and executed robot in one picture, aligned by reference time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from exoactor_rt.execution import Execution
from exoactor_rt.types import FloatArray, HumanMotion, PoseTrack, Reference
from exoactor_rt.viz.caption import draw_caption
from exoactor_rt.viz.h264 import VideoWriter
from exoactor_rt.viz.input_panel import InputPanel, TimedFrame
from exoactor_rt.viz.motion_panel import MotionPanel
from exoactor_rt.viz.robot_renderer import (
    Camera,
    FootMarker,
    Quality,
    RobotRenderer,
    heading_rad,
)

Image = npt.NDArray[np.uint8]
ReportProgress = Callable[[int, int], None]

VIDEO_RATE_HZ = 25
_VIDEO_PANEL_PX = (400, 480)
_PICTURE_PANEL_PX = (480, 600)
_BAR_HEIGHT_PX = 30
_BAR_BACKGROUND_RGB = (28, 30, 34)
_REFERENCE_BAR_RGB = (255, 170, 60)
_EXECUTION_BAR_RGB = (90, 200, 130)


@dataclass(frozen=True)
class Footage:
    """What there is to show of a run.

    Attributes:
        reference: the retargeted motion.
        execution: what the robot did.
        frames: the clip, times rising; None without pictures. Read once.
        pose_track: drawn on the clip when given.
        human_motion: drawn as a stick figure where there is no clip.
        source_start_s: clip time at reference time 0.
        foot_markers: footprints to draw around the executed robot, e.g. the planned steps.
    """

    reference: Reference
    execution: Execution
    frames: Iterable[TimedFrame] | None = None
    pose_track: PoseTrack | None = None
    human_motion: HumanMotion | None = None
    source_start_s: float = 0.0
    foot_markers: Sequence[FootMarker] = ()


class _Composer:
    """Draws the panels of one moment."""

    def __init__(self, footage: Footage, renderer: RobotRenderer, panel_px: tuple[int, int]):
        self._reference = footage.reference
        self._execution = footage.execution
        self._reached_s = np.fmax.accumulate(footage.execution.reference_time_s)
        self._source_start_s = footage.source_start_s
        self._foot_markers = footage.foot_markers
        self._renderer = renderer
        self._input: InputPanel | None = None
        if footage.frames is not None:
            self._input = InputPanel(footage.frames, footage.pose_track, panel_px[1])
        self._motion: MotionPanel | None = None
        if footage.frames is None and footage.human_motion is not None:
            self._motion = MotionPanel(footage.human_motion, *panel_px)
        self._shown_reference: tuple[int, Image] | None = None
        self._reference_duration_s = (
            max(1, len(self._reference.joint_position) - 1) / self._reference.rate_hz
        )
        view = Camera()
        self._reference_camera = self._facing(view, self._reference.quat_world_root_wxyz[0])
        self._execution_camera = self._facing(view, self._execution.quat_world_root_wxyz[0])

    @staticmethod
    def _facing(view: Camera, quat_world_root_wxyz: FloatArray) -> Camera:
        """The same view of the robot whatever its heading in the world."""
        azimuth_rad = view.azimuth_rad + heading_rad(quat_world_root_wxyz)
        return replace(view, azimuth_rad=azimuth_rad)

    def compose(self, sample: int) -> Image:
        """All panels, captions and time bars at one sample of the execution."""
        reference_time_s = float(self._reached_s[sample])
        panels = []
        if self._input is not None:
            clip_time_s = reference_time_s + self._source_start_s
            panel = self._input.at(clip_time_s).copy()
            draw_caption(panel, f"input  {clip_time_s:.2f} s", (10, 22))
            panels.append(panel)
        elif self._motion is not None:
            panel = self._motion.at(reference_time_s)
            draw_caption(panel, f"person  {reference_time_s:.2f} s", (10, 22))
            panels.append(panel)
        panels.append(self._reference_panel(reference_time_s))
        panels.append(self._execution_panel(sample))
        row = np.hstack(panels)
        return np.vstack([row, self._bars(row.shape[1], sample, reference_time_s)])

    def _reference_panel(self, reference_time_s: float) -> Image:
        last = len(self._reference.joint_position) - 1
        frame = int(np.clip(round(reference_time_s * self._reference.rate_hz), 0, last))
        if self._shown_reference is None or self._shown_reference[0] != frame:
            panel = self._renderer.render(
                self._reference.root_position_in_world[frame],
                self._reference.quat_world_root_wxyz[frame],
                self._reference.joint_position[frame],
                camera=self._reference_camera,
            )
            draw_caption(panel, f"reference  {frame / self._reference.rate_hz:.2f} s", (10, 22))
            self._shown_reference = frame, panel
        return self._shown_reference[1]

    def _execution_panel(self, sample: int) -> Image:
        panel = self._renderer.render(
            self._execution.root_position_in_world[sample],
            self._execution.quat_world_root_wxyz[sample],
            self._execution.joint_position[sample],
            camera=self._execution_camera,
            foot_markers=self._foot_markers,
        )
        draw_caption(panel, f"robot  {self._execution.times_s[sample]:.2f} s", (10, 22))
        at_end = sample == len(self._execution.times_s) - 1
        if self._execution.fallen and at_end:
            draw_caption(panel, "fallen", (10, 46), colour=(255, 90, 90))
        return panel

    def _bars(self, width_px: int, sample: int, reference_time_s: float) -> Image:
        bar: Image = np.full((_BAR_HEIGHT_PX, width_px, 3), _BAR_BACKGROUND_RGB, dtype=np.uint8)
        elapsed_s = float(self._execution.times_s[sample] - self._execution.times_s[0])
        rows = (
            ("reference", reference_time_s / self._reference_duration_s, _REFERENCE_BAR_RGB),
            ("robot", elapsed_s / max(self._execution.duration_s, 1e-9), _EXECUTION_BAR_RGB),
        )
        left, right = 90, width_px - 10
        for line, (name, fraction, colour) in enumerate(rows):
            top = 5 + 12 * line
            end = left + round((right - left) * float(np.clip(fraction, 0.0, 1.0)))
            cv2.putText(
                bar, name, (8, top + 8), cv2.FONT_HERSHEY_SIMPLEX, 0.4, colour, 1, cv2.LINE_AA
            )
            cv2.rectangle(bar, (left, top + 2), (right, top + 6), (70, 72, 78), -1)
            cv2.rectangle(bar, (left, top + 2), (end, top + 6), colour, -1)
        return bar


def _samples(execution: Execution, times_s: FloatArray) -> list[int]:
    if len(execution.times_s) == 0:
        raise ValueError("execution for the video: no samples")
    return [execution.sample_at(float(time_s)) for time_s in times_s]


def write_video(
    path: Path,
    footage: Footage,
    *,
    rate_hz: int = VIDEO_RATE_HZ,
    quality: Quality = "fast",
    progress: ReportProgress | None = None,
) -> None:
    """Writes the side-by-side video in execution time.

    Where the robot takes longer than the person, the clip and the reference wait for it.

    Args:
        path: the MP4 to write; nothing is left there after an error.
        footage: what to show.
        rate_hz: frames a second.
        quality: of the robot's pictures.
        progress: called with (frames done, frames in all).

    Raises:
        HardwareError: no headless drawing here.
        VideoError: the file cannot be written.
    """
    start_s = float(footage.execution.times_s[0])
    count = max(1, int(np.ceil(footage.execution.duration_s * rate_hz)) + 1)
    samples = _samples(footage.execution, start_s + np.arange(count) / rate_hz)
    with RobotRenderer(*_VIDEO_PANEL_PX, quality=quality) as renderer:
        composer = _Composer(footage, renderer, _VIDEO_PANEL_PX)
        first = composer.compose(samples[0])
        with VideoWriter(path, rate_hz, first.shape[1], first.shape[0]) as video:
            for done, sample in enumerate(samples):
                video.write(first if done == 0 else composer.compose(sample))
                if progress is not None:
                    progress(done + 1, count)


def draw_pictures(
    footage: Footage, *, count: int = 6, quality: Quality = "fine"
) -> list[tuple[float, Image]]:
    """Stills of the side-by-side view, evenly spread over the reference that was executed.

    Args:
        footage: what to show.
        count: how many.
        quality: of the robot's pictures.

    Returns:
        (execution time in s, [height, width, 3] RGB), in order.

    Raises:
        HardwareError: no headless drawing here.
    """
    execution = footage.execution
    reached_s = np.fmax.accumulate(execution.reference_time_s)
    wanted_s = np.linspace(reached_s[0], reached_s[-1], count + 2)[1:-1]
    samples = [int(np.searchsorted(reached_s, time_s)) for time_s in wanted_s]
    if execution.fallen:
        samples[-1] = len(reached_s) - 1
    with RobotRenderer(*_PICTURE_PANEL_PX, quality=quality) as renderer:
        composer = _Composer(footage, renderer, _PICTURE_PANEL_PX)
        return [(float(execution.times_s[s]), composer.compose(s)) for s in samples]


def write_pictures(folder: Path, footage: Footage, *, count: int = 6) -> list[Path]:
    """Writes `draw_pictures` as PNGs into an existing folder; returns their paths."""
    paths = []
    for index, (_, image) in enumerate(draw_pictures(footage, count=count)):
        path = folder / f"moment_{index:02d}.png"
        if not cv2.imwrite(str(path), image[:, :, ::-1]):
            raise OSError(f"picture {path}: cannot be written")
        paths.append(path)
    return paths
