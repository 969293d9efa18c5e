"""Task -> prompt -> clip: from a folder, a URL or a video server, verified, with its provenance."""

from exoactor_rt.generation.clock import Clock
from exoactor_rt.generation.generator import (
    Generated,
    Generator,
    Inspect,
    Progress,
)
from exoactor_rt.generation.kept_clips import kept_clips
from exoactor_rt.generation.output_folder import clip_path
from exoactor_rt.generation.provenance import ClipTiming, GeneratedClip, Provenance
from exoactor_rt.generation.task import Image, Task, image_from_bytes, read_image

__all__ = [
    "ClipTiming",
    "Clock",
    "Generated",
    "GeneratedClip",
    "Generator",
    "Image",
    "Inspect",
    "Progress",
    "Provenance",
    "Task",
    "clip_path",
    "image_from_bytes",
    "kept_clips",
    "read_image",
]
