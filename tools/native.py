"""Stand-alone builds of small C++ programs: proofs of the guard and of what threads share.

They need a compiler and Eigen (which the extra `dev` brings), and no build folder.
"""

from __future__ import annotations

import functools
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CPP = ROOT / "cpp"
SAFETY = CPP / "safety"
TESTS = ROOT / "tests" / "safety"
FLAGS = ("-std=c++17", "-Wall", "-Wextra", "-Wshadow")


def eigen_folder() -> Path:
    """Where Eigen's headers are.

    Raises:
        FileNotFoundError: they are not installed.
    """
    folder = Path(sysconfig.get_path("purelib")) / "cmeel.prefix" / "include" / "eigen3"
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder}: no Eigen; nothing built. Run make setup first")
    return folder


@functools.cache
def _generated_headers() -> tempfile.TemporaryDirectory[str]:
    """A folder with the joint table's header, gone with the interpreter."""
    folder = tempfile.TemporaryDirectory(prefix="exoactor_headers_")
    header = Path(folder.name) / "exoactor" / "types" / "joint_table.hpp"
    script, table = ROOT / "cmake" / "joint_table.py", ROOT / "exoactor_rt/robots/g1/joints.csv"
    subprocess.run([sys.executable, str(script), str(table), str(header)], check=True)
    return folder


def include_options(*rooms: str) -> list[str]:
    """Compiler options that show the headers of rooms; `types` is always among them."""
    folders = [CPP / room / "include" for room in ("types", *rooms)]
    options = [f"-I{folder}" for folder in (*folders, Path(_generated_headers().name))]
    return [*options, "-isystem", str(eigen_folder())]


def compile_object(
    source: Path, target: Path, *, compiler: str, flags: Sequence[str], includes: Sequence[str]
) -> None:
    """Compiles one file.

    Raises:
        subprocess.CalledProcessError: it does not compile; `stderr` says why.
    """
    command = [compiler, *FLAGS, *flags, *includes, "-c", str(source), "-o", str(target)]
    subprocess.run(command, check=True, capture_output=True, text=True)


def headers_of(source: Path, includes: Sequence[str]) -> set[Path]:
    """This project's headers that a file includes, through others too."""
    command = ["g++", FLAGS[0], "-MM", *includes, str(source)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return {Path(word).resolve() for word in told.split() if word.endswith(".hpp")}


def link(objects: Sequence[Path], target: Path, *, compiler: str, flags: Sequence[str]) -> None:
    """Links objects into a program."""
    command = [compiler, *flags, *map(str, objects), "-o", str(target)]
    subprocess.run(command, check=True, capture_output=True, text=True)


def build(
    sources: Sequence[Path],
    folder: Path,
    *,
    rooms: Sequence[str],
    compiler: str = "g++",
    flags: Sequence[str] = ("-O1",),
    name: str = "program",
) -> Path:
    """Compiles and links `sources` in `folder`; returns the program."""
    includes = include_options(*rooms)
    objects = []
    for source in sources:
        target = folder / f"{source.parent.name}_{source.stem}.o"
        compile_object(source, target, compiler=compiler, flags=flags, includes=includes)
        objects.append(target)
    program = folder / name
    link(objects, program, compiler=compiler, flags=flags)
    return program


def safety_sources() -> list[Path]:
    """The guard's own."""
    return sorted((SAFETY / "src").glob("*.cpp"))


def safety_tests() -> list[Path]:
    """The guard's tests with their main()."""
    return sorted([*TESTS.glob("test_*.cpp"), TESTS / "main.cpp"])
