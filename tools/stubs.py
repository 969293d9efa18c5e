"""Writes the type stubs of the C++ modules from the modules themselves, or checks them.

`python tools/stubs.py` rewrites `exoactor_rt/_core/` and `exoactor_rt/_dds.pyi`; `--check`
compares and exits 1 on a difference. The DDS module's stub is left alone where it was not built.
"""

import argparse
import difflib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1] / "exoactor_rt"
MODULES = ("_core", "_dds")


def generate(module: str, folder: Path) -> None:
    """Generates a module's stubs below `folder`."""
    command = ["pybind11_stubgen", f"exoactor_rt.{module}", "--numpy-array-use-type-var"]
    command += ["--exit-code", "-o", str(folder)]
    subprocess.run([sys.executable, "-m", *command], check=True)
    ruff = [sys.executable, "-m", "ruff"]
    subprocess.run([*ruff, "format", "--quiet", str(folder)], check=True)


def texts(package: Path, module: str) -> dict[str, list[str]]:
    """The lines of every stub of a module, by path."""
    paths = [*package.glob(f"{module}.pyi"), *sorted(package.glob(f"{module}/*.pyi"))]
    return {str(path.relative_to(package)): path.read_text().splitlines() for path in paths}


def differences(module: str, package: Path) -> list[str]:
    """The lines by which the stubs kept differ from those made in `package`."""
    kept, made = texts(PACKAGE, module), texts(package, module)
    return [
        line
        for name in sorted(made.keys() | kept.keys())
        for line in difflib.unified_diff(
            kept.get(name, []), made.get(name, []), f"kept/{name}", f"made/{name}", lineterm=""
        )
    ]


def keep(module: str, package: Path) -> None:
    """Puts the stubs made in `package` in place of those kept."""
    shutil.rmtree(PACKAGE / module, ignore_errors=True)
    for name, lines in texts(package, module).items():
        (PACKAGE / name).parent.mkdir(exist_ok=True)
        (PACKAGE / name).write_text("\n".join(lines) + "\n")


def main() -> int:
    """Rewrites or checks; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    arguments = parser.parse_args()
    found: list[str] = []
    for module in MODULES:
        if importlib.util.find_spec(f"exoactor_rt.{module}") is None:
            print(f"{module} was not built: its stubs are left alone")
            continue
        with tempfile.TemporaryDirectory() as folder:
            generate(module, Path(folder))
            package = Path(folder) / PACKAGE.name
            if arguments.check:
                found += differences(module, package)
            else:
                keep(module, package)
    if arguments.check:
        print("\n".join(found) or "stubs agree with the modules")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
