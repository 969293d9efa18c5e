"""Real and rendered clips, and motion capture, through the chain up to the simulated robot."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from exoactor_rt.config import Config
from exoactor_rt.pipeline import Planned, plan_source, run_options
from exoactor_rt.planning import PlanLevel
from exoactor_rt.progress import StageTimes
from exoactor_rt.replay import Figures, judge, measure
from exoactor_rt.report import summarise_plan
from exoactor_rt.sim import execute

pytestmark = pytest.mark.slow

VIDEOS = ("synth_walk", "mmhuman3d_single", "p2s_single_cam01", "p2s_single_cam03")
MOTIONS = ("cgspeed_cmu_131_01", "cmu_02_01", "cmu_02_05", "cmu_02_06", "cmu_02_10", "cmu_03_03")
ARM_RMS_RAD = np.radians(6.0)
HEADING_RAD = np.radians(20.0)
DURATION_RATIO = 2.5
SYNTH_WALK_STEPS = 7


@dataclass(frozen=True)
class Run:
    """A clip's plan and, unless it was refused, its execution's figures."""

    planned: Planned
    figures: Figures | None


_DONE: dict[Path, Run] = {}


def run(path: Path) -> Run:
    """What `exoactor run` does, without log, film and report; once a clip."""
    if path not in _DONE:
        config = Config()
        planned = plan_source(path, config, StageTimes(stream=None))
        figures = None
        if planned.admission.plan is not None:
            options = run_options(config, config.simulation.seed)
            execution = execute(planned.admission.plan, options).execution
            figures = measure(execution, planned.reference)
        _DONE[path] = Run(planned, figures)
    return _DONE[path]


@pytest.mark.parametrize("name", VIDEOS)
def test_a_clip_is_executed_within_the_acceptance(pulled_models, shared_data, name):
    figures = run(shared_data / "videos" / f"{name}.mp4").figures
    assert figures is not None, "refused"
    assert not figures.fallen, figures.fall_reason
    assert figures.arm_rms_rad <= ARM_RMS_RAD
    assert figures.heading_error_rad <= HEADING_RAD
    assert figures.duration_ratio <= DURATION_RATIO
    assert figures.steps_executed == figures.steps_planned


def test_the_walk_is_walked(pulled_models, shared_data):
    done = run(shared_data / "videos" / "synth_walk.mp4")
    steps = done.planned.admission.plan.steps[: done.figures.steps_executed]
    assert sum(not step.inserted for step in steps) >= SYNTH_WALK_STEPS


@pytest.mark.parametrize("name", MOTIONS)
def test_motion_capture_is_executed_or_refused_with_reasons(shared_data, name):
    done = run(shared_data / "motions" / "human" / f"{name}.bvh")
    admission = done.planned.admission
    if done.figures is None:
        assert [attempt.level for attempt in admission.attempts] == [
            PlanLevel.NOMINAL,
            PlanLevel.TIGHT,
            PlanLevel.STANCE_ONLY,
        ]
        assert all(attempt.reasons for attempt in admission.attempts)
        return
    assert not done.figures.fallen, done.figures.fall_reason
    assert judge(done.figures, Config().verdict).passed


def test_the_report_lists_all_that_was_changed(shared_data):
    planned = run(shared_data / "motions" / "human" / "cmu_03_03.bvh").planned
    listed = summarise_plan(planned.admission, planned.reference).changes
    assert len(listed) == len(planned.admission.plan.changes) > 0
    assert all(change.what and change.why for change in listed)
