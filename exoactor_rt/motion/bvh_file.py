"""Strict parser of Biovision hierarchy files: joints, offsets, channels, samples.

Format: M. Meredith and S. Maddock, Motion Capture File Formats Explained, 2001.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from exoactor_rt.errors import MotionError
from exoactor_rt.types import FloatArray

MAX_BYTES = 64 * 1024 * 1024
MAX_JOINTS = 512
CHANNELS = ("xposition", "yposition", "zposition", "xrotation", "yrotation", "zrotation")
_ALLOWED_FRAME_TIME_S = (1e-3, 0.2)


@dataclass(frozen=True)
class BvhClip:
    """A parsed file, in its own units and axes.

    Attributes:
        names: J joint names.
        parents: J indices of the parents, -1 for the root; parents come first.
        offsets: [J, 3] from the parent's origin, file units.
        end_offsets: joint index -> [3] of its end site, where it has one.
        channels: J tuples of channel names in lower case.
        samples: [T, C] file units and degrees, channels in the order of the joints.
        frame_time_s: time from frame to frame.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: FloatArray
    end_offsets: dict[int, FloatArray]
    channels: tuple[tuple[str, ...], ...]
    samples: FloatArray
    frame_time_s: float


class _Lines:
    """The words of the non-empty lines, with the line number for errors."""

    def __init__(self, path: Path, text: str) -> None:
        self._path = path
        self._rows: Iterator[tuple[int, list[str]]] = (
            (number, line.split())
            for number, line in enumerate(text.splitlines(), start=1)
            if line.strip()
        )
        self.number = 0

    def take(self, expected: str) -> list[str]:
        row = next(self._rows, None)
        if row is None:
            raise self.error(f"file ends, expected {expected}")
        self.number, words = row
        return words

    def error(self, problem: str) -> MotionError:
        return MotionError(f"bvh {self._path.name} line {self.number}: {problem}; not loaded")

    def numbers(self, words: list[str], count: int, what: str) -> list[float]:
        if len(words) != count:
            raise self.error(f"{what} has {len(words)} values, expected {count}")
        try:
            values = [float(word) for word in words]
        except ValueError:
            raise self.error(f"{what} holds {_first_non_number(words)!r}, not a number") from None
        if not all(map(math.isfinite, values)):
            raise self.error(f"{what} holds a value that is not finite")
        return values


class _Hierarchy:
    """Joints collected while reading."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.parents: list[int] = []
        self.offsets: list[list[float]] = []
        self.channels: list[tuple[str, ...]] = []
        self.ends: dict[int, FloatArray] = {}


def read_bvh(path: Path | str) -> BvhClip:
    """Parse a BVH file.

    Args:
        path: the file, at most 64 MiB.

    Raises:
        MotionError: the file cannot be read or is malformed; the message bears the line number.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise MotionError(f"bvh {path.name}: {size} bytes > {MAX_BYTES} allowed; not loaded")
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise MotionError(f"bvh {path}: {error.strerror}; not loaded") from error
    lines = _Lines(path, text)
    tree = _read_hierarchy(lines)
    frames, frame_time_s = _read_header(lines)
    width = sum(map(len, tree.channels))
    samples = np.empty((frames, width))
    for frame in range(frames):
        words = lines.take(f"frame {frame + 1} of {frames}")
        samples[frame] = lines.numbers(words, width, f"frame {frame + 1}")
    return BvhClip(
        names=tuple(tree.names),
        parents=tuple(tree.parents),
        offsets=np.array(tree.offsets),
        end_offsets=tree.ends,
        channels=tuple(tree.channels),
        samples=samples,
        frame_time_s=frame_time_s,
    )


def _read_hierarchy(lines: _Lines) -> _Hierarchy:
    tree = _Hierarchy()
    if lines.take("HIERARCHY") != ["HIERARCHY"]:
        raise lines.error("expected HIERARCHY")
    words = lines.take("ROOT")
    if words[0] != "ROOT" or len(words) < 2:
        raise lines.error(f"expected ROOT and a name, got {words[0]!r}")
    _open_joint(lines, tree, " ".join(words[1:]), -1)
    open_joints = [0]
    while open_joints:
        words = lines.take("JOINT, End Site or }")
        if words == ["}"]:
            open_joints.pop()
        elif words[0] == "JOINT" and len(words) >= 2:
            _open_joint(lines, tree, " ".join(words[1:]), open_joints[-1])
            open_joints.append(len(tree.names) - 1)
        elif words[0] == "End":
            tree.ends[open_joints[-1]] = _read_end_site(lines)
        else:
            raise lines.error(f"expected JOINT, End Site or }}, got {words[0]!r}")
    return tree


def _open_joint(lines: _Lines, tree: _Hierarchy, name: str, parent: int) -> None:
    if len(tree.names) >= MAX_JOINTS:
        raise lines.error(f"more than {MAX_JOINTS} joints")
    if name in tree.names:
        raise lines.error(f"joint {name!r} occurs twice")
    _expect_brace(lines, "{")
    offset = _read_offset(lines)
    words = lines.take("CHANNELS")
    if words[0] != "CHANNELS" or len(words) < 2 or not words[1].isdecimal():
        raise lines.error(f"expected CHANNELS and a count, got {' '.join(words[:2])!r}")
    channels = tuple(word.lower() for word in words[2:])
    if len(channels) != int(words[1]) or len(set(channels)) != len(channels):
        raise lines.error(f"CHANNELS {words[1]} is followed by {len(channels)} names, or repeats")
    unknown = [channel for channel in channels if channel not in CHANNELS]
    if unknown:
        raise lines.error(f"channel {unknown[0]!r} unknown, allowed {', '.join(CHANNELS)}")
    tree.names.append(name)
    tree.parents.append(parent)
    tree.offsets.append(offset)
    tree.channels.append(channels)


def _read_end_site(lines: _Lines) -> FloatArray:
    _expect_brace(lines, "{")
    offset = np.array(_read_offset(lines))
    _expect_brace(lines, "}")
    return offset


def _read_offset(lines: _Lines) -> list[float]:
    words = lines.take("OFFSET")
    if words[0] != "OFFSET":
        raise lines.error(f"expected OFFSET, got {words[0]!r}")
    return lines.numbers(words[1:], 3, "OFFSET")


def _expect_brace(lines: _Lines, brace: str) -> None:
    words = lines.take(brace)
    if words != [brace]:
        raise lines.error(f"expected {brace}, got {words[0]!r}")


def _read_header(lines: _Lines) -> tuple[int, float]:
    if lines.take("MOTION") != ["MOTION"]:
        raise lines.error("expected MOTION")
    words = lines.take("Frames:")
    if words[0] != "Frames:" or len(words) != 2 or not words[1].isdecimal() or int(words[1]) < 1:
        raise lines.error(f"expected 'Frames: N' with N >= 1, got {' '.join(words)!r}")
    frames = int(words[1])
    if 2 * frames > MAX_BYTES:
        raise lines.error(f"{frames} frames cannot lie in a file of {MAX_BYTES} bytes")
    words = lines.take("Frame Time:")
    if words[:2] != ["Frame", "Time:"]:
        raise lines.error(f"expected 'Frame Time: S', got {' '.join(words)!r}")
    (frame_time_s,) = lines.numbers(words[2:], 1, "Frame Time")
    low, high = _ALLOWED_FRAME_TIME_S
    if not low <= frame_time_s <= high:
        raise lines.error(f"Frame Time {frame_time_s:g} s, allowed {low:g} to {high:g} s")
    return frames, frame_time_s


def _first_non_number(words: list[str]) -> str:
    for word in words:
        try:
            float(word)
        except ValueError:
            return word[:40]
    return ""
