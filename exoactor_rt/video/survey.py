"""Reads a container through without decoding: how many frames, when, and whether all are there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from exoactor_rt.errors import VideoError
from exoactor_rt.video.limits import VideoLimits

_DURATION_TOLERANCE_S = 0.25


@dataclass(frozen=True)
class Survey:
    """What the packets of the video stream say.

    Attributes:
        times_s: [T] s, presentation times, ascending.
        rate_hz: mean frame rate.
        duration_s: from the first frame's start to the last one's end.
        codec: FFmpeg's name of the codec.
    """

    times_s: npt.NDArray[np.float64]
    rate_hz: float
    duration_s: float
    codec: str


def open_container(path: str, demuxer: str, limits: VideoLimits, **more: str) -> Any:
    """The container, opened so that no decoder touches a picture or codec outside the limits.

    Args:
        path: the file.
        demuxer: FFmpeg's name of the demuxer.
        limits: bounds on codecs and pixels.
        more: further options of the demuxer.

    Raises:
        VideoError: it has no readable index or is damaged otherwise.
        MemoryError: the process may not use as much memory as FFmpeg wants.
    """
    options = {
        "protocol_whitelist": "file",
        "codec_whitelist": ",".join(limits.codecs),
        **decoder_options(limits),
        **more,
    }
    try:
        return av.open(f"file:{path}", format=demuxer, options=options)
    except av.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        raise VideoError(f"its container is damaged or incomplete: {error.strerror}") from error


def decoder_options(limits: VideoLimits) -> dict[str, str]:
    """FFmpeg options of the decoder: errors are raised, big pictures refused."""
    return {"err_detect": "explode", "max_pixels": str(limits.max_pixels)}


def video_stream(container: Any, limits: VideoLimits) -> Any:
    """The container's first video stream.

    Raises:
        VideoError: there is none, its codec is not read or its frames are too big or too small.
    """
    if not container.streams.video:
        kinds = ", ".join(sorted({stream.type for stream in container.streams})) or "nothing"
        raise VideoError(f"no video stream: it holds {kinds}")
    stream = container.streams.video[0]
    codec = stream.codec_context
    width, height = codec.width, codec.height
    if width * height == 0:
        raise VideoError(
            f"frames of unknown size or of more than the {limits.max_pixels} px allowed"
        )
    if width * height > limits.max_pixels:
        raise VideoError(
            f"frames of {width}x{height} px = {width * height} px > {limits.max_pixels} px allowed"
        )
    if min(width, height) < limits.min_side_px:
        raise VideoError(f"frames of {width}x{height} px < {limits.min_side_px} px on a side")
    if codec.name not in limits.codecs:
        raise VideoError(f"video codec {codec.name}; allowed: {', '.join(limits.codecs)}")
    return stream


def survey(path: str, demuxer: str, limits: VideoLimits) -> Survey:
    """Read all packets of a file and check what they promise.

    Raises:
        VideoError: truncated, or outside the limits on frames, duration or rate.
        av.FFmpegError: the container cannot be read.
    """
    with open_container(path, demuxer, limits) as container:
        stream = video_stream(container, limits)
        pts, packets, end_s = _read_packets(container, stream, limits)
        promised = stream.frames
        promised_s = (container.duration or 0) / av.time_base
        codec = stream.codec_context.name
        times = np.sort(np.array([float(p * stream.time_base) for p in pts]))
    if packets < promised:
        _check_all_there(path, demuxer, limits)
    if len(times) < limits.min_frames:
        raise VideoError(f"{len(times)} frames < {limits.min_frames} needed")
    span_s = float(times[-1] - times[0])
    duration_s = span_s * len(times) / (len(times) - 1)
    if duration_s > limits.max_duration_s:
        raise VideoError(f"{duration_s:.4g} s long > {limits.max_duration_s:g} s allowed")
    _check_spacing(times, limits)
    rate_hz = (len(times) - 1) / span_s
    if not limits.min_rate_hz <= rate_hz <= limits.max_rate_hz:
        allowed = f"{limits.min_rate_hz:g} to {limits.max_rate_hz:g}"
        raise VideoError(f"{rate_hz:.5g} frames a second; allowed {allowed}")
    end_s = max(end_s, float(times[-1]) + 1.0 / rate_hz)
    if promised == 0 and promised_s > end_s + _DURATION_TOLERANCE_S:
        raise VideoError(f"truncated: {end_s:.2f} s of the {promised_s:.2f} s that it promises")
    return Survey(times, rate_hz, duration_s, codec)


def _read_packets(container: Any, stream: Any, limits: VideoLimits) -> tuple[list[int], int, float]:
    """Presentation times of shown frames, number of packets, end of the longest stream (s)."""
    pts: list[int] = []
    packets = 0
    end_s = 0.0
    for packet in container.demux():
        if packet.size == 0:
            continue
        if packet.pts is not None:
            last = packet.pts + (packet.duration or 0)
            end_s = max(end_s, float(last * packet.stream.time_base))
        if packet.stream.index != stream.index:
            continue
        if packet.is_corrupt:
            promised = f" of {stream.frames}" if stream.frames else ""
            raise VideoError(f"cut short or damaged at frame {packets}{promised}")
        packets += 1
        if packets > limits.max_frames:
            raise VideoError(f"more than {limits.max_frames} frames")
        if packet.is_discard:
            continue
        if packet.pts is None:
            raise VideoError(f"frame {packets - 1} has no presentation time")
        pts.append(packet.pts)
    return pts, packets, end_s


def _check_all_there(path: str, demuxer: str, limits: VideoLimits) -> None:
    """Count again without the edit list, which trims a clip by leaving out packets."""
    with open_container(path, demuxer, limits, advanced_editlist="0") as container:
        stream = video_stream(container, limits)
        _, packets, _ = _read_packets(container, stream, limits)
        if packets < stream.frames:
            raise VideoError(
                f"truncated: {packets} of the {stream.frames} frames that its header promises"
            )


def _check_spacing(times_s: npt.NDArray[np.float64], limits: VideoLimits) -> None:
    gaps = np.diff(times_s)
    if gaps.min() <= 0.0:
        index = int(gaps.argmin()) + 1
        raise VideoError(f"frames {index - 1} and {index} are both at {times_s[index]:.3f} s")
    if gaps.max() > limits.max_gap_s:
        index = int(gaps.argmax()) + 1
        raise VideoError(
            f"frame {index} comes {gaps.max():.3g} s after the one before > {limits.max_gap_s} s"
        )
