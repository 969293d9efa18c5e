"""Where a clip came from: what the log and the report of a run keep of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from exoactor_rt.durable_file import write_durably
from exoactor_rt.generation.steps import Prepared
from exoactor_rt.generation.storage_errors import storage_errors
from exoactor_rt.generation_config import RenderConfig


class ClipTiming(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a clip's container says of time, as the video room reads it.

    Attributes:
        frame_count: frames that are shown.
        rate_hz: mean frame rate.
        duration_s: from the first frame's start to the last one's end.
    """

    frame_count: int
    rate_hz: float
    duration_s: float


class Provenance(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Everything that made one clip; without tokens, and without queries of addresses.

    Attributes:
        version: of this document.
        made_at: when the clip was complete, RFC 3339.
        instruction: as the user gave it.
        person_height_m: where the user gave it.
        scene_sha256: of the user's picture; empty without one.
        prepared: prompt and what made it; None where no prompt was used.
        prompt: the text as it was sent.
        dialect: where the clip came from.
        server: scheme, host and port; or the folder.
        model: the model's name; empty where it is not known.
        job_id: the server's name of the job.
        seed: of the model's noise, or of the choice among clips.
        render: what was asked of the model.
        video_sha256: of the clip's bytes.
        video_bytes: size of the clip.
        timing: of the clip itself; None where nobody looked.
        stage_s: stage -> s it took, as we saw it.
        server_stage_s: stage -> s it took, as the server says.
        download_requests: how many requests the download took.
        notes: what differs from what was asked.
    """

    version: Literal[1] = 1
    made_at: str
    instruction: str
    person_height_m: float | None = None
    scene_sha256: str = ""
    prepared: Prepared | None = None
    prompt: str = ""
    dialect: str
    server: str
    model: str = ""
    job_id: str = ""
    seed: int
    render: RenderConfig | None = None
    video_sha256: str
    video_bytes: int
    timing: ClipTiming | None = None
    stage_s: dict[str, float] = {}
    server_stage_s: dict[str, float] = {}
    download_requests: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class GeneratedClip:
    """A clip in place, and where it came from.

    Attributes:
        candidate: counted from 1.
        path: of the clip.
        provenance: also written beside it, as `.json`.
    """

    candidate: int
    path: Path
    provenance: Provenance

    @property
    def provenance_path(self) -> Path:
        """The JSON file beside the clip."""
        return self.path.with_suffix(".json")

    def write_provenance(self) -> None:
        """Writes the JSON file; it is on the disk when this returns.

        Raises:
            GenerationError: the file system refuses.
        """
        content = msgspec.json.format(msgspec.json.encode(self.provenance))
        with storage_errors(self.provenance_path):
            write_durably(self.provenance_path, content + b"\n")
