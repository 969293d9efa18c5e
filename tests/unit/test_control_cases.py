"""Cases, bisection, criteria and tables of `bench control`, with made-up trials."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import numpy as np
import pytest

from exoactor_rt._core.planning import level_limits
from exoactor_rt.bench import control
from exoactor_rt.bench.control.bisection import bisect_impulse
from exoactor_rt.bench.control.case import (
    DIRECTIONS_DEG,
    HIGHEST_NS,
    PHASES,
    PUSHED_STEP,
    CaseError,
    PushCase,
    PushResult,
    TrialCase,
    TrialResult,
)
from exoactor_rt.bench.control.catalogue import ASKED_STEPPING_NS
from exoactor_rt.bench.control.courses import in_place, random_steps
from exoactor_rt.bench.control.suite import run_case
from exoactor_rt.bench.control.task import Stand
from exoactor_rt.bench.control.tick_times import SolverResult, TickTimes
from exoactor_rt.bench.control.trial import Outcome, count_lifts, longest_raised_s
from exoactor_rt.errors import ConfigError, HardwareError
from exoactor_rt.planning import PlanLevel, Side, check_plan
from exoactor_rt.sim import SimOptions

SURVIVED = Outcome(True, com_rms_mm=3.0, speed_m_s=0.36)
FELL = Outcome(False, "tilt 1.1 rad > 1.0 rad", fall_time_s=4.25)
LIFT_OFFS_S = tuple(2.0 + 0.5 * index for index in range(10))
FULL = control.catalogue(0, quick=False)


def impulse_of(sim):
    return sum(0.1 * float(np.hypot(*push.force_in_world[:2])) for push in sim.pushes)


def falls_above(limit_ns):
    def run(_task, sim):
        outcome = FELL if impulse_of(sim) > limit_ns + 0.5 else SURVIVED
        return replace(outcome, lift_offs_s=LIFT_OFFS_S)

    return run


@pytest.mark.parametrize("first_ns", [None, 1, 9, HIGHEST_NS])
@pytest.mark.parametrize("limit_ns", range(HIGHEST_NS + 2))
def test_bisection_finds_the_limit(limit_ns, first_ns):
    found = bisect_impulse(lambda impulse_ns: impulse_ns <= limit_ns, HIGHEST_NS, first_ns)
    assert found.largest_ns == min(limit_ns, HIGHEST_NS)
    tried = [impulse_ns for impulse_ns, _ in found.probes]
    assert len(set(tried)) == len(tried) <= 6
    assert first_ns is None or tried[0] == first_ns
    assert found.largest_ns in [0, *tried]
    assert found.largest_ns == HIGHEST_NS or found.largest_ns + 1 in tried


def test_a_push_comes_at_its_phase_from_its_side():
    case = PushCase("push", in_place(10), SimOptions(), DIRECTIONS_DEG["left"], phase=0.25)
    seen = []

    def run(task, sim):
        seen.append(sim)
        return falls_above(12)(task, sim)

    result = case.run(run)
    assert result.largest_ns == 12
    assert result.reason == FELL.reason
    assert seen[0].pushes == ()
    push = seen[1].pushes[0]
    assert push.start_s == LIFT_OFFS_S[PUSHED_STEP] + 0.25 * 0.5
    np.testing.assert_allclose(push.force_in_world, [0, 160, 0], atol=1e-9)


def test_a_walk_that_falls_undisturbed_survives_no_push():
    case = PushCase("push-stepping/left/0", in_place(10), SimOptions(), 0.0, phase=0.0)
    result = run_case(case, lambda _task, _sim: FELL).result
    assert result == PushResult(case.name, 0, (), f"undisturbed: {FELL.reason}")
    assert f"undisturbed: {FELL.reason}" in control.format_results([result])


def test_a_trial_that_raises_is_an_error_with_its_words():
    def fail(_task, _sim):
        raise HardwareError("MuJoCo is missing")

    ran = run_case(TrialCase("walk/forward", in_place(2), SimOptions()), fail)
    assert ran.result == CaseError("walk/forward", "HardwareError: MuJoCo is missing")


def test_names_are_unique_and_quick_is_a_part():
    names = [case.name for case in FULL]
    quick = [case.name for case in control.catalogue(0, quick=True)]
    assert len(set(names)) == len(names)
    assert set(quick) < set(names)
    assert len([name for name in names if name.startswith("mismatch/")]) >= 24
    assert len([name for name in names if name.startswith("random/")]) == 100
    assert len([n for n in names if n.startswith("push-stepping/")]) == 8 * PHASES


def test_a_group_a_case_or_a_pattern_selects():
    def names(*only):
        return [case.name for case in control.select(FULL, only)]

    assert names("walk") == ["walk/forward", "walk/sideways", "walk/turning"]
    assert names("walk/turning", "stance/stand") == ["stance/stand", "walk/turning"]
    assert names("push-stepping/left/?") == [f"push-stepping/left/{k}" for k in range(PHASES)]
    assert names("ticks") == []
    assert len(names()) == len(FULL)
    with pytest.raises(ConfigError, match=r"--only jump: no such case, allowed stance, one-foot"):
        names("walk", "jump")


def test_every_plan_is_within_the_planners_limits():
    for task in {case.task for case in FULL}:
        assert check_plan(task.plan()) == []


def test_random_steps_cover_the_limits():
    limits = level_limits(PlanLevel.NOMINAL)
    steps = [s for seed in range(40) for s in random_steps(16, limits, (0, seed)).steps]
    for name, low, high in (
        ("forward_m", limits.forward_min_m, limits.forward_max_m),
        ("lateral_m", limits.lateral_min_m, limits.lateral_max_m),
        ("swing_s", limits.swing_min_s, limits.swing_max_s),
        ("lift_m", limits.lift_min_m, limits.lift_max_m),
        ("yaw_rad", limits.yaw_min_rad(Side.RIGHT), limits.yaw_max_rad(Side.LEFT)),
    ):
        values = np.array([getattr(step, name) for step in steps])
        assert low <= values.min() < low + 0.05 * (high - low)
        assert high - 0.05 * (high - low) < values.max() <= high


def test_lifts_are_counted_from_the_truth():
    height_m = np.full((12, 2), 0.035)
    height_m[2:4, 0] = 0.08
    height_m[6:8, 1] = 0.09
    height_m[9, 0] = 0.04
    assert count_lifts(height_m) == 2


def test_the_longest_raise_of_one_foot_counts():
    height_m = np.full((100, 2), 0.035)
    height_m[10:20, 0] = 0.2
    height_m[30:60, 1] = 0.09
    height_m[60:90, 0] = 0.08
    assert longest_raised_s(np.arange(100) / 50.0, height_m) == pytest.approx(0.6)


def results(**outcomes):
    return [TrialResult(name.replace("__", "/"), outcome) for name, outcome in outcomes.items()]


def met(found):
    return {one.name: one.met for one in found}


def test_criteria_of_stances_and_walks():
    drifts = replace(SURVIVED, com_rms_mm=4.5)
    slow = replace(SURVIVED, speed_m_s=0.2)
    found = met(control.criteria(results(stance__stand=drifts, walk__forward=slow)))
    assert found == {
        "stance/stand survived": True,
        "stance/stand, CoM rms": False,
        "walk/forward survived": True,
        "walk/forward, speed": False,
    }


def test_a_case_that_could_not_be_run_fails_its_criteria():
    failed = [CaseError(case.name, "died") for case in FULL]
    assert not any(one.met for one in control.criteria(failed))


@pytest.mark.parametrize(("survivors", "passes"), [(95, True), (94, False)])
def test_95_of_100_random_plans(survivors, passes):
    ran = [
        TrialResult(f"random/{index:02d}", SURVIVED if index < survivors else FELL)
        for index in range(100)
    ]
    (criterion,) = control.criteria(ran)
    assert criterion.met is passes


def push_results(weak_ns=20):
    return [
        PushResult(
            f"push-stepping/{name}/{phase}", weak_ns if phase == 3 else 21, ((20, True),), "tilt"
        )
        for name in DIRECTIONS_DEG
        for phase in range(PHASES)
    ]


def test_the_weakest_phase_counts():
    found = met(control.criteria(push_results(weak_ns=12)))
    assert found == {
        f"push-stepping/{name}, worst of 8 phases": asked <= 12
        for name, asked in ASKED_STEPPING_NS.items()
    }
    assert set(found.values()) == {True, False}


def test_tables_show_cells_and_reasons():
    ran = [
        *results(walk__forward=SURVIVED, walk__turning=FELL),
        *push_results(),
        *results(mismatch__walk__soft=FELL, mismatch__stand__soft=SURVIVED),
    ]
    lines = control.format_results(ran).splitlines()
    assert "walk/turning: fell at 4.25 s: tilt 1.1 rad > 1.0 rad" in lines
    assert any(re.fullmatch(r"left +21 +21 +21 +20( +21){4}", line) for line in lines)
    assert any(re.fullmatch(r"soft +fell +survived", line) for line in lines)
    table = control.format_criteria(control.criteria(ran))
    assert re.search(r"FAIL +walk/turning survived +0 +>= 1", table)


def test_allocations_and_failures_count_but_failures_in_a_fall_do_not():
    fall = SolverResult("falling", True, 100, 1.0, 30.0, 80, 4, 6, allocations=2)
    walk = SolverResult("walking", False, 100, 1.0, 9.0, 14, 0, 1)
    assert met(control.solver_criteria([fall, walk])) == {
        "allocations falling": False,
        "QP failures walking": False,
    }


def test_the_solver_table_has_a_line_a_situation():
    parts = dict.fromkeys(("dynamics", "qp", "tick"), (90.4, 150.0, 180.0))
    solvers = [
        SolverResult("walking", False, 100, 1.0, 9.0, 14, 0, 0, allocations=0),
        SolverResult("falling", True, 50, 1.0, 30.0, 80, 4, 6),
    ]
    times = [TickTimes(solver.name, parts, 12.4) for solver in solvers]
    _, _, _, walking, falling = control.format_solver(solvers, times).splitlines()
    assert re.split("  +", walking) == [
        "walking",
        "100",
        "1 / 9 / 14",
        "0",
        "0",
        "0",
        *["90 / 150 / 180"] * 3,
        "12",
    ]
    assert re.split("  +", falling)[3:6] == ["4", "6", "-"]


def test_documents_keep_the_machine_apart():
    solver = SolverResult("walking", False, 100, 1.0, 9.0, 14, 0, 0)
    ticks = TickTimes(
        "walking", dict.fromkeys(("dynamics", "qp", "tick"), (90.0, 150.0, 180.0)), 12.0
    )
    ran = [run_case(TrialCase("walk/forward", Stand(), SimOptions()), falls_above(5))]
    lasting = control.criteria([one.result for one in ran])
    text = control.results_json({"seed": 0}, [one.result for one in ran], [solver], lasting)
    document = json.loads(text)
    assert document["cases"][0]["outcome"]["survived"] is True
    assert document["solver"][0]["iterations_max"] == 14
    assert not re.search(r"_us|wall|_ns\"", text)
    times = json.loads(control.timings_json(ran, [ticks], control.timing_criteria([ticks]), {}))
    assert set(times["cases_s"]) == {"walk/forward"}
    assert [one["met"] for one in times["criteria"]] == [True, True, True]


def test_the_map_marks_what_is_missed():
    svg = control.push_map_svg(push_results(weak_ns=12))
    root = ET.fromstring(svg)
    kinds = [element.get("class") for element in root.iter()]
    assert kinds.count("area") == PHASES
    assert kinds.count("missed") == 2
    assert kinds.count("swings") == 7, "the last phase is double support"
    assert control.push_map_svg(results(walk__forward=SURVIVED)) == ""
