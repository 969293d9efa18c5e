"""The G1's visual meshes: an optional asset; without them the primitive shapes are drawn."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from exoactor_rt.assets.fetch import fetch_archive
from exoactor_rt.assets.manifest import Source
from exoactor_rt.cache_folder import exclusive, models_folder, publish, staging, storage_errors
from exoactor_rt.errors import AssetError

_SOURCE = Source(
    name="mjlab",
    client="pip",
    package="mjlab",
    version="1.6.0",
    archive_sha256="03d003854e2f44c48330c6dcf4c2253ff7641bb569747846825a21b9efa8540b",
    platform="any",
    files=(),
)
_FOLDER_IN_ARCHIVE = "mjlab/asset_zoo/robots/unitree_g1/xmls/assets/"
_LOCK_TIMEOUT_S = 300.0


@dataclass(frozen=True)
class LinkMesh:
    """A mesh of a link.

    Attributes:
        body: the link's name in g1.xml.
        file: the STL's name.
        position: m, of the mesh in the link, as MJCF writes it.
        dark: drawn in the frame's colour instead of the shell's.
    """

    body: str
    file: str
    position: str = "0 0 0"
    dark: bool = False


def _arm_and_leg(side: str, outward: str) -> tuple[LinkMesh, ...]:
    dark = ("hip_pitch_link", "ankle_roll_link")
    links = (
        *("hip_pitch_link", "hip_roll_link", "hip_yaw_link", "knee_link"),
        *("ankle_pitch_link", "ankle_roll_link"),
        *("shoulder_pitch_link", "shoulder_roll_link", "shoulder_yaw_link", "elbow_link"),
        *("wrist_roll_link", "wrist_pitch_link", "wrist_yaw_link"),
    )
    meshes = [LinkMesh(f"{side}_{link}", f"{side}_{link}.STL", dark=link in dark) for link in links]
    hand = LinkMesh(
        f"{side}_wrist_yaw_link", f"{side}_rubber_hand.STL", f"0.0415 {outward}0.003 0", dark=True
    )
    return (*meshes, hand)


LINK_MESHES = (
    LinkMesh("pelvis", "pelvis.STL", dark=True),
    LinkMesh("pelvis", "pelvis_contour_link.STL"),
    LinkMesh("waist_yaw_link", "waist_yaw_link_rev_1_0.STL", dark=True),
    LinkMesh("waist_roll_link", "waist_roll_link_rev_1_0.STL", dark=True),
    LinkMesh("torso_link", "torso_link_rev_1_0.STL"),
    LinkMesh("torso_link", "logo_link.STL", "0.0039635 0 -0.044", dark=True),
    LinkMesh("torso_link", "head_link.STL", "0.0039635 0 -0.044", dark=True),
    *_arm_and_leg("left", ""),
    *_arm_and_leg("right", "-"),
)


def mesh_folder() -> Path:
    """Where pulled meshes lie: `meshes/g1` in the cache. Need not exist."""
    return models_folder().parent / "meshes" / "g1"


def installed_meshes() -> Path | None:
    """The mesh folder when every mesh is there, else None."""
    folder = mesh_folder()
    return folder if all((folder / mesh.file).is_file() for mesh in LINK_MESHES) else None


def pull_meshes(progress: Callable[[str], None] | None = None) -> Path:
    """Fetches the meshes (Unitree's, BSD-3-Clause) from the mjlab wheel, all or nothing.

    Args:
        progress: called with a line at each step.

    Returns:
        The mesh folder. Nothing is fetched when the meshes are there.

    Raises:
        AssetError: no network, a wrong checksum, a wheel without the meshes, a full disk.
    """
    installed = installed_meshes()
    if installed is not None:
        return installed
    folder = mesh_folder()
    with storage_errors(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        with exclusive(folder.parent, _LOCK_TIMEOUT_S), staging(folder.parent) as temporary:
            download, finished = temporary / "download", temporary / "g1"
            download.mkdir()
            finished.mkdir()
            if progress is not None:
                progress(f"fetching {_SOURCE.package} {_SOURCE.version} with {_SOURCE.client}")
            _extract(fetch_archive(_SOURCE, download), finished)
            publish(finished, folder)
    return folder


def _extract(archive: Path, folder: Path) -> None:
    try:
        with zipfile.ZipFile(archive) as wheel:
            for mesh in LINK_MESHES:
                (folder / mesh.file).write_bytes(wheel.read(_FOLDER_IN_ARCHIVE + mesh.file))
    except (KeyError, zipfile.BadZipFile) as error:
        raise AssetError(f"meshes from {archive.name}: {error}; nothing was installed") from error
