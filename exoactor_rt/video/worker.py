"""The decoding process: `python -m exoactor_rt.video.worker REQUEST`, started by `decode`.

It limits its own memory, processor time and file writing before FFmpeg is loaded, reads the clip
through, then sends frames over its standard output until done or until the reader is gone.
"""

from __future__ import annotations

import json
import math
import os
import resource
import sys
from pathlib import Path
from typing import BinaryIO

import msgspec

from exoactor_rt.errors import VideoError
from exoactor_rt.video.limits import VideoLimits
from exoactor_rt.video.messages import Message, send

_STDERR_BYTES = 65536
_MEMORY_SUSPECT = 0.8


def confine(limits: VideoLimits) -> None:
    """Bound this process for the rest of its life."""
    bounds = {
        resource.RLIMIT_AS: limits.memory_bytes,
        resource.RLIMIT_CPU: math.ceil(limits.timeout_s),
        resource.RLIMIT_FSIZE: _STDERR_BYTES,
        resource.RLIMIT_CORE: 0,
    }
    for kind, bound in bounds.items():
        hard = resource.getrlimit(kind)[1]
        soft = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (soft, hard))


def _claim_stdout() -> BinaryIO:
    """Standard output for messages only: whatever else is printed goes to standard error."""
    pipe = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return pipe


def _peak_bytes() -> int:
    """Greatest address space so far; FFmpeg often tells a failed allocation as invalid data."""
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmPeak"))


def _failure(error: Exception, limits: VideoLimits) -> Message:
    if isinstance(error, VideoError):
        what = str(error)
    elif isinstance(error, MemoryError):
        what = f"decoding needs more than the {limits.memory_bytes // 2**20} MiB allowed"
    else:
        reason = getattr(error, "strerror", None) or str(error)
        what = f"cannot be decoded: {type(error).__name__}: {reason}"
    if not isinstance(error, MemoryError) and _peak_bytes() > _MEMORY_SUSPECT * limits.memory_bytes:
        what += f" (it may need more than the {limits.memory_bytes // 2**20} MiB allowed)"
    return {"kind": "error", "what": " ".join(what.split())}


def main() -> int:
    """Decode the clip named in the request; 0 when all was said, be it an error."""
    request = json.loads(sys.argv[1])
    limits = msgspec.convert(request["limits"], VideoLimits)
    pipe = _claim_stdout()
    try:
        confine(limits)
        try:
            from exoactor_rt.video.frames import send_clip  # noqa: PLC0415

            send_clip(pipe, request["path"], request["demuxer"], limits)
        except BrokenPipeError:
            raise
        except Exception as error:
            send(pipe, _failure(error, limits))
    except BrokenPipeError:
        os._exit(0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
