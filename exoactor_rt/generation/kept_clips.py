"""Clips that an earlier run has brought whole: nothing is asked of anybody for them again."""

from __future__ import annotations

from pathlib import Path

import msgspec

from exoactor_rt.generation.digests import sha256_of
from exoactor_rt.generation.output_folder import clip_path
from exoactor_rt.generation.provenance import GeneratedClip, Provenance
from exoactor_rt.generation_config import MAX_CANDIDATES


def kept_clips(folder: Path) -> tuple[GeneratedClip, ...]:
    """The clips in `folder` that are what their provenance says, in the order of candidates."""
    found = []
    for candidate in range(1, MAX_CANDIDATES + 1):
        path = clip_path(folder, candidate)
        try:
            content = path.with_suffix(".json").read_bytes()
            provenance = msgspec.json.decode(content, type=Provenance)
            if sha256_of(path) == provenance.video_sha256:
                found.append(GeneratedClip(candidate, path, provenance))
        except (OSError, msgspec.DecodeError):
            continue
    return tuple(found)
