"""Configuration of the generation room: the section `[generation]` of `config.Config`."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

MAX_CANDIDATES = 16
_FILE = Meta(max_length=4096)

Dialect = Literal["folder", "http", "vllm_omni", "sglang"]
"""Where clips come from: a folder of files, one URL, or a video server of one of two kinds."""


class ServerConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One HTTP server and how it is trusted.

    Attributes:
        url: scheme, host, port and the path before `/v1`; without user name or password. Of the
            dialect `http` the clip's own URL.
        model: the model's name; empty for the server's own.
        token_file: file with a bearer token, root's or ours, readable by its owner only.
        credential: name of a systemd credential with the token, instead of a file.
        ca_file: PEM of the authorities to trust in place of the system's.
        client_cert_file: PEM of our certificate, for servers that ask for one.
        client_key_file: PEM of its key; empty if it is in the certificate's file.
    """

    url: Annotated[str, Meta(pattern=r"^https?://[^\s@/?#]+([/?][^\s#]*)?$", max_length=2048)]
    model: Annotated[str, Meta(max_length=256)] = ""
    token_file: Annotated[str, _FILE] = ""
    credential: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_.-]*$", max_length=255)] = ""
    ca_file: Annotated[str, _FILE] = ""
    client_cert_file: Annotated[str, _FILE] = ""
    client_key_file: Annotated[str, _FILE] = ""


class RenderConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a video server is asked to render; None leaves a value to the model.

    Attributes:
        width_px: of the frame; image-to-video models keep the aspect ratio of the image instead.
        height_px: of the frame.
        num_frames: number of frames.
        fps: frames a second; with another one than the model was trained at, motion is rescaled.
        num_inference_steps: diffusion steps.
        guidance_scale: classifier-free guidance.
        negative_prompt: what to avoid.
    """

    width_px: Annotated[int, Meta(ge=64, le=4096)] = 832
    height_px: Annotated[int, Meta(ge=64, le=4096)] = 480
    num_frames: Annotated[int, Meta(ge=8, le=1200)] = 81
    fps: Annotated[int, Meta(ge=5, le=120)] = 16
    num_inference_steps: Annotated[int, Meta(ge=1, le=200)] | None = None
    guidance_scale: Annotated[float, Meta(ge=0.0, le=20.0)] | None = None
    negative_prompt: Annotated[str, Meta(max_length=2000)] = (
        "camera movement, zoom, cut, close-up, cropped body, several people, extra limbs, "
        "blurred motion, slow motion, text"
    )


class GenerationLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Bounds on time, bytes and repetition.

    Attributes:
        connect_s: to reach a server.
        request_s: for one request other than a download, and between two pieces of any answer.
        step_s: for one first-frame edit or one decomposition, which compute while we wait.
        job_s: from the submission of a job to its end.
        download_s: for a whole download, its repetitions included.
        cancel_s: for telling the server that a job is cancelled.
        poll_first_s: from the submission to the first question after it.
        poll_longest_s: between two questions in the end.
        failures: how many requests in a row may fail before a job is given up.
        max_bytes: size of a clip.
    """

    connect_s: Annotated[float, Meta(gt=0.0, le=120.0)] = 10.0
    request_s: Annotated[float, Meta(gt=0.0, le=600.0)] = 30.0
    step_s: Annotated[float, Meta(gt=0.0, le=3600.0)] = 180.0
    job_s: Annotated[float, Meta(gt=0.0, le=86400.0)] = 1800.0
    download_s: Annotated[float, Meta(gt=0.0, le=3600.0)] = 300.0
    cancel_s: Annotated[float, Meta(gt=0.0, le=120.0)] = 10.0
    poll_first_s: Annotated[float, Meta(ge=0.05, le=60.0)] = 1.0
    poll_longest_s: Annotated[float, Meta(ge=0.05, le=300.0)] = 10.0
    failures: Annotated[int, Meta(ge=1, le=20)] = 5
    max_bytes: Annotated[int, Meta(ge=1024, le=1 << 32)] = 512 << 20


class GenerationConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How clips are made; the default is the embedded clip, without any network.

    Attributes:
        dialect: where clips come from.
        clips: of `folder`, the folder; empty for the clip that ships with the project.
        video: of `vllm_omni` and `sglang`, the server; of `http`, the clip's own URL.
        edit: server of the first-frame edit; without one the scene image is used as it is.
        chat: server of the decomposition; without one the built-in template splits the task.
        candidates: how many clips of one task, with seeds that count up.
        seed: of the first candidate.
    """

    dialect: Dialect = "folder"
    clips: Annotated[str, _FILE] = ""
    video: ServerConfig | None = None
    edit: ServerConfig | None = None
    chat: ServerConfig | None = None
    candidates: Annotated[int, Meta(ge=1, le=MAX_CANDIDATES)] = 1
    seed: Annotated[int, Meta(ge=0, le=2**31 - 1)] = 0
    render: RenderConfig = RenderConfig()
    limits: GenerationLimits = GenerationLimits()
