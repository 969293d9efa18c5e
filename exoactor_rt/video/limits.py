"""What a clip may be, and what decoding it may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VideoLimits:
    """Bounds on a clip and on the child process that decodes it.

    Attributes:
        max_bytes: size of the file.
        min_side_px: least width and height of a frame.
        max_pixels: width times height of a frame.
        max_duration_s: presentation time from the first frame's start to the last one's end.
        min_rate_hz: least mean frame rate.
        max_rate_hz: greatest mean frame rate.
        max_gap_s: longest time between two frames; no motion can be known over a longer one.
        min_frames: least number of frames, at least 2.
        max_frames: greatest number of frames.
        memory_bytes: address space of the decoding process.
        timeout_s: how long a reader waits for the decoder, all waits together; also bounds the
            decoder's processor time.
        demuxers: FFmpeg names of the containers that are read.
        codecs: FFmpeg names of the video codecs that are read.
    """

    max_bytes: int = 512 * 1024 * 1024
    min_side_px: int = 64
    max_pixels: int = 4096 * 2304
    max_duration_s: float = 120.0
    min_rate_hz: float = 5.0
    max_rate_hz: float = 240.0
    max_gap_s: float = 1.0
    min_frames: int = 2
    max_frames: int = 20_000
    memory_bytes: int = 1024 * 1024 * 1024
    timeout_s: float = 120.0
    demuxers: tuple[str, ...] = ("mov", "matroska")
    codecs: tuple[str, ...] = ("h264", "hevc", "av1", "libdav1d", "vp8", "vp9", "mpeg4")
