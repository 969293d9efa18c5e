"""Clip file -> frames with their own times, decoded in a child process; the gate on the clip."""

from exoactor_rt.video.clip import ClipInfo, Frame
from exoactor_rt.video.decode import Clip, open_clip
from exoactor_rt.video.limits import VideoLimits

__all__ = ["Clip", "ClipInfo", "Frame", "VideoLimits", "open_clip"]
