"""Decodes the frames of a surveyed clip, upright and with square pixels (in the worker process)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import av
import numpy as np
import numpy.typing as npt

from exoactor_rt.errors import VideoError
from exoactor_rt.video.limits import VideoLimits
from exoactor_rt.video.messages import send
from exoactor_rt.video.survey import decoder_options, open_container, survey, video_stream

_SQUARE_TOLERANCE = 0.01


def send_clip(pipe: BinaryIO, path: str, demuxer: str, limits: VideoLimits) -> None:
    """Survey the file, then send `info`, every frame and `end`.

    Raises:
        VideoError: outside the limits, damaged or incomplete.
        av.FFmpegError: FFmpeg cannot read or decode it.
        BrokenPipeError: the reader is gone.
    """
    av.logging.set_level(av.logging.PANIC)
    found = survey(path, demuxer, limits)
    count = 0
    shape: tuple[int, ...] = ()
    for time_s, rgb in _frames(path, demuxer, limits):
        if count == 0:
            shape = rgb.shape
            info = {
                "kind": "info",
                "width": shape[1],
                "height": shape[0],
                "frame_count": len(found.times_s),
                "duration_s": found.duration_s,
                "rate_hz": found.rate_hz,
                "codec": found.codec,
            }
            send(pipe, info)
        if rgb.shape != shape:
            was, now = (f"{s[1]}x{s[0]} px" for s in (shape, rgb.shape))
            raise VideoError(f"frame {count}: size changes from {was} to {now}")
        send(pipe, {"kind": "frame", "index": count, "time_s": time_s}, rgb.data.cast("B"))
        count += 1
    if count != len(found.times_s):
        raise VideoError(f"corrupt: {count} of {len(found.times_s)} frames could be decoded")
    send(pipe, {"kind": "end"})


def _frames(
    path: str, demuxer: str, limits: VideoLimits
) -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
    """Time (s) and picture [H, W, 3] of every frame, in order of presentation."""
    with open_container(path, demuxer, limits) as container:
        stream = video_stream(container, limits)
        codec = stream.codec_context
        codec.thread_count = 1
        codec.options = decoder_options(limits)
        last_s = -np.inf
        for index, frame in enumerate(_decoded(container, stream)):
            if frame.is_corrupt:
                raise VideoError(f"frame {index}: corrupt picture")
            if frame.pts is None:
                raise VideoError(f"frame {index} has no presentation time")
            time_s = float(frame.pts * stream.time_base)
            if time_s <= last_s:
                raise VideoError(f"frame {index} at {time_s:.3f} s follows one at {last_s:.3f} s")
            last_s = time_s
            yield time_s, _upright(frame, codec.sample_aspect_ratio)


def _decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Frames of a stream; FFmpeg's errors name the frame they came at."""
    index = 0
    try:
        for frame in container.decode(stream):
            yield frame
            index += 1
    except av.FFmpegError as error:
        if isinstance(error, MemoryError):
            raise
        reason = error.strerror or type(error).__name__
        raise VideoError(f"frame {index}: corrupt: {reason}") from error


def _upright(frame: Any, sample_aspect: Any) -> npt.NDArray[np.uint8]:
    """[H, W, 3] RGB, turned as the container asks, with square pixels."""
    aspect = float(sample_aspect or 1.0)
    width = frame.width
    if aspect > 0.0 and abs(aspect - 1.0) > _SQUARE_TOLERANCE:
        width = round(frame.width * aspect)
    rgb = frame.to_ndarray(format="rgb24", width=width, height=frame.height)
    quarter_turns = round(frame.rotation / 90.0) % 4
    return np.ascontiguousarray(np.rot90(rgb, quarter_turns))
