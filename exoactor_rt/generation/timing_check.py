"""Whether a clip's own timing is the one its model was asked for.

A server that writes another frame rate than the frames were made for rescales the motion: a wave
becomes frantic, a step a stumble. Timing is always taken from the file; this finds out where that
cannot be trusted.
"""

from __future__ import annotations

from exoactor_rt.generation.answer import JobEndedError
from exoactor_rt.generation.provenance import ClipTiming

_RATE_TOLERANCE = 0.02
_LENGTH_TOLERANCE = 0.1


def check_timing(got: ClipTiming, fps: float, num_frames: int) -> tuple[str, ...]:
    """What differs but does no harm.

    Args:
        got: of the file.
        fps: that the frames were made for.
        num_frames: that were asked for.

    Raises:
        JobEndedError: the motion runs at another speed than it was made for.
    """
    speed = got.rate_hz / fps
    length = got.frame_count / num_frames
    if abs(speed - 1.0) <= _RATE_TOLERANCE:
        if abs(length - 1.0) <= _LENGTH_TOLERANCE:
            return ()
        return (f"{got.frame_count} frames came, {num_frames} were asked for",)
    if abs(length / speed - 1.0) <= _LENGTH_TOLERANCE:
        return (f"{got.rate_hz:.4g} frames a second came for {fps:g}, in the same time",)
    raise JobEndedError(
        f"clip: {got.frame_count} frames at {got.rate_hz:.4g} a second, {num_frames} at {fps:g} "
        f"were asked for: motion {speed:.2f} times as fast; clip refused"
    )
