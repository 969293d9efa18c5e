"""Pictures for the page of checks: the robot over time, and at the worst moments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from exoactor_rt.errors import HardwareError
from exoactor_rt.progress import ReportProgress
from exoactor_rt.replay.check_record import describe
from exoactor_rt.replay.check_run import CheckResult, worst_moment
from exoactor_rt.replay.checks import Check, Finding
from exoactor_rt.replay.subject import Subject
from exoactor_rt.report.summary import Image, Picture
from exoactor_rt.viz import Camera, RobotRenderer
from exoactor_rt.viz.robot_renderer import heading_rad

FRAMES_OVER_TIME = 40
MOST_WORST_MOMENTS = 6
MOST_TIGHTEST = 4
_BODILY = ("joints", "body", "balance", "dynamics")
_SIZE_PX = (240, 270)
_STANDING_HEIGHT_M = 0.75
_LOOK_BELOW_PELVIS_M = 0.09
_VIEW_RAD = np.deg2rad(145.0)


@dataclass(frozen=True)
class CheckPictures:
    """Pictures of a subject.

    Attributes:
        over_time: (time in s, image) in order.
        worst: one for each failed check, the first ones; where all passed, the tightest.
        missing: why there are none; empty when there are.
    """

    over_time: tuple[tuple[float, Image], ...] = ()
    worst: tuple[Picture, ...] = ()
    missing: str = ""


def draw_check_pictures(
    result: CheckResult, progress: ReportProgress | None = None
) -> CheckPictures:
    """Draws the robot; without headless drawing there are no pictures and a reason."""
    subject = result.subject
    rows = np.unique(np.linspace(0, len(subject.times_s) - 1, FRAMES_OVER_TIME).astype(int))
    shown = result.violations[:MOST_WORST_MOMENTS] or tightest(result)
    total = len(rows) + len(shown)
    over_time, worst = [], []
    try:
        with RobotRenderer(*_SIZE_PX) as renderer:
            for done, row in enumerate(rows):
                if progress is not None:
                    progress(done, total)
                image = _draw(renderer, subject, int(row))
                if image is not None:
                    over_time.append((float(subject.times_s[row]), image))
            for check, found in shown:
                image = _draw(renderer, subject, worst_moment(result, found))
                if image is not None:
                    worst.append(Picture(describe(check, found), image))
    except HardwareError as error:
        return CheckPictures(missing=str(error))
    return CheckPictures(tuple(over_time), tuple(worst))


def tightest(result: CheckResult) -> list[tuple[Check, Finding]]:
    """The passed checks with the least margin, as a share of the limit."""
    judged = [
        item
        for item in result.findings
        if not item[1].skipped and item[1].limit and item[0].family in _BODILY
    ]
    return sorted(judged, key=lambda item: item[1].margin / abs(item[1].limit))[:MOST_TIGHTEST]


def _draw(renderer: RobotRenderer, subject: Subject, row: int) -> Image | None:
    """The robot at one sample, seen from its front left; None where a number is not finite."""
    quat = subject.quat_world_root_wxyz[row]
    norm = float(np.linalg.norm(quat))
    root = np.array([0.0, 0.0, _STANDING_HEIGHT_M])
    if subject.root_position_in_world is not None:
        root = subject.root_position_in_world[row]
    pose = np.concatenate([root, quat, subject.joint_position[row]])
    if not np.isfinite(pose).all() or norm < 0.5:
        return None
    camera = Camera(
        azimuth_rad=heading_rad(quat / norm) + _VIEW_RAD,
        look_at_height_m=float(root[2]) - _LOOK_BELOW_PELVIS_M,
    )
    return renderer.render(root, quat / norm, subject.joint_position[row], camera=camera)
