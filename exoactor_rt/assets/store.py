"""The installed models: where each lies, and whether it can be used."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from exoactor_rt.assets.fetch import sha256_of
from exoactor_rt.assets.manifest import Manifest, Source, load_manifest
from exoactor_rt.assets.parity import check_parity
from exoactor_rt.cache_folder import models_folder
from exoactor_rt.durable_file import write_durably
from exoactor_rt.errors import AssetError

_INDEX = "index.json"


class _Index(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a pull installed: model role -> sha256 of its ONNX file."""

    onnx_sha256: dict[str, str]


@dataclass(frozen=True)
class ModelStatus:
    """A model of the manifest and how it stands in the cache.

    Attributes:
        name: role, as `model_path` takes it.
        variant: the TFLite file it is made from.
        source: package and version.
        licence: SPDX identifier.
        what: what the model does.
        path: of the ONNX file; None if not installed.
        degraded: what is worse with this variant's source; empty if nothing.
        problem: why it cannot be used; empty if it can.
    """

    name: str
    variant: str
    source: str
    licence: str
    what: str
    path: Path | None
    degraded: str
    problem: str


def set_folder(source: Source) -> Path:
    """Where the models of a source lie; another converter or other files give another folder."""
    manifest = load_manifest()
    content = msgspec.json.encode(
        (manifest.converter_version, source, manifest.models), order="deterministic"
    )
    key = hashlib.sha256(content).hexdigest()[:12]
    return models_folder() / f"{source.name}-{source.version}-{key}"


def onnx_file(folder: Path, name: str) -> Path:
    """The file of a model in a folder of installed models."""
    return folder / f"{name}.onnx"


def write_index(folder: Path, onnx_sha256: dict[str, str]) -> None:
    """Completes a folder of models with the sha256 of each."""
    write_durably(folder / _INDEX, msgspec.json.encode(_Index(onnx_sha256)))


def _read_index(folder: Path) -> _Index | None:
    try:
        return msgspec.json.decode((folder / _INDEX).read_bytes(), type=_Index)
    except (OSError, msgspec.MsgspecError):
        return None


def _installed_source(manifest: Manifest) -> Source | None:
    """The best source whose models are installed."""
    for source in manifest.usable_sources():
        if _read_index(set_folder(source)) is not None:
            return source
    return None


def _file_problem(path: Path, wanted_sha256: str | None) -> str:
    try:
        got = sha256_of(path)
    except OSError as error:
        return f"unreadable ({error.strerror})"
    return "" if got == wanted_sha256 else f"sha256 {got}, must be {wanted_sha256}"


def is_intact(source: Source) -> bool:
    """Whether every model of a source is installed with the sha256 it was installed with."""
    folder = set_folder(source)
    index = _read_index(folder)
    return index is not None and not any(
        _file_problem(onnx_file(folder, file.model), index.onnx_sha256.get(file.model))
        for file in source.files
    )


def _statuses(check_deeply: bool) -> list[ModelStatus]:
    manifest = load_manifest()
    installed = _installed_source(manifest)
    source = installed or manifest.usable_sources()[0]
    folder = set_folder(source)
    index = _read_index(folder)
    statuses = []
    for file in source.files:
        model = manifest.models[file.model]
        path = onnx_file(folder, file.model)
        problem = "" if index is not None and path.is_file() else "not installed"
        if index is not None and not problem and check_deeply:
            problem = _file_problem(path, index.onnx_sha256.get(file.model))
            if not problem:
                try:
                    check_parity(path.read_bytes(), file.variant, model)
                except AssetError as error:
                    problem = str(error)
        statuses.append(
            ModelStatus(
                name=file.model,
                variant=file.variant,
                source=f"{source.package} {source.version}",
                licence=model.licence,
                what=model.what,
                path=None if problem == "not installed" else path,
                degraded=source.degraded,
                problem=problem,
            )
        )
    return statuses


def list_models() -> list[ModelStatus]:
    """Every model of the manifest and whether it is installed; reads no model file."""
    return _statuses(check_deeply=False)


def verify() -> list[ModelStatus]:
    """As `list_models`, after checking each file's sha256 and its outputs against TFLite's."""
    return _statuses(check_deeply=True)


def model_path(name: str) -> Path:
    """The installed ONNX file of a model, by its role.

    Raises:
        AssetError: There is no such model, or it is not installed.
    """
    for status in list_models():
        if status.name == name:
            if status.path is None:
                raise AssetError(
                    f"model {name}: not installed in {models_folder()}; run `exoactor models pull`"
                )
            return status.path
    raise AssetError(f"model {name}: unknown, there are {sorted(load_manifest().models)}")
