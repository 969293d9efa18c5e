"""Opens a clip and reads its frames, decoded in a child process with bounded memory and time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import select
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO

import numpy as np

import exoactor_rt
from exoactor_rt.errors import VideoError
from exoactor_rt.video import messages
from exoactor_rt.video.clip import ClipInfo, Frame
from exoactor_rt.video.limits import VideoLimits
from exoactor_rt.video.signature import demuxer_for

_CHUNK_BYTES = 1 << 20
_EXIT_WAIT_S = 5.0


class Clip:
    """A clip being read; a context manager, and an iterator over its frames, once.

    Only one frame is in memory at a time: the child waits while the reader is busy. Made by
    `open_clip`.
    """

    def __init__(self, path: Path, sha256: str, demuxer: str, limits: VideoLimits) -> None:
        self._path = path
        self._limits = limits
        self._waited_s = 0.0
        self._started = False
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self._child = _start_worker(path, demuxer, limits, self._stderr)
        try:
            self.info = self._read_info(sha256)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Clip:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[Frame]:
        """Frames in order of presentation, times strictly increasing; the child ends with it.

        Raises:
            VideoError: a frame is corrupt or missing, the child died or took too long, or the
                clip was read before (open it again).
        """
        if self._started:
            raise self._error("it was read before; open it again")
        self._started = True
        return self._frames()

    @property
    def worker_pid(self) -> int:
        """Process id of the decoding process."""
        return self._child.pid

    def close(self) -> None:
        """End the child and free what it held; harmless when done before."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        assert self._child.stdout is not None
        self._child.stdout.close()
        self._stderr.close()

    def _frames(self) -> Iterator[Frame]:
        try:
            for index in range(self.info.frame_count + 1):
                message = self._receive()
                if message["kind"] == "end":
                    return
                rgb = np.empty((self.info.height, self.info.width, 3), np.uint8)
                self._read_into(rgb.data.cast("B"))
                yield Frame(index=index, time_s=float(message["time_s"]), rgb=rgb)
        finally:
            self.close()

    def _read_info(self, sha256: str) -> ClipInfo:
        message = self._receive()
        if message["kind"] != "info":
            raise self._error("no frame could be decoded")
        return ClipInfo(
            path=self._path,
            sha256=sha256,
            width=int(message["width"]),
            height=int(message["height"]),
            frame_count=int(message["frame_count"]),
            duration_s=float(message["duration_s"]),
            rate_hz=float(message["rate_hz"]),
            codec=str(message["codec"]),
        )

    def _receive(self) -> messages.Message:
        """The child's next message; an error that it reports is raised."""
        try:
            length = messages.header_length(self._read(messages.LENGTH_BYTES))
            message: messages.Message = json.loads(self._read(length))
        except ValueError as error:
            raise self._error(f"the decoder sent nonsense: {error}") from error
        if message["kind"] == "error":
            raise self._error(message["what"])
        return message

    def _read(self, count: int) -> bytes:
        data = bytearray(count)
        self._read_into(memoryview(data))
        return bytes(data)

    def _read_into(self, view: memoryview) -> None:
        """Fill `view` from the pipe, waiting at most what is left of the time allowed."""
        assert self._child.stdout is not None
        if self._child.stdout.closed:
            raise self._error("it was closed")
        descriptor = self._child.stdout.fileno()
        poller = select.poll()
        poller.register(descriptor, select.POLLIN)
        filled = 0
        while filled < len(view):
            began_s = time.monotonic()
            left_s = self._limits.timeout_s - self._waited_s
            ready = left_s > 0.0 and poller.poll(left_s * 1000.0)
            self._waited_s += time.monotonic() - began_s
            if not ready:
                raise self._error(f"decoding took more than {self._limits.timeout_s:g} s")
            count = os.readv(descriptor, [view[filled:]])
            if count == 0:
                raise self._error(self._cause_of_death())
            filled += count

    def _cause_of_death(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(_EXIT_WAIT_S)
        status = self._child.returncode
        if status == -signal.SIGXCPU:
            return f"decoding used more than {self._limits.timeout_s:g} s of processor time"
        if status is not None and status < 0:
            return f"the decoder was ended by signal {-status} ({signal.Signals(-status).name})"
        self._stderr.seek(0)
        lines = self._stderr.read().decode(errors="replace").split("\n")
        last = next((line.strip() for line in reversed(lines) if line.strip()), "no message")
        return f"the decoder ended with status {status}: {last}"

    def _error(self, what: str) -> VideoError:
        return _refusal(self._path, what)


def _refusal(path: Path, what: object) -> VideoError:
    return VideoError(f"clip {path.name}: {what}; clip refused")


def open_clip(path: Path | str, limits: VideoLimits | None = None) -> Clip:
    """Open a clip: the container is read through and the first frame decoded before it returns.

    Args:
        path: an MP4, MOV, MKV or WebM file.
        limits: bounds on the clip and on the decoding process; the defaults where None.

    Returns:
        The clip, to be used in a `with` statement and iterated once; open it again to read again.

    Raises:
        VideoError: not a clip, damaged, or outside the limits; one line that names the cause.
    """
    path, limits = Path(path), limits or VideoLimits()
    try:
        _check_file(path, limits)
        demuxer = demuxer_for(path)
        if demuxer not in limits.demuxers:
            raise _refusal(path, f"container {demuxer}; allowed: {', '.join(limits.demuxers)}")
        return Clip(path, _sha256(path), demuxer, limits)
    except OSError as error:
        raise _refusal(path, f"cannot be read: {error.strerror}") from error


def _check_file(path: Path, limits: VideoLimits) -> None:
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise _refusal(path, f"no such file in {path.resolve().parent}") from error
    if not stat.S_ISREG(status.st_mode):
        raise _refusal(path, "not a regular file")
    if status.st_size == 0:
        raise _refusal(path, "the file is empty")
    if status.st_size > limits.max_bytes:
        raise _refusal(path, f"{status.st_size} bytes > {limits.max_bytes} bytes allowed")


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()


def _start_worker(
    path: Path, demuxer: str, limits: VideoLimits, stderr: IO[bytes]
) -> subprocess.Popen[bytes]:
    """A fresh interpreter, so that no thread or lock of this process is copied into it."""
    request = {"path": str(path.resolve()), "demuxer": demuxer, "limits": asdict(limits)}
    root = str(Path(exoactor_rt.__file__).resolve().parents[1])
    search = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
    single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "exoactor_rt.video.worker", json.dumps(request)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env={**os.environ, **single, "PYTHONPATH": search},
        bufsize=0,
    )
