"""Lines and branches of cpp/safety that its tests reach: all of them, or an exit code of 1.

Branches that only an exception's unwinding takes are not counted.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools import native

_FLAGS = ("-O0", "--coverage", "-fno-elide-constructors")


@dataclass
class FileCoverage:
    """Reached or not, by line; by line and place on it for branches.

    Attributes:
        lines: line -> how often it was reached.
        branches: (line, index) -> how often it was taken.
    """

    lines: dict[int, int] = field(default_factory=dict)
    branches: dict[tuple[int, int], int] = field(default_factory=dict)

    @property
    def missed_lines(self) -> list[int]:
        """Lines that no test reaches."""
        return sorted(line for line, count in self.lines.items() if count == 0)

    @property
    def missed_branches(self) -> list[tuple[int, int]]:
        """Branches that no test takes."""
        return sorted(place for place, count in self.branches.items() if count == 0)


def measure() -> dict[str, FileCoverage]:
    """Builds and runs the tests; file below cpp/safety -> what they reach.

    Raises:
        subprocess.CalledProcessError: a test fails, or the build.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [*native.safety_sources(), *native.safety_tests()]
        program = native.build(sources, folder, rooms=("safety",), flags=_FLAGS)
        subprocess.run([str(program)], check=True, cwd=folder)
        return _collect(folder)


def _collect(folder: Path) -> dict[str, FileCoverage]:
    files: dict[str, FileCoverage] = {}
    data = sorted(map(str, folder.glob("*.gcda")))
    command = ["gcov", "--json-format", "--branch-probabilities", *data]
    subprocess.run(command, check=True, cwd=folder, capture_output=True)
    for path in folder.glob("*.gcov.json.gz"):
        for entry in json.loads(gzip.decompress(path.read_bytes()))["files"]:
            source = Path(entry["file"])
            if native.SAFETY not in source.parents:
                continue
            name = str(source.relative_to(native.SAFETY))
            _add(files.setdefault(name, FileCoverage()), entry["lines"])
    return files


def _add(coverage: FileCoverage, lines: list[dict[str, object]]) -> None:
    """Adds what one object says; a header is told of by many."""
    seen: dict[int, int] = {}
    for line in lines:
        number, count = int(str(line["line_number"])), int(str(line["count"]))
        coverage.lines[number] = coverage.lines.get(number, 0) + count
        branches = line["branches"]
        assert isinstance(branches, list)
        for branch in branches:
            if branch["throw"]:
                continue
            place = number, seen.get(number, 0)
            seen[number] = place[1] + 1
            coverage.branches[place] = coverage.branches.get(place, 0) + int(branch["count"])


def main() -> int:
    """Prints a table; 0 when everything is reached."""
    missed = 0
    files = measure()
    for name, coverage in sorted(files.items()):
        lines, branches = len(coverage.lines), len(coverage.branches)
        missed += len(coverage.missed_lines) + len(coverage.missed_branches)
        print(
            f"{name:<48} lines {lines - len(coverage.missed_lines):>3} / {lines:<3} "
            f"branches {branches - len(coverage.missed_branches):>3} / {branches:<3}"
        )
        for number in coverage.missed_lines:
            print(f"  line {number}: not reached")
        for number, index in coverage.missed_branches:
            print(f"  line {number}: branch {index} not taken")
    print("everything reached" if not missed else f"{missed} not reached")
    return 0 if not missed else 1


if __name__ == "__main__":
    sys.exit(main())
