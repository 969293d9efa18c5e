"""When two numbers count as equal, and what a baseline says where they do not."""

import math

import numpy as np
import pytest

from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.build_identity import build_id, machine_kind
from exoactor_rt.errors import LogError
from exoactor_rt.recorder.tick_setup import pack_limits, plan_attachment, unpack_limits
from exoactor_rt.replay.rerun.baseline import Baseline, differences, load_baseline
from exoactor_rt.replay.rerun.comparison import (
    Stage,
    differs,
    in_order_of_cause,
    stage_of,
    tolerance_of,
)


def test_on_the_same_machine_the_last_bit_counts():
    logged = np.array([[1.0, np.nan], [0.0, 2.0]])
    assert not differs(logged, logged.copy(), 0.0).any()
    now = logged.copy()
    now[0, 0] = np.nextafter(1.0, 2.0)
    now[1, 0] = -0.0
    assert differs(logged, now, 0.0).tolist() == [[True, False], [True, False]]


def test_on_another_kind_real_numbers_may_differ_a_little_and_whole_ones_not():
    limit = tolerance_of("wanted_torque", same_machine=False)
    assert limit == 1e-8
    logged = np.array([1.0, 1.0, np.nan, np.nan])
    now = np.array([1.0 + 0.9e-8, 1.0 + 1.1e-8, np.nan, 0.0])
    assert differs(logged, now, limit).tolist() == [False, True, False, True]
    whole = np.array([1, 2])
    assert differs(whole, np.add(whole, [0, 1]), limit).tolist() == [False, True]
    assert math.isinf(tolerance_of("qp_iterations", same_machine=False))
    assert not differs(whole, whole + 1, np.inf).any()
    assert tolerance_of("qp_iterations", same_machine=True) == 0.0


def test_what_decides_comes_before_what_follows():
    columns = ["sent_torque", "now_ns", "wanted_torque", "guard_state", "qp_us", "activity"]
    columns += ["base_position_in_world", "trip_got"]
    assert in_order_of_cause(columns) == [
        "base_position_in_world",
        "activity",
        "wanted_torque",
        "guard_state",
        "sent_torque",
        "trip_got",
    ]
    assert stage_of("gyro_in_imu") is None
    assert stage_of("a_column_of_tomorrow") is Stage.CONTROL


def baseline(machine, **second):
    row = {"t": 0, "control": "aaaaaaaa", "wanted_nm": 10.0, "state": "hold", **second}
    return Baseline("x.mcap", "0123", "all", machine, (row,))


def test_a_baseline_compares_hashes_on_the_same_machine_and_figures_on_any():
    kept = baseline("here")
    assert differences(kept, baseline("here")) == []
    assert differences(kept, baseline("here", control="bbbbbbbb")) == [
        "second 0: control aaaaaaaa -> bbbbbbbb"
    ]
    assert differences(kept, baseline("there", control="bbbbbbbb", wanted_nm=10.005)) == []
    assert differences(kept, baseline("there", wanted_nm=10.02)) == [
        "second 0: wanted_nm 10.0 -> 10.02"
    ]
    assert differences(kept, baseline("there", state="damping"))
    with pytest.raises(LogError, match=r"of log x\.mcap with inputs 0123"):
        differences(kept, Baseline("x.mcap", "4567", "all", "here", kept.seconds))


def test_a_baseline_comes_back_from_its_file(tmp_path):
    path = tmp_path / "x.json"
    path.write_text(baseline("here").to_text())
    assert load_baseline(path) == baseline("here")
    path.write_text("{}")
    with pytest.raises(LogError, match="not compared"):
        load_baseline(path)


def test_limits_come_back_bit_for_bit():
    limits = GuardLimits()
    limits.tilt_rad = np.nextafter(0.7, 1.0)
    limits.torque = np.nextafter(limits.torque, np.inf)
    back = unpack_limits(pack_limits(limits))
    assert back.tilt_rad == limits.tilt_rad
    np.testing.assert_array_equal(back.torque, limits.torque)
    assert back.debounce_ticks == limits.debounce_ticks
    with pytest.raises(LogError, match="no limit of_tomorrow"):
        unpack_limits(b'{"of_tomorrow": 1}')
    with pytest.raises(LogError, match=r"guard_limits\.json"):
        unpack_limits(b"not json")


def test_names():
    assert [plan_attachment(number) for number in (1, 2)] == ["plan.npz", "plan.2.npz"]
    assert len(build_id()) == 16
    assert machine_kind().split()[0] in ("x86_64", "aarch64")
