"""Fetching a registry package through its ordinary client, and checking what came."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path

from exoactor_rt.assets.manifest import Source
from exoactor_rt.errors import AssetError

_TIMEOUT_S = 900.0
_NO_NETWORK = re.compile(
    r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTCACHED"
    r"|NewConnectionError|ConnectTimeoutError|Name or service not known"
    r"|name resolution|Network is unreachable|Connection refused|Read timed out",
    re.IGNORECASE,
)
_FULL_DISK = re.compile(r"ENOSPC|No space left", re.IGNORECASE)
_NOISE = re.compile(r"^(npm (error|ERR!)\s*)?(A complete log|\[notice\]|WARNING:|$)", re.IGNORECASE)


class FetchError(AssetError):
    """The client could not bring the package; another source may."""


class ChecksumError(AssetError):
    """What came is not what the manifest says."""


def _npm_command(source: Source, folder: Path) -> list[str]:
    return [
        "npm",
        "pack",
        "--loglevel=error",
        "--fetch-retries=1",
        f"--pack-destination={folder}",
        f"{source.package}@{source.version}",
    ]


def _pip_command(source: Source, folder: Path) -> list[str]:
    return [
        *(sys.executable, "-m", "pip", "download"),
        *("--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--retries=1"),
        *("--only-binary=:all:", "--implementation=cp", "--python-version=3.11", "--abi=cp311"),
        f"--platform={source.platform}",
        f"--dest={folder}",
        f"{source.package}=={source.version}",
    ]


def _cause(client: str, returncode: int, output: str) -> str:
    if _NO_NETWORK.search(output):
        return f"{client} cannot reach its registry: no network"
    if _FULL_DISK.search(output):
        return f"{client} found no space left on the disk"
    lines = [line.strip() for line in output.splitlines() if not _NOISE.match(line.strip())]
    said = f": {lines[-1][:160]}" if lines else ""
    return f"{client} failed with exit code {returncode}{said}"


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def require_sha256(what: str, got: str, wanted: str) -> None:
    """Raises ChecksumError if two hexadecimal digests differ."""
    if got != wanted:
        raise ChecksumError(f"{what}: sha256 {got}, must be {wanted}; nothing was installed")


def fetch_archive(source: Source, folder: Path) -> Path:
    """Downloads the package of `source` into an empty folder and checks its sha256.

    Returns:
        The archive's path.

    Raises:
        FetchError: The client is not installed, failed, timed out, or has no network.
        ChecksumError: The archive is not the one the manifest names.
    """
    command = (_npm_command if source.client == "npm" else _pip_command)(source, folder)
    package = f"{source.package} {source.version}"
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=_TIMEOUT_S,
            check=False,
        )
    except FileNotFoundError as error:
        raise FetchError(f"{package}: {source.client} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise FetchError(
            f"{package}: {source.client} took more than {_TIMEOUT_S:g} s; stopped"
        ) from error
    if done.returncode != 0:
        raise FetchError(f"{package}: {_cause(source.client, done.returncode, done.stdout)}")
    archives = [path for path in folder.iterdir() if path.suffix in (".tgz", ".whl")]
    if len(archives) != 1:
        raise FetchError(f"{package}: {source.client} left {len(archives)} archives, expected 1")
    require_sha256(f"archive {archives[0].name}", sha256_of(archives[0]), source.archive_sha256)
    return archives[0]
