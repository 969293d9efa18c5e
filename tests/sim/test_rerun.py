"""A log's inputs fed through today's code: bit for bit, and every change found."""

import json
from pathlib import Path

import numpy as np
import pytest
from rerun_cases import log_of, pushed, recorded, short_walk, wave

from exoactor_rt import _core
from exoactor_rt.cli.main import main
from exoactor_rt.pipeline.execution_log import write_execution_log
from exoactor_rt.recorder import RunLog, read_run
from exoactor_rt.replay.outcome import outcome_of
from exoactor_rt.replay.rerun import RerunMode, rerun
from exoactor_rt.replay.rerun.guard_rerun import GuardRerun
from exoactor_rt.replay.rerun.tick_rerun import TickRerun
from exoactor_rt.robots import g1
from exoactor_rt.sim import RunOptions, SensorNoise, SimOptions, execute
from exoactor_rt.sim.options import Dropout
from exoactor_rt.sim.realtime import execute_in_real_time


@pytest.fixture(scope="module")
def fallen_log(tmp_path_factory):
    """A walk that a push topples, so that the guard trips."""
    path = tmp_path_factory.mktemp("rerun") / "fallen.mcap"
    rollout = log_of(path, short_walk(), pushed(900.0, 3.0, hold_s=0.2))
    assert rollout.guard_trip
    return path


def tick_with(run, **gains):
    changed = _core.control.WbcGains()
    for name, factor in gains.items():
        setattr(changed, name, factor * getattr(changed, name))
    return TickRerun(run, _core.runtime.ControlTick(str(g1.model_path()), run.limits, changed))


def guard_with(run, name, factor):
    limits = _core.safety.GuardLimits()
    setattr(limits, name, factor * getattr(limits, name))
    return GuardRerun(run, _core.safety.Guard(limits))


@pytest.mark.parametrize("mode", list(RerunMode))
def test_todays_code_decides_as_the_logs_did(fallen_log, mode):
    found = rerun(recorded(fallen_log), mode)
    assert found.same, str(found.first)
    assert found.differing_ticks == 0
    assert {"wanted_torque", "sent_torque"} & set(found.columns)


def test_a_real_time_log_comes_out_bit_for_bit(tmp_path):
    path = tmp_path / "live.mcap"
    task = wave()
    write_execution_log(path, execute_in_real_time(task, RunOptions(hold_s=0.2)), task)
    for mode in RerunMode:
        found = rerun(recorded(path), mode)
        assert found.same, f"{mode}: {found.first}"


@pytest.mark.parametrize(
    ("gain", "column"),
    [("posture_stiffness", "activity"), ("swing_weight", "activity"), ("friction", "activity")],
)
def test_a_gain_is_found_at_its_first_effect(fallen_log, gain, column):
    run = recorded(fallen_log)
    found = rerun(run, RerunMode.ALL, tick=tick_with(run, **{gain: 1.0001}))
    assert found.first is not None
    assert found.first.column.startswith(("wanted_", "qp_", "zmp_"))
    activity = run.ticks[column]
    swing = int(np.argmax(activity == int(_core.control.Activity.SWING)))
    armed = int(np.argmax(run.ticks["guard_state"] > 0))
    first = found.first.tick
    if gain == "swing_weight":
        assert first == swing
    elif gain == "posture_stiffness":
        assert armed <= first <= armed + 2
    else:
        assert armed < first


def test_a_limit_is_found_at_its_first_effect(fallen_log):
    run = recorded(fallen_log)
    trip = int(np.argmax(run.ticks["trip_cause"] > 0))
    found = rerun(run, RerunMode.GUARD, guard=guard_with(run, "measured_speed", 0.9))
    assert found.first.column == "guard_state"
    assert trip - 20 <= found.first.tick < trip
    assert "is damping" in str(found.first)
    found = rerun(run, RerunMode.GUARD, guard=guard_with(run, "damping_command", 1.1))
    assert found.first.tick == trip
    assert found.first.column == "sent_damping"
    found = rerun(run, RerunMode.GUARD, guard=guard_with(run, "tilt_rad", 0.99))
    assert found.same, "a limit that nothing came near"


def test_the_command_says_where_and_shows_the_inputs(fallen_log, capsys, tmp_path, monkeypatch):
    outcome = tmp_path / "outcome.json"
    assert main(["replay", str(fallen_log), "--rerun", "all", "--json", str(outcome)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "verdict    SAME"
    assert json.loads(outcome.read_text())["first"] is None

    run = recorded(fallen_log)
    monkeypatch.setattr(
        "exoactor_rt.replay.rerun.rerun_run.TickRerun", lambda run: tick_with(run, friction=0.9)
    )
    assert main(["replay", str(fallen_log), "--rerun", "all", "--json", str(outcome)]) == 3
    lines = capsys.readouterr().out.splitlines()
    record = json.loads(outcome.read_text())
    assert record["first"]["stage"] == "control"
    assert float(record["first"]["logged"]) != float(record["first"]["now"])
    (marked,) = [line for line in lines if line.strip().startswith(">")]
    assert int(marked.split()[1]) == record["first"]["tick"]
    assert lines[-1] == "verdict    DIFFERENT"
    assert record["ticks"] == len(run.ticks["now_ns"])


def test_a_log_without_the_record_of_inputs_is_told_and_two(tmp_path, capsys, fallen_log):
    run = read_run(fallen_log)
    older = tmp_path / "older.mcap"
    columns = {name: column for name, column in run.ticks.items() if name != "tick_index"}
    with RunLog(older) as log:
        log.append(columns, wait=True)
    assert main(["replay", str(older), "--rerun", "all"]) == 2
    assert "older than the record of inputs" in capsys.readouterr().err
    gap = tmp_path / "gap.mcap"
    rows = np.delete(np.arange(len(run.ticks["now_ns"])), 700)
    with RunLog(gap) as log:
        log.append({name: column[rows] for name, column in run.ticks.items()}, wait=True)
    assert main(["replay", str(gap), "--rerun", "guard"]) == 2
    assert "between 699 and 701 are missing" in capsys.readouterr().err
    no_plan = tmp_path / "no_plan.mcap"
    with RunLog(no_plan, attachments={"guard_limits.json": b"{}"}) as log:
        log.append(run.inputs, topic="/control_input", wait=True)
        log.append(run.ticks, wait=True)
    assert main(["replay", str(no_plan), "--rerun", "all"]) == 2
    assert "plan 1 was executed and is not in it" in capsys.readouterr().err


def test_what_a_killed_writer_left_can_be_run_again(fallen_log, tmp_path):
    cut = tmp_path / "cut.mcap"
    data = fallen_log.read_bytes()
    cut.write_bytes(data[: len(data) * 2 // 3])
    run = recorded(cut)
    assert len(run.ticks["now_ns"]) > 500
    assert rerun(run, RerunMode.ALL).same


def test_a_baseline_is_kept_small_and_names_the_second_that_changed(
    fallen_log, tmp_path, capsys, monkeypatch
):
    options = ["replay", str(fallen_log), "--rerun", "all", "--baseline", str(tmp_path)]
    assert main(options) == 2, "there is none yet"
    assert main([*options, "--update-baseline"]) == 0
    (kept,) = tmp_path.glob("*.json")
    assert kept.name == "fallen.all.json"
    assert kept.stat().st_size < 3000
    assert main(options) == 0
    capsys.readouterr()
    monkeypatch.setattr(
        "exoactor_rt.replay.rerun.rerun_run.TickRerun",
        lambda run: tick_with(run, swing_weight=1.01),
    )
    assert main(options) == 3
    lines = [line for line in capsys.readouterr().out.splitlines() if "baseline" in line]
    run = recorded(fallen_log)
    swing = int(np.argmax(run.ticks["activity"] == int(_core.control.Activity.SWING)))
    assert lines[0].startswith(f"baseline   second {swing * 2 // 1000}: ")
    assert main([*options, "--update-baseline"]) == 0
    other = tmp_path / "other.mcap"
    log_of(other, None, RunOptions(stand_s=0.3))
    kept.rename(tmp_path / "other.all.json")
    options[1] = str(other)
    assert main(options) == 2, "a baseline of another log"


def test_the_logs_plan_is_executed_again(fallen_log, tmp_path, capsys, monkeypatch):
    again = tmp_path / "again.mcap"
    options = ["replay", str(fallen_log), "--sim", "--out", str(again)]
    assert main(options) == 3, "without the push it stands"
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("again      done, 3 steps") for line in lines)
    third = tmp_path / "third.mcap"
    options = ["replay", str(again), "--sim", "--out", str(third)]
    assert main(options) == 0
    assert recorded(again).input_hash() == recorded(third).input_hash()
    site = tmp_path / "site.toml"
    site.write_text("[guard]\njoint_speed_rad_s = 1.5\n")
    assert main([*options, "--config", str(site)]) == 3, "no leg can swing at that speed"
    assert outcome_of(read_run(third).ticks).trip == "joint_speed"
    site.write_text("[guard]\ngyro_rad_s = 60.0\n")
    assert main([*options, "--config", str(site)]) == 2, "looser than the robot's"
    assert main(["replay", str(again), "--sim", "--plan", "2"]) == 2
    monkeypatch.chdir(tmp_path)
    assert main(["replay", str(again), "--robot", "dds"]) == 2, "no reference to judge it by"
    assert "no attachment reference.npz" in capsys.readouterr().err


def log_many(folder: Path):
    """Ten minutes: standing, walking, pushes that are borne and that topple, faults."""
    noisy = SensorNoise(joint_velocity_rad_s=0.06)
    cases = {
        "standing": (None, RunOptions(stand_s=200.0)),
        "noisy": (None, RunOptions(sim=SimOptions(seed=7, noise=noisy), stand_s=20.0)),
        "dropouts": (
            short_walk(),
            RunOptions(sim=SimOptions(seed=3, dropouts=(Dropout(2.0, 0.03), Dropout(4.0, 0.2)))),
        ),
        "heavy": (short_walk(), RunOptions(sim=SimOptions(seed=4, mass_scale=1.1), hold_s=20.0)),
        "slow": (short_walk(), RunOptions(sim=SimOptions(seed=5, latency_s=0.004), hold_s=20.0)),
    }
    for number in range(16):
        newton = (60.0, 120.0, 180.0, 900.0)[number % 4]
        cases[f"pushed{number}"] = (
            short_walk(),
            pushed(newton, 2.0 + 0.21 * number, seed=number, hold_s=22.0),
        )
    for name, (task, options) in cases.items():
        path = folder / f"{name}.mcap"
        log_of(path, task, options)
        yield path


@pytest.mark.slow
def test_ten_minutes_of_logs_come_out_bit_for_bit(tmp_path):
    seconds = 0.0
    for path in log_many(tmp_path):
        run = recorded(path)
        seconds += len(run.ticks["now_ns"]) * 2e-3
        for mode in (RerunMode.GUARD, RerunMode.ALL):
            found = rerun(run, mode)
            assert found.same, f"{path.name} {mode}: {found.first}"
        path.unlink()
    assert seconds > 600


def test_inputs_are_part_of_a_rollout():
    rollout = execute(wave(), RunOptions(hold_s=0.1))
    assert rollout.inputs["plans"].tolist() == [0, 1]
    assert rollout.inputs["tick_index"].tolist() == [5, 250]
