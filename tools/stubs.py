"""Writes the type stubs of the C++ module from the module itself, or checks that they are true.

`python tools/stubs.py` rewrites `exoactor_rt/_core/`; `--check` compares and exits 1 on a
difference.
"""

import argparse
import difflib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

STUBS = Path(__file__).resolve().parents[1] / "exoactor_rt" / "_core"


def generate(folder: Path) -> Path:
    """Generates the stubs below `folder`; returns the module's stub folder."""
    command = ["pybind11_stubgen", "exoactor_rt._core", "--numpy-array-use-type-var"]
    command += ["--exit-code", "-o", str(folder)]
    subprocess.run([sys.executable, "-m", *command], check=True)
    stubs = folder / "exoactor_rt" / "_core"
    ruff = [sys.executable, "-m", "ruff"]
    subprocess.run([*ruff, "format", "--quiet", str(stubs)], check=True)
    return stubs


def texts(folder: Path) -> dict[str, list[str]]:
    """The lines of every stub of a folder, by file name."""
    return {path.name: path.read_text().splitlines() for path in sorted(folder.glob("*.pyi"))}


def main() -> int:
    """Rewrites or checks; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        fresh = generate(Path(folder))
        if not arguments.check:
            shutil.rmtree(STUBS, ignore_errors=True)
            shutil.copytree(fresh, STUBS)
            return 0
        made, kept = texts(fresh), texts(STUBS)
        differences = [
            line
            for name in sorted(made.keys() | kept.keys())
            for line in difflib.unified_diff(
                kept.get(name, []), made.get(name, []), f"kept/{name}", f"made/{name}", lineterm=""
            )
        ]
    print("\n".join(differences) or "stubs agree with the module")
    return int(bool(differences))


if __name__ == "__main__":
    sys.exit(main())
