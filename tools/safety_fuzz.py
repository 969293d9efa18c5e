"""Fuzzes the guard and the LowState intake with libFuzzer, under AddressSanitizer and UBSan.

Needs clang with its runtime library (`apt-get install clang libclang-rt-dev`, or of one version).
Exits with 1 on a finding, whose input is left in --artifacts, and with 2 where there is no clang.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tools import native

TARGETS = ("fuzz_enforce", "fuzz_low_state")
_FLAGS = (
    "-O1",
    "-g",
    "-fsanitize=fuzzer,address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
)
_COMPILERS = ("clang++", *(f"clang++-{version}" for version in range(20, 13, -1)))


def find_clang() -> str | None:
    """The first clang of this machine; None where there is none."""
    return next((name for name in _COMPILERS if shutil.which(name)), None)


def fuzz(target: str, compiler: str, seconds: int, artifacts: Path) -> tuple[bool, str]:
    """Whether nothing was found in that time, and libFuzzer's last lines."""
    wire = sorted((native.CPP / "wire" / "src").glob("*.cpp"))
    sources = [*native.safety_sources(), *wire, native.TESTS / f"{target}.cpp"]
    with tempfile.TemporaryDirectory() as folder:
        program = native.build(
            sources, Path(folder), rooms=("safety", "wire"), compiler=compiler, flags=_FLAGS
        )
        command = [str(program), f"-max_total_time={seconds}", "-max_len=4096", "-seed=1"]
        command += ["-print_final_stats=1", f"-artifact_prefix={artifacts}/{target}-"]
        run = subprocess.run(command, check=False, capture_output=True, text=True)
    return run.returncode == 0, "\n".join(run.stderr.splitlines()[-12:])


def main() -> int:
    """Fuzzes every target for a while."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="a target; default: %(default)s")
    parser.add_argument("--target", action="append", choices=TARGETS, default=[])
    parser.add_argument("--artifacts", type=Path, default=Path(tempfile.gettempdir()))
    arguments = parser.parse_args()
    compiler = find_clang()
    if compiler is None:
        print("no clang: apt-get install clang-14 libclang-rt-14-dev; nothing fuzzed")
        return 2
    clean = True
    for target in arguments.target or TARGETS:
        found_nothing, told = fuzz(target, compiler, arguments.seconds, arguments.artifacts)
        print(f"{target}: {'no finding' if found_nothing else 'FINDING'}\n{told}", flush=True)
        clean = clean and found_nothing
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
