"""Which controller is chosen, and what becomes of a motion that the tracker does not survive."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest
from policy_files import simple_bundle, write_network
from synthetic_run import make_execution, make_reference

from exoactor_rt.errors import PolicyError
from exoactor_rt.planning import Plan
from exoactor_rt.replay import TrialResult, admit_task, drift_m, measure
from exoactor_rt.tracker import Tracking
from exoactor_rt.tracker.store import add_policy, choose_policy, policy_folder

REFERENCE = make_reference()


@pytest.fixture
def install(tmp_path, monkeypatch):
    monkeypatch.setenv("EXOACTOR_CACHE", str(tmp_path / "cache"))

    def add(name, **changes):
        network = write_network(tmp_path / "policy.onnx", 29)
        bundle = simple_bundle(network, name=name, **changes)
        add_policy(tmp_path / "policy.onnx", bundle)

    return add


FIGURES = measure(make_execution(REFERENCE), REFERENCE)


def test_wbc_needs_no_policy(install):
    install("any", general=True)
    assert choose_policy("wbc") is None


def test_auto_takes_a_general_tracker_and_nothing_else(install):
    assert choose_policy("auto") is None
    install("a-dance", general=False)
    install("a-walk", kind="velocity", general=True)
    assert choose_policy("auto") is None
    install("z-tracker", general=True)
    chosen = choose_policy("auto")
    assert chosen is not None and chosen.bundle.name == "z-tracker"


def test_auto_passes_over_a_damaged_tracker(install):
    install("tracker", general=True)
    (policy_folder("tracker") / "policy.onnx").write_bytes(b"no network")
    assert choose_policy("auto") is None
    with pytest.raises(PolicyError, match=r"controller tracker: .*policy\.onnx.*nothing started"):
        choose_policy("tracker")


def test_a_tracker_asked_for_must_be_there(install):
    with pytest.raises(PolicyError, match="no policy is installed; nothing started"):
        choose_policy("tracker")
    with pytest.raises(PolicyError, match="not installed"):
        choose_policy("auto", "missing")
    install("a-dance", general=False)
    with pytest.raises(PolicyError, match="motions of its own only"):
        choose_policy("tracker")
    assert choose_policy("tracker", "a-dance") is not None


@pytest.mark.parametrize(
    ("controller", "falls", "planned", "attempts"),
    [("tracker", False, False, 1), ("tracker", True, False, 1), ("auto", True, True, 2)],
)
def test_the_ladder_comes_after_the_tracker_in_auto_only(
    install, controller, falls, planned, attempts
):
    install("tracker", general=True)

    trials_of_tracker = []

    def rehearse(task, trials):
        for trial in trials:
            tracks = isinstance(task, Tracking)
            if tracks:
                trials_of_tracker.append(trial.name)
            reasons = ("pelvis below 0.4 m",) if falls and tracks else ()
            yield TrialResult(trial.name, reasons, (), FIGURES)

    policy = choose_policy(controller)
    admitted = admit_task(REFERENCE, controller, policy, rehearse)
    assert isinstance(admitted.plan, Plan) == planned
    assert (admitted.tracking is not None) == (not falls)
    assert len(admitted.attempts) == attempts
    assert str(admitted.attempts[0]).startswith("tracker tracker: ")
    assert ("pelvis below" in str(admitted.attempts[0])) == falls
    assert len(trials_of_tracker) == (1 if falls else 11)


def test_a_reference_that_jumps_is_refused_by_its_frame(install):
    install("tracker", general=True)
    root = REFERENCE.root_position_in_world.copy()
    root[:5, 0] -= 2.0
    jumping = replace(REFERENCE, root_position_in_world=root)

    def rehearse(task, trials):
        raise AssertionError("must not be executed")

    refused = admit_task(jumping, "tracker", choose_policy("tracker"), rehearse)
    assert refused.task is None
    assert "frame 4: root moves at" in str(refused.attempts[0])


def test_place_is_measured_where_the_robot_began():
    turn = np.array([np.sqrt(0.5), 0.0, 0.0, np.sqrt(0.5)])
    count = len(REFERENCE.joint_position)
    asked = replace(
        REFERENCE,
        root_position_in_world=np.linspace([1.0, 1.0, 0.7], [1.0, 3.0, 0.7], count),
        quat_world_root_wxyz=np.tile(turn, (count, 1)),
    )
    made = make_execution(REFERENCE)
    samples = len(made.times_s)
    went = replace(
        made,
        root_position_in_world=np.linspace([5.0, 0.0, 0.7], [6.7, 0.0, 0.7], samples),
        quat_world_root_wxyz=np.tile([1.0, 0.0, 0.0, 0.0], (samples, 1)),
    )
    assert drift_m(went, asked) == pytest.approx(0.3)


def test_a_declared_speed_above_the_rating_is_refused(install):
    with pytest.raises(PolicyError, match="40 > 20, its motor's rating"):
        install("hasty", joint_speed_rad_s=(40.0,) * 29)


def test_general_and_speeds_survive_the_toml(install):
    install("tracker", general=True, joint_speed_rad_s=(15.0,) * 29)
    policy = choose_policy("tracker")
    assert policy is not None
    assert msgspec.structs.asdict(policy.bundle)["general"] is True
    np.testing.assert_array_equal(policy.joint_speed_rad_s, 15.0)
