"""`exoactor view`: a log, a plan or a motion in the browser, to scrub through."""

from __future__ import annotations

import argparse
import getpass
import platform
import threading
from pathlib import Path

from exoactor_rt.cli import exit_codes
from exoactor_rt.progress import StageTimes
from exoactor_rt.viewer import BrowserView, ClipFrames, load_motion_track, show_in_rerun

_CLIP_BESIDE = "clip.mp4"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds `view` to the command's parser."""
    parser = subparsers.add_parser(
        "view",
        help="look at a log, a plan or a reference in the browser",
        description="Shows a log (MCAP), a plan or a reference (npz) in the browser: the robot, "
        "what was asked of it, which feet stand, the centre of mass, the clip, and a slider of "
        "time. Listens on this machine only. Ctrl-C ends it. Needs the extra `view`.",
    )
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--video",
        type=Path,
        metavar="CLIP",
        help=f"clip that the motion came from, shown at the reference's time; default: "
        f"{_CLIP_BESIDE} beside FILE where there is one",
    )
    parser.add_argument(
        "--video-start",
        type=float,
        default=0.0,
        metavar="S",
        help="time of the clip at which the reference begins; default: %(default)s",
    )
    parser.add_argument(
        "--port", type=int, default=8080, metavar="N", help="default: %(default)s, or the next free"
    )
    parser.add_argument(
        "--rerun", action="store_true", help="the Rerun viewer instead; needs the extra `viewer`"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Shows it until interrupted; raises ExoactorError."""
    times = StageTimes()
    with times.stage("read") as report:
        track = load_motion_track(arguments.file, report)
    if arguments.rerun:
        show_in_rerun(track)
        return exit_codes.PASS
    beside = arguments.file.with_name(_CLIP_BESIDE)
    video = arguments.video or (beside if beside.is_file() else None)
    clip = None
    if video is not None:
        with times.stage("clip"):
            clip = ClipFrames(video)
    view = BrowserView(track, clip, clip_start_s=arguments.video_start, port=arguments.port)
    try:
        print("\n".join(_where(view)), flush=True)
        threading.Event().wait()
    except KeyboardInterrupt:
        print()
    finally:
        view.close()
    return exit_codes.PASS


def _where(view: BrowserView) -> list[str]:
    """How to reach it, from here and from elsewhere."""
    port, there = view.port, f"{getpass.getuser()}@{platform.node()}"
    return [
        f"open      {view.url}",
        f"over SSH  ssh -L {port}:127.0.0.1:{port} {there}, then open the same address there",
        "end       Ctrl-C",
    ]
