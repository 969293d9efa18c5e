"""A folder of clips as a source: which file answers which instruction.

The sidecar `clips.json` beside the clips says it:

    {"version": 1,
     "clips": [{"file": "wave.mp4",
                "instructions": ["wave", "wave to the visitor"],
                "sha256": "9f86...", "seed": 7}],
     "default": "wave.mp4"}

`sha256` (the file must have it), `seed` (the clip of that seed only) and `default` (for every
other instruction) may be left out. Instructions match without regard to case, punctuation and
spaces. Without a sidecar a clip answers to its own name, `wave_to_the_visitor.mp4`, and a single
clip to everything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from exoactor_rt.errors import ConfigError

SIDECAR = "clips.json"
_SUFFIXES = frozenset({".mp4", ".mov", ".m4v"})
_MAX_SHOWN = 8
_NOT_A_WORD = re.compile(r"[\W_]+")


class ClipEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One clip of a folder.

    Attributes:
        file: its name in the folder.
        instructions: what it answers.
        sha256: of the file; empty where it is not checked.
        seed: the only seed it answers; None for every seed.
    """

    file: Annotated[str, Meta(pattern=r"^[^/\\\x00]+$", max_length=255)]
    instructions: tuple[str, ...] = ()
    sha256: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    seed: int | None = None


class Sidecar(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The whole of `clips.json`."""

    version: Literal[1]
    clips: Annotated[tuple[ClipEntry, ...], Meta(min_length=1, max_length=10_000)]
    default: str = ""


@dataclass(frozen=True)
class Chosen:
    """The clip that answers.

    Attributes:
        path: of the clip.
        sha256: that it must have; empty where nothing is known.
        note: why this clip, where the instruction does not name it.
    """

    path: Path
    sha256: str
    note: str = ""


class ClipFolder:
    """A folder of clips with its sidecar, or one file that answers everything."""

    def __init__(self, path: Path) -> None:
        """Reads the sidecar or lists the folder.

        Raises:
            ConfigError: there is no such folder, no clip in it, or the sidecar is not acceptable.
        """
        self.path = path
        self._folder = path if path.is_dir() else path.parent
        if path.is_file():
            self._sidecar = _only(path.name)
        elif (path / SIDECAR).is_file():
            self._sidecar = _read_sidecar(path / SIDECAR)
        else:
            self._sidecar = _listed(path)

    def choose(self, instruction: str, seed: int) -> Chosen:
        """The clip for an instruction; of several the one whose turn the seed is.

        Raises:
            ConfigError: no clip answers.
        """
        wanted = normalised(instruction)
        fitting = [
            entry
            for entry in self._sidecar.clips
            if entry.seed in (None, seed) and wanted in map(normalised, entry.instructions)
        ]
        if fitting:
            return self._chosen(fitting[seed % len(fitting)])
        for entry in self._sidecar.clips:
            if entry.file == self._sidecar.default:
                return self._chosen(entry, f"{entry.file} stands for every instruction")
        known = [text for entry in self._sidecar.clips for text in entry.instructions]
        more = f" and {len(known) - _MAX_SHOWN} more" if len(known) > _MAX_SHOWN else ""
        shown = ", ".join(map(repr, known[:_MAX_SHOWN]))
        raise ConfigError(f"{self.path}: no clip for {instruction!r}; there are {shown}{more}")

    def find(self, text: str, seed: int) -> Chosen:
        """The clip whose longest instruction stands in a longer text, such as a prompt.

        Where there is none it is the default, or else the clip whose turn the seed is.
        """
        words = f" {normalised(text)} "
        found = [
            (len(instruction), entry)
            for entry in self._sidecar.clips
            for instruction in map(normalised, entry.instructions)
            if instruction and f" {instruction} " in words and entry.seed in (None, seed)
        ]
        if found:
            longest = max(length for length, _ in found)
            fitting = [entry for length, entry in found if length == longest]
            return self._chosen(fitting[seed % len(fitting)])
        names = [entry.file for entry in self._sidecar.clips]
        name = self._sidecar.default or names[seed % len(names)]
        return self._chosen(self._sidecar.clips[names.index(name)])

    def _chosen(self, entry: ClipEntry, note: str = "") -> Chosen:
        return Chosen(self._folder / entry.file, entry.sha256, note)


def normalised(instruction: str) -> str:
    """Words in small letters, one space between."""
    return _NOT_A_WORD.sub(" ", instruction).strip().casefold()


def _only(name: str) -> Sidecar:
    return Sidecar(version=1, clips=(ClipEntry(file=name),), default=name)


def _listed(folder: Path) -> Sidecar:
    try:
        names = sorted(p.name for p in folder.iterdir() if p.suffix.lower() in _SUFFIXES)
    except OSError as error:
        raise ConfigError(f"{folder}: no folder of clips: {error.strerror}") from error
    if not names:
        raise ConfigError(f"{folder}: no clip in it; looked for {', '.join(sorted(_SUFFIXES))}")
    if len(names) == 1:
        return _only(names[0])
    return Sidecar(
        version=1,
        clips=tuple(ClipEntry(file=name, instructions=(Path(name).stem,)) for name in names),
    )


def _read_sidecar(path: Path) -> Sidecar:
    try:
        sidecar = msgspec.json.decode(path.read_bytes(), type=Sidecar)
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigError(f"{path}: {error}; no clip used") from error
    names = {entry.file for entry in sidecar.clips}
    missing = sorted(name for name in names if not (path.parent / name).is_file())
    if missing:
        raise ConfigError(f"{path}: names {missing[0]}, which is not there; no clip used")
    if sidecar.default and sidecar.default not in names:
        raise ConfigError(f"{path}: default {sidecar.default!r} is none of its clips")
    return sidecar
