"""A motion to look at and scrub through, in a browser or in the Rerun viewer."""

from exoactor_rt.viewer.browser_view import BrowserView
from exoactor_rt.viewer.clip_frames import ClipFrames
from exoactor_rt.viewer.motion_track import MotionTrack, load_motion_track
from exoactor_rt.viewer.rerun_view import show_in_rerun

__all__ = ["BrowserView", "ClipFrames", "MotionTrack", "load_motion_track", "show_in_rerun"]
