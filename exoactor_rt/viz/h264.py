"""Writing a video file: H.264 in MP4, so that every browser plays it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any

import av
import numpy as np
import numpy.typing as npt

from exoactor_rt.errors import VideoError

Image = npt.NDArray[np.uint8]

_ENCODERS = ("libx264", "libopenh264", "mpeg4")
_OPTIONS = {"libx264": {"crf": "23", "preset": "veryfast", "threads": "2"}}
_BIT_RATE = 3_000_000


def _first_encoder() -> str:
    for name in _ENCODERS:
        try:
            av.Codec(name, "w")
        except Exception:
            continue
        return name
    raise VideoError(f"video: no encoder of {', '.join(_ENCODERS)} in PyAV; nothing written")


class VideoWriter:
    """Writes RGB frames at a constant rate; the file appears when the `with` block succeeds."""

    def __init__(self, path: Path, rate_hz: int, width: int, height: int):
        """Opens `path` with `.part` appended; width and height must be even.

        Raises:
            VideoError: no encoder is there, or the file cannot be written.
        """
        self._path = path
        self._part = path.with_name(path.name + ".part")
        encoder = _first_encoder()
        options: dict[str, Any] = {"movflags": "+faststart"}
        try:
            self._container = av.open(str(self._part), "w", format="mp4", options=options)
        except (OSError, ValueError) as error:
            raise VideoError(f"video {path}: {error}; nothing written") from error
        self._stream = self._container.add_stream(encoder, rate=Fraction(rate_hz))
        self._stream.width, self._stream.height = width, height
        self._stream.pix_fmt = "yuv420p"
        if encoder in _OPTIONS:
            self._stream.options = _OPTIONS[encoder]
        else:
            self._stream.bit_rate = _BIT_RATE

    def write(self, image: Image) -> None:
        """Appends a [height, width, 3] RGB picture.

        Raises:
            VideoError: the file cannot be written.
        """
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(image), format="rgb24")
        try:
            self._container.mux(self._stream.encode(frame))
        except (av.FFmpegError, OSError) as error:
            raise self._failure(error) from error

    def __enter__(self) -> VideoWriter:
        """Returns itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finishes the file, or removes it after an error."""
        try:
            if kind is None:
                self._container.mux(self._stream.encode(None))
            self._container.close()
            if kind is None:
                self._part.replace(self._path)
        except (av.FFmpegError, OSError) as failure:
            if kind is None:
                raise self._failure(failure) from failure
        finally:
            self._part.unlink(missing_ok=True)

    def _failure(self, error: Exception) -> VideoError:
        reason = getattr(error, "strerror", None) or str(error)
        return VideoError(f"video {self._path}: {reason}; nothing written")
