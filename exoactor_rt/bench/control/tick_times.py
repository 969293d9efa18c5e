"""What a control tick computes and costs, standing, walking and falling."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from exoactor_rt import _core
from exoactor_rt._core.control import ControlStatus
from exoactor_rt._core.types import RobotState, SensorState
from exoactor_rt.bench.control.courses import forward, in_place
from exoactor_rt.bench.control.task import Squat, Stand, Task
from exoactor_rt.bench.control.trial import roll_out
from exoactor_rt.planning import Plan
from exoactor_rt.robots import g1
from exoactor_rt.sim import Push, SimOptions
from exoactor_rt.sim.rollout import Columns
from exoactor_rt.types import FloatArray

REPLAYS = 5
PARTS = ("dynamics", "qp", "tick")
_TOPPLING = Push(4.0, 0.1, (0.0, 450.0, 0.0))


@dataclass(frozen=True)
class Situation:
    """A run whose ticks are looked at.

    Attributes:
        name: what happens in it.
        task: what the robot is told to do.
        push: from outside, or None.
    """

    name: str
    task: Task
    push: Push | None = None


@dataclass(frozen=True)
class SolverResult:
    """The quadratic programs of one run; the same on every machine.

    Attributes:
        name: of the situation.
        fell: whether the guard stopped the robot or it fell.
        ticks: with the controller in charge.
        iterations_p50: of the solver in a tick.
        iterations_p99: likewise.
        iterations_max: likewise.
        relaxed: ticks solved without the joints' limits.
        failures: ticks without a solution.
        allocations: on the heap, in all ticks but the first ones; None where they were not counted.
    """

    name: str
    fell: bool
    ticks: int
    iterations_p50: float
    iterations_p99: float
    iterations_max: int
    relaxed: int
    failures: int
    allocations: int | None = None


@dataclass(frozen=True)
class TickTimes:
    """CPU time of the ticks of one run here: every tick counts with its least time.

    Attributes:
        name: of the situation.
        us: part of the tick -> p50, p99, largest, in microseconds. The parts are the dynamics,
            the quadratic program (building and solving), and the whole of the controller's tick.
        estimator_us: mean of the estimator's update before it.
    """

    name: str
    us: dict[str, tuple[float, float, float]]
    estimator_us: float


def situations() -> tuple[Situation, ...]:
    """Standing, squatting, walking, falling."""
    return (
        Situation("standing", Stand(4.0)),
        Situation("squatting", Squat(8.0)),
        Situation("walking", forward(12, 0.35)),
        Situation("falling", Stand(6.0), _TOPPLING),
        Situation("falling in a step", in_place(10), _TOPPLING),
    )


@dataclass(frozen=True)
class RecordedRun:
    """A run of a situation, the ticks in which the controller was in charge.

    Attributes:
        plan: what the robot was told to do.
        plan_at: number of the tick before which the plan was handed over.
        fell: whether the guard stopped the robot or it fell.
        ticks: see `Rollout.ticks`.
        states: what the controller was given.
        sensors: what the estimator was given.
    """

    plan: Plan
    plan_at: int
    fell: bool
    ticks: Columns
    states: list[RobotState]
    sensors: list[SensorState]


def record_run(situation: Situation, seed: int) -> RecordedRun:
    """Simulates a situation."""
    plan = situation.task.plan()
    pushes = () if situation.push is None else (situation.push,)
    rollout = roll_out(plan, SimOptions(seed=seed, pushes=pushes), settle_s=0.0)
    active = _core.safety.is_driven(rollout.ticks["guard_state"])
    ticks = {name: column[active] for name, column in rollout.ticks.items()}
    states, sensors = recorded_states(ticks), recorded_sensors(ticks)
    plan_at = int(np.argmax(ticks["phase_index"] >= 0))
    return RecordedRun(plan, plan_at, rollout.execution.fallen, ticks, states, sensors)


def time_ticks(
    situation: Situation, seed: int, replays: int = REPLAYS
) -> tuple[SolverResult, TickTimes]:
    """Simulates once, then puts the same states `replays` times through a fresh controller."""
    run = record_run(situation, seed)
    times = replayed_us(run, replays)
    iterations = run.ticks["qp_iterations"]
    p50, p99 = np.percentile(iterations, [50, 99])
    solver = SolverResult(
        situation.name,
        run.fell,
        len(iterations),
        float(p50),
        float(p99),
        int(iterations.max()),
        int(np.count_nonzero(run.ticks["control_status"] == int(ControlStatus.RELAXED))),
        int(run.ticks["qp_failures"].max()),
    )
    estimator_us = replayed_estimator_us(run.sensors, replays)
    return solver, TickTimes(situation.name, _summary(times), estimator_us)


def recorded_states(ticks: Columns) -> list[RobotState]:
    """The estimates that the controller was given."""
    states = []
    for row in range(len(ticks["now_ns"])):
        state = RobotState()
        state.stamp_ns = int(ticks["now_ns"][row])
        state.joint_position = ticks["sensed_position"][row]
        state.joint_velocity = ticks["sensed_velocity"][row]
        state.base_angular_velocity_in_base = ticks["base_angular_velocity_in_base"][row]
        state.quat_world_base_wxyz = ticks["quat_world_base_wxyz"][row]
        state.base_position_in_world = ticks["base_position_in_world"][row]
        state.base_linear_velocity_in_world = ticks["base_linear_velocity_in_world"][row]
        state.foot_force_in_world = ticks["foot_force_in_world"][row].reshape(2, 3)
        states.append(state)
    return states


def recorded_sensors(ticks: Columns) -> list[SensorState]:
    """The measurements that the estimator was given."""
    measurements = []
    for row in range(len(ticks["now_ns"])):
        sensors = SensorState()
        sensors.stamp_ns = int(ticks["now_ns"][row])
        sensors.joint_position = ticks["sensed_position"][row]
        sensors.joint_velocity = ticks["sensed_velocity"][row]
        sensors.joint_torque = ticks["sensed_torque"][row]
        sensors.quat_world_imu_wxyz = ticks["quat_world_imu_wxyz"][row]
        sensors.gyro_in_imu = ticks["gyro_in_imu"][row]
        sensors.accel_in_imu = ticks["accel_in_imu"][row]
        measurements.append(sensors)
    return measurements


def replayed_estimator_us(measurements: Sequence[SensorState], replays: int) -> float:
    """Mean CPU time of an estimator's update, us, both feet standing; the least of the replays."""
    model = _core.model.RobotModel(str(g1.model_path()))
    times_s = []
    for _ in range(replays):
        begin_s = time.process_time()
        _core.estimation.replay(model, measurements)
        times_s.append(time.process_time() - begin_s)
    return 1e6 * min(times_s) / len(measurements)


def replayed_us(run: RecordedRun, replays: int) -> FloatArray:
    """[N, 3] us, the least of all replays of each tick: dynamics, QP, whole tick."""
    model = _core.model.RobotModel(str(g1.model_path()))
    least = np.full((len(run.states), len(PARTS)), np.inf)
    for _ in range(replays):
        times = _core.control.replay_times(model, run.plan, run.states, run.plan_at)
        least = np.minimum(least, times)
    return least


def _summary(times_us: FloatArray) -> dict[str, tuple[float, float, float]]:
    rows = {}
    for column, part in enumerate(PARTS):
        p50, p99, most = np.percentile(times_us[:, column], [50, 99, 100])
        rows[part] = (float(p50), float(p99), float(most))
    return rows
