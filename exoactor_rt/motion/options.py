"""What the caller may say about the person, the camera and the wanted rate."""

from __future__ import annotations

from dataclasses import dataclass

from exoactor_rt.errors import MotionError


@dataclass(frozen=True)
class MotionOptions:
    """Settings of `recover_motion` and `load_bvh`.

    Attributes:
        subject_height_m: standing height of the person; sets the metric scale of a video.
        focal_px: focal length of the camera in pixels; None takes the image diagonal.
        rate_hz: uniform rate of the result.
        min_duration_s: a shorter usable run is refused.
        max_duration_s: a longer source is refused, which bounds the time spent.
    """

    subject_height_m: float = 1.75
    focal_px: float | None = None
    rate_hz: float = 30.0
    min_duration_s: float = 0.5
    max_duration_s: float = 120.0

    def __post_init__(self) -> None:
        """Check the bounds."""
        bounds = {
            "subject_height_m": (self.subject_height_m, 0.5, 2.6),
            "rate_hz": (self.rate_hz, 10.0, 240.0),
            "min_duration_s": (self.min_duration_s, 0.2, 60.0),
            "max_duration_s": (self.max_duration_s, 1.0, 600.0),
        }
        if self.focal_px is not None:
            bounds["focal_px"] = (self.focal_px, 50.0, 1e5)
        for name, (value, low, high) in bounds.items():
            if not low <= value <= high:
                raise MotionError(
                    f"motion options: {name} {value:g}, allowed {low:g} to {high:g}; not started"
                )
