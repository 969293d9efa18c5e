"""Mutation testing of cpp/safety: small faults in its source, each of which its tests must notice.

Each mutant is compiled and tested alone. Exits with 1 where fewer than 95 % are noticed, or where
one goes unnoticed that `tests/safety/unnoticed_mutants.toml` does not explain.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools import native
from tools.mutants import Mutant, mutants_of

LEAST_NOTICED = 0.95
EXPLANATIONS = native.TESTS / "unnoticed_mutants.toml"
_FLAGS = ("-O0", "-DSTOP_AT_FIRST", "-w")
_WITHIN_S = 60.0
_COMMON_HEADERS = ("Eigen/Core", "Eigen/Geometry", "algorithm", "cstdio", "string")


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: noticed, unnoticed, or not compiled (None)."""

    path: str
    mutant: Mutant
    noticed: bool | None


class Bench:
    """Builds the guard and its tests once, then anew where a mutant changed them."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._link_flags = [*_FLAGS, "-fuse-ld=gold"] if shutil.which("ld.gold") else _FLAGS
        self._headers = folder / "include"
        self._headers.mkdir()
        common = folder / "common.hpp"
        common.write_text("".join(f"#include <{name}>\n" for name in _COMMON_HEADERS))
        base = native.include_options("safety")
        native.compile_object(
            common, folder / "common.hpp.gch", compiler="g++", flags=_FLAGS, includes=base
        )
        self._includes = ["-include", str(common), f"-I{self._headers}", *base]
        sources = [*native.safety_sources(), *native.safety_tests()]
        self._objects = {source: folder / f"{source.stem}.o" for source in sources}
        for source, target in self._objects.items():
            self._compile(source, target)
        self._headers_of = {source: native.headers_of(source, base) for source in sources}
        if not self._tests_pass(self._objects):
            raise RuntimeError("the tests fail without a mutant; nothing measured")

    def try_out(self, source: Path, mutant: Mutant) -> bool | None:
        """Whether the tests notice the mutant; None where it does not compile."""
        try:
            if source.suffix == ".hpp":
                return self._try_header(source, mutant)
            changed = self._folder / source.name
            changed.write_text(mutant.text)
            target = self._folder / "mutant.o"
            self._compile(changed, target)
            return not self._tests_pass(self._objects | {source: target})
        except subprocess.CalledProcessError:
            return None

    def _try_header(self, header: Path, mutant: Mutant) -> bool:
        """With a header that shadows the true one, all that sees it is compiled anew."""
        shadow = self._headers / header.relative_to(native.SAFETY / "include")
        shadow.parent.mkdir(parents=True, exist_ok=True)
        shadow.write_text(mutant.text)
        try:
            objects = dict(self._objects)
            for source in self._sources_with(header):
                objects[source] = self._folder / f"mutant_{source.stem}.o"
                self._compile(source, objects[source])
            return not self._tests_pass(objects)
        finally:
            shadow.unlink()

    def _sources_with(self, header: Path) -> list[Path]:
        return [source for source, seen in self._headers_of.items() if header.resolve() in seen]

    def _compile(self, source: Path, target: Path) -> None:
        native.compile_object(source, target, compiler="g++", flags=_FLAGS, includes=self._includes)

    def _tests_pass(self, objects: dict[Path, Path]) -> bool:
        program = self._folder / "tests"
        native.link(list(objects.values()), program, compiler="g++", flags=self._link_flags)
        try:
            subprocess.run([str(program)], check=True, capture_output=True, timeout=_WITHIN_S)
        except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
            return False
        return True


def mutated_files() -> list[Path]:
    """Sources of the guard, and its headers that hold code."""
    headers = (native.SAFETY / "include").rglob("*.hpp")
    return [*native.safety_sources(), *sorted(headers)]


def explanations() -> dict[tuple[str, str, str], str]:
    """(file, line before, line after) -> why no test can notice it."""
    entries = tomllib.loads(EXPLANATIONS.read_text())["mutant"]
    return {(entry["file"], entry["before"], entry["after"]): entry["why"] for entry in entries}


def main() -> int:
    """Prints what went unnoticed and a table by operator."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", action="append", default=[], help="only files of that name")
    parser.add_argument("--every", type=int, default=1, help="only every so many mutants")
    arguments = parser.parse_args()
    verdicts = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for path in mutated_files():
            if arguments.file and path.name not in arguments.file:
                continue
            name = str(path.relative_to(native.SAFETY))
            for mutant in list(mutants_of(path.read_text()))[:: arguments.every]:
                verdicts.append(Verdict(name, mutant, bench.try_out(path, mutant)))
                if verdicts[-1].noticed is False:
                    _tell(verdicts[-1])
    return _judge(verdicts)


def _tell(verdict: Verdict) -> None:
    mutant = verdict.mutant
    print(f"unnoticed: {verdict.path}:{mutant.line} {mutant.operator}")
    print(f"  - {mutant.before}\n  + {mutant.after}", flush=True)


def _judge(verdicts: list[Verdict]) -> int:
    tried = [verdict for verdict in verdicts if verdict.noticed is not None]
    noticed = [verdict for verdict in tried if verdict.noticed]
    by_operator = Counter(verdict.mutant.operator for verdict in tried)
    found = Counter(verdict.mutant.operator for verdict in noticed)
    for operator, count in sorted(by_operator.items()):
        print(f"{operator:<12} {found[operator]:>4} of {count:>4} noticed")
    share = len(noticed) / max(1, len(tried))
    known = explanations()
    unexplained = [
        verdict
        for verdict in tried
        if not verdict.noticed
        and (verdict.path, verdict.mutant.before, verdict.mutant.after) not in known
    ]
    print(
        f"{len(noticed)} of {len(tried)} noticed, {100.0 * share:.1f} %; {len(unexplained)} "
        f"unnoticed ones unexplained; {len(verdicts) - len(tried)} do not compile"
    )
    return 0 if share >= LEAST_NOTICED and not unexplained else 1


if __name__ == "__main__":
    sys.exit(main())
