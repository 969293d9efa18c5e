"""The first-frame edit: a person in place of the robot, by an OpenAI-style images endpoint."""

from __future__ import annotations

import base64
import binascii

import aiohttp

from exoactor_rt.errors import ConfigError, GenerationError
from exoactor_rt.generation.patience import Patience
from exoactor_rt.generation.server import Server
from exoactor_rt.generation.task import MAX_IMAGE_BYTES, Image, Task, image_from_bytes

_MAX_ANSWER_BYTES = MAX_IMAGE_BYTES * 4 // 3 + (1 << 20)
_PROMPT = (
    "Replace the humanoid robot with a real person{height} in close-fitting plain clothes. Keep "
    "exactly the robot's pose, position, scale, orientation and shadow, with feet and hands where "
    "the robot's are. Keep camera, framing, light, background and every object unchanged. The "
    "whole body from head to feet stays visible. Exactly one person, no robot."
)


class ImagesEdit:
    """Asks `POST /v1/images/edits`."""

    def __init__(self, server: Server, patience: Patience, seed: int, limit_s: float) -> None:
        """`limit_s` is for one answer."""
        self.by = f"{server.origin} {server.model}".strip()
        self._server = server
        self._patience = patience
        self._seed = seed
        self._limit_s = limit_s

    async def edit(self, task: Task, scene: Image) -> Image:
        """The scene with a person in place of the robot.

        Raises:
            GenerationError: no answer, or no picture in it.
        """
        height = "" if task.height_m is None else f", about {task.height_m:.2f} m tall,"
        fields = {
            "prompt": _PROMPT.format(height=height),
            "n": "1",
            "response_format": "b64_json",
            "seed": str(self._seed),
        }
        if self._server.model:
            fields["model"] = self._server.model

        def form() -> aiohttp.FormData:
            data = aiohttp.FormData(fields, default_to_multipart=True)
            data.add_field(
                "image", scene.content, filename=scene.file_name, content_type=scene.media_type
            )
            return data

        answer = await self._server.ask_again(
            "POST",
            self._server.endpoint("images", "edits"),
            self._patience,
            form=form,
            limit_s=self._limit_s,
            max_bytes=_MAX_ANSWER_BYTES,
        )
        document = answer.document() or {}
        try:
            content = base64.b64decode(document["data"][0]["b64_json"], validate=True)
            return image_from_bytes(content, f"{self._server.what}: edited first frame")
        except (KeyError, IndexError, TypeError, binascii.Error, ValueError) as error:
            raise GenerationError(f"{self._server.what}: no picture in its answer") from error
        except ConfigError as error:
            raise GenerationError(str(error)) from error
