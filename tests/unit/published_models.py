"""Other people's G1 models and policies, fetched from the package index."""

import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

PIP_TIMEOUT_S = 180


@dataclass(frozen=True)
class PublishedModel:
    """A wheel, a folder in it, and the file in that folder that is wanted."""

    package: str
    version: str
    folder: str
    model: str

    @property
    def wheel_name(self):
        return f"{self.package.replace('-', '_')}-{self.version}-py3-none-any.whl"


HOLOSOMA = PublishedModel(
    "holosoma", "0.0.3", "holosoma/data/robots/g1/", "scenes/scene_g1_29dof_wbt_plane.xml"
)
MJLAB = PublishedModel("mjlab", "1.6.0", "mjlab/asset_zoo/robots/unitree_g1/xmls/", "g1.xml")

HOLOSOMA_WALKING = PublishedModel(
    "holosoma-inference",
    "0.1.3",
    "holosoma_inference/models/loco/g1_29dof/",
    "fastsac_g1_29dof.onnx",
)
HOLOSOMA_DANCING = PublishedModel(
    "holosoma-inference",
    "0.1.3",
    "holosoma_inference/models/wbt/",
    "fastsac_g1_29dof_dancing.onnx",
)


def _wheel(published):
    """The wheel from EXOACTOR_WHEEL_DIR, the cache, or the index; skips the test without any."""
    cache_home = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    cache = cache_home / "exoactor" / "wheels"
    folders = [cache]
    if "EXOACTOR_WHEEL_DIR" in os.environ:
        folders.insert(0, Path(os.environ["EXOACTOR_WHEEL_DIR"]))
    for folder in folders:
        if (folder / published.wheel_name).is_file():
            return folder / published.wheel_name
    cache.mkdir(parents=True, exist_ok=True)
    requirement = f"{published.package}=={published.version}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--retries", "0"]
    try:
        subprocess.run(
            [*command, "--dest", str(cache), requirement],
            check=True,
            capture_output=True,
            timeout=PIP_TIMEOUT_S,
        )
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"{requirement} could not be downloaded: {error}")
    return cache / published.wheel_name


def unpack(published, folder):
    """Extracts the file with its neighbours into `folder`; its path."""
    with zipfile.ZipFile(_wheel(published)) as wheel:
        names = [name for name in wheel.namelist() if name.startswith(published.folder)]
        wheel.extractall(folder, names)
    return folder / published.folder / published.model
