"""Provenance: what ran, on what, with which files."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from exoactor_rt.assets import list_models
from exoactor_rt.assets.fetch import sha256_of

PACKAGES = ("exoactor_rt", "numpy", "onnxruntime", "mujoco", "libpinocchio", "eiquadprog")


def describe_environment(source: Path) -> dict[str, str]:
    """Name -> value: versions, machine, and hashes of the input and the pose models."""
    described = {
        "input": source.name,
        "input sha256": sha256_of(source),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
    }
    for package in PACKAGES:
        described[package] = _version(package)
    for status in list_models():
        described[f"model {status.name}"] = f"{status.variant} from {status.source}"
    return described


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
