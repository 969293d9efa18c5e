"""Provenance: what ran, on what, with which files."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from exoactor_rt.assets import list_models
from exoactor_rt.assets.fetch import sha256_of

PACKAGES = ("exoactor_rt", "numpy", "onnxruntime", "mujoco", "libpinocchio", "eiquadprog")


def describe_environment(source: Path) -> dict[str, str]:
    """Name -> value: versions, machine, and hashes of the input and the pose models."""
    described = {
        "input": source.name,
        "input sha256": (sha256 := sha256_of(source)),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    for package in PACKAGES:
        described[package] = _version(package)
    for status in list_models():
        described[f"model {status.name}"] = f"{status.variant} from {status.source}"
    return described | _describe_generation(source, sha256)


def _describe_generation(source: Path, sha256: str) -> dict[str, str]:
    """What made a generated clip, from the JSON beside it; empty where that is not of this clip."""
    from exoactor_rt.generation import Provenance  # noqa: PLC0415

    try:
        made = msgspec.json.decode(source.with_suffix(".json").read_bytes(), type=Provenance)
    except (OSError, msgspec.MsgspecError):
        return {}
    if made.video_sha256 != sha256:
        return {}
    described = {
        "instruction": made.instruction,
        "prompt": made.prompt,
        "scene sha256": made.scene_sha256,
        "video seed": str(made.seed),
        "video model": made.model,
        "video server": f"{made.dialect} {made.server}",
        "video job": made.job_id,
    }
    return {name: value for name, value in described.items() if value}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
