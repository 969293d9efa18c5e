"""Taking the TFLite files out of a fetched package."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from exoactor_rt.assets.fetch import require_sha256
from exoactor_rt.assets.manifest import Source, SourceFile
from exoactor_rt.errors import AssetError

_FILE_TABLE = re.compile(r'"files":\s*(\[.*?\])', re.DOTALL)


def _slice_bounds(loader_script: bytes, file_name: str) -> tuple[int, int]:
    """Where a file lies in a packed-assets blob, from the table in Emscripten's loader script."""
    table = _FILE_TABLE.search(loader_script.decode())
    if table is not None:
        for entry in json.loads(table.group(1)):
            if PurePosixPath(entry["filename"]).name == file_name:
                return int(entry["start"]), int(entry["end"])
    raise KeyError(f"{file_name} is not in the packed assets")


def _content(read_member: Callable[[str], bytes], file: SourceFile) -> bytes:
    content = read_member(file.member)
    if not file.index:
        return content
    start, end = _slice_bounds(read_member(file.index), f"{file.variant}.tflite")
    return content[start:end]


def _read_all(read_member: Callable[[str], bytes], source: Source) -> dict[str, bytes]:
    contents = {}
    for file in source.files:
        content = _content(read_member, file)
        require_sha256(
            f"{file.variant}.tflite of {source.package}",
            hashlib.sha256(content).hexdigest(),
            file.sha256,
        )
        contents[file.model] = content
    return contents


def _read_tar(archive: Path, source: Source) -> dict[str, bytes]:
    wanted = {file.member for file in source.files} | {file.index for file in source.files}
    members: dict[str, bytes] = {}
    with tarfile.open(archive, "r:gz") as tar:
        for entry in tar:
            if entry.name in wanted and (stream := tar.extractfile(entry)) is not None:
                members[entry.name] = stream.read()
    return _read_all(members.__getitem__, source)


def _read_zip(archive: Path, source: Source) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as wheel:
        return _read_all(wheel.read, source)


def read_tflite_files(archive: Path, source: Source) -> dict[str, bytes]:
    """Reads every TFLite file of a source from its archive and checks each sha256.

    Returns:
        Model role -> content of its TFLite file.

    Raises:
        ChecksumError: A file is not the one the manifest names.
        AssetError: The archive is damaged or lacks a file.
    """
    try:
        return (_read_zip if archive.suffix == ".whl" else _read_tar)(archive, source)
    except (KeyError, ValueError, EOFError, tarfile.TarError, zipfile.BadZipFile) as error:
        raise AssetError(
            f"archive {archive.name}: {str(error).strip(chr(39))}; nothing was installed"
        ) from error
