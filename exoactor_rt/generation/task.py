"""What a user asks for: one instruction, perhaps a picture of the scene and the person's height."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from exoactor_rt.errors import ConfigError

MAX_INSTRUCTION = 2000
MAX_IMAGE_BYTES = 32 << 20
_SHOWN = 60
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"RIFF", "image/webp"),
)


@dataclass(frozen=True)
class Image:
    """An encoded still picture.

    Attributes:
        content: the file's bytes.
        media_type: image/png, image/jpeg or image/webp.
    """

    content: bytes
    media_type: str

    @property
    def file_name(self) -> str:
        """A name whose ending says the type."""
        return f"scene.{self.media_type.removeprefix('image/')}"


@dataclass(frozen=True)
class Task:
    """One instruction to turn into clips.

    Attributes:
        instruction: what the person is to do, in plain words.
        scene: the picture from which the clip starts; None where there is none.
        height_m: the person's height; None where it does not matter.
    """

    instruction: str
    scene: Image | None = None
    height_m: float | None = None

    def __post_init__(self) -> None:
        text = self.instruction
        if not text.strip():
            raise ConfigError("instruction: empty; nothing to generate")
        if len(text) > MAX_INSTRUCTION:
            raise ConfigError(
                f"instruction: {len(text)} characters > {MAX_INSTRUCTION} allowed; not sent"
            )
        if any(not (character.isprintable() or character.isspace()) for character in text):
            raise ConfigError(f"instruction {text[:_SHOWN]!r}: has control characters; not sent")


def image_from_bytes(content: bytes, where: str) -> Image:
    """The picture in `content`; `where` names it in errors.

    Raises:
        ConfigError: it is neither PNG, JPEG nor WebP, or too big.
    """
    if len(content) > MAX_IMAGE_BYTES:
        raise ConfigError(f"{where}: {len(content)} bytes > {MAX_IMAGE_BYTES} allowed; not sent")
    for signature, media_type in _SIGNATURES:
        if content.startswith(signature) and (signature != b"RIFF" or content[8:12] == b"WEBP"):
            return Image(content, media_type)
    raise ConfigError(f"{where}: begins with {content[:8].hex(' ')}; allowed: PNG, JPEG, WebP")


def read_image(path: Path) -> Image:
    """A picture from a file.

    Raises:
        ConfigError: it cannot be read or is no picture.
    """
    try:
        with path.open("rb") as file:
            return image_from_bytes(file.read(MAX_IMAGE_BYTES + 1), str(path))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
