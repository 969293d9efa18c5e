"""A plan or a tracking on the simulated robot in real time: the C++ loop in its own thread."""

from __future__ import annotations

from exoactor_rt import _core
from exoactor_rt._core.runtime import LoopOptions
from exoactor_rt._core.types import Plan
from exoactor_rt.progress import ReportProgress
from exoactor_rt.sim.lockstep import standing_posture
from exoactor_rt.sim.loop_run import LoopRun
from exoactor_rt.sim.mujoco_robot import MujocoRobot
from exoactor_rt.sim.rollout import Rollout, RunOptions
from exoactor_rt.tracker import Tracking

_LOOK_PERIODS = 50


def execute_in_real_time(
    task: Plan | Tracking | None,
    options: RunOptions | None = None,
    progress: ReportProgress | None = None,
    loop_options: LoopOptions | None = None,
) -> Rollout:
    """As `lockstep.execute`, paced by the clock; not repeatable.

    The calling thread simulates the robot; it and the control loop meet in an ExchangeRobot only. A
    policy has a thread of its own.

    Args:
        task: what to execute, or None to stand.
        options: nominal when None.
        progress: called now and then with (done, total) in milliseconds of reference time.
        loop_options: the defaults when None.

    Raises:
        HardwareError: MuJoCo is missing, or the guard refuses to be armed.
        PlanningError: the controller refuses the plan.
        PolicyError: the tick does not let the tracker in.
    """
    run = _RealTimeRun(task, options or RunOptions(), loop_options or LoopOptions())
    return run.execute(progress)


class _RealTimeRun(LoopRun):
    """A run whose robot the calling thread simulates while it waits."""

    def __init__(
        self, task: Plan | Tracking | None, options: RunOptions, loop_options: LoopOptions
    ):
        self._robot = MujocoRobot(standing_posture(task), options.sim, shown=False)
        self._exchange = _core.hal.ExchangeRobot()
        super().__init__(task, options, loop_options, self._exchange, self._robot)
        self._period_ns = round(options.sim.control_period_s * 1e9)
        self._due_ns = 0
        self._commands_seen = 0

    def _prepare(self) -> None:
        self._due_ns = self._begin_ns
        self._exchange.feed(self._robot.read(self._due_ns))

    def _wait(self) -> None:
        for _ in range(_LOOK_PERIODS):
            self._due_ns = max(
                self._due_ns + self._period_ns, self._clock.now_ns() - 5 * self._period_ns
            )
            self._clock.sleep_until(self._due_ns)
            self._simulate()
            if self._finished():
                break

    def _simulate(self) -> None:
        """One control period of the robot: takes the latest command, gives new sensors."""
        written = self._exchange.commands_written
        if written != self._commands_seen:
            self._commands_seen = written
            self._robot.write(self._exchange.take())
        self._robot.step()
        now_ns = self._clock.now_ns()
        self._log.add_truth(now_ns)
        self._exchange.feed(self._robot.read(now_ns))
        self._fall_reason = self._fall_reason or self._robot.fall_reason()
