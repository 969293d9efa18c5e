"""The guard's own C++ tests, and what threads share under ThreadSanitizer, built stand-alone."""

import shutil
import subprocess
import sys

import pytest

from tools import native
from tools.mutants import mutants_of
from tools.safety_coverage import measure
from tools.safety_fuzz import TARGETS, find_clang, fuzz
from tools.safety_mutation import explanations, mutated_files

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ here")
THREADED = ("safety", "control", "runtime", "hal", "estimation", "model")


def test_the_guard_keeps_what_its_tests_say(tmp_path):
    sources = [*native.safety_sources(), *native.safety_tests()]
    program = native.build(sources, tmp_path, rooms=("safety",), flags=("-O0",))
    run = subprocess.run([str(program)], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout


def test_a_test_that_does_not_hold_fails(tmp_path):
    """The harness itself: a mutant of the state machine ends in an exit code."""
    header = native.SAFETY / "include/exoactor/safety/debounce.hpp"
    mutant = next(m for m in mutants_of(header.read_text()) if m.operator == "relational")
    shadow = tmp_path / "include/exoactor/safety/debounce.hpp"
    shadow.parent.mkdir(parents=True)
    shadow.write_text(mutant.text)
    sources = [
        native.SAFETY / "src/motion_inspector.cpp",
        native.SAFETY / "src/guard_limits.cpp",
        native.TESTS / "test_motion_inspector.cpp",
    ]
    main = tmp_path / "main.cpp"
    main.write_text(
        '#include "check.hpp"\n#include "tests.hpp"\n'
        "int main() { exoactor::test_motion_inspector(); return failures() == 0 ? 0 : 1; }\n"
    )
    flags = ("-O0", f"-I{tmp_path / 'include'}", f"-I{native.TESTS}")
    program = native.build([*sources, main], tmp_path, rooms=("safety",), flags=flags)
    assert subprocess.run([str(program)], check=False, capture_output=True).returncode == 1


def test_threads_share_without_races(tmp_path):
    flags = ("-O1", "-g", "-fsanitize=thread")
    source = native.TESTS / "stress_channels.cpp"
    program = native.build([source], tmp_path, rooms=THREADED, flags=flags)
    run = subprocess.run([str(program)], check=False, capture_output=True, text=True)
    if "unexpected memory mapping" in run.stderr:
        pytest.skip("ThreadSanitizer does not run with this kernel's address layout")
    assert run.returncode == 0, run.stderr[-3000:]


@pytest.mark.slow
def test_every_line_and_branch_of_the_guard_is_reached():
    files = measure()
    assert len(files) > 8
    missed = {
        name: (coverage.missed_lines, coverage.missed_branches)
        for name, coverage in files.items()
        if coverage.missed_lines or coverage.missed_branches
    }
    assert missed == {}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_million_random_streams_stay_within_limits(tmp_path, seed):
    sources = [*native.safety_sources(), native.TESTS / "random_streams.cpp"]
    program = native.build(sources, tmp_path, rooms=("safety",), flags=("-O2",))
    command = [str(program), "500000", str(seed)]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    words = run.stdout.split()
    driven, ticks = int(words[4]), int(words[6])
    assert driven > 0.2 * ticks, "most streams must get beyond arming"


@pytest.mark.slow
@pytest.mark.parametrize("target", TARGETS)
def test_short_fuzzing_finds_nothing(tmp_path, target):
    compiler = find_clang()
    if compiler is None:
        pytest.skip("no clang here")
    clean, told = fuzz(target, compiler, 20, tmp_path)
    assert clean, told


def test_explained_mutants_are_still_there():
    """An explanation whose line has changed explains nothing."""
    made = {
        (str(path.relative_to(native.SAFETY)), mutant.before, mutant.after)
        for path in mutated_files()
        for mutant in mutants_of(path.read_text())
    }
    assert set(explanations()) - made == set()


def test_mutants_change_one_line_each():
    text = "int f(int a) {\n  if (a > 1 && !done) a = a + 2;  // a < b\n  return a;\n}\n"
    made = {(mutant.operator, mutant.after) for mutant in mutants_of(text)}
    assert ("relational", "if (a >= 1 && !done) a = a + 2;") in made
    assert ("logical", "if (a > 1 || !done) a = a + 2;") in made
    assert ("negation", "if (a > 1 && done) a = a + 2;") in made
    assert ("arithmetic", "if (a > 1 && !done) a = a - 2;") in made
    assert ("constant", "if (a > 2 && !done) a = a + 2;") in made
    assert ("condition", "if (!(a > 1 && !done)) a = a + 2;") in made
    assert ("return", "return {};") in made
    assert all("b" not in after for _, after in made), "comments are no code"


def test_the_tools_say_what_they_do():
    for name in ("safety_mutation", "safety_fuzz"):
        path = native.ROOT / "tools" / f"{name}.py"
        told = subprocess.run(
            [sys.executable, str(path), "--help"], check=True, capture_output=True
        )
        assert b"guard" in told.stdout or b"cpp/safety" in told.stdout
