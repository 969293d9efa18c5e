"""Composes robot, loop and link into one process, and sees to its end.

The process starts silent and arms only when an owner asks. When it is told to end it stops the
plan, waits until the robot stands, and damps.
"""

from __future__ import annotations

import logging
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from exoactor_rt import _core
from exoactor_rt._core.runtime import LoopOptions
from exoactor_rt._core.safety import GuardLimits
from exoactor_rt.errors import HardwareError, LogError
from exoactor_rt.link import Event, LinkServer, LoadedFile
from exoactor_rt.robots import g1
from exoactor_rt.runtime.control_session import ControlSession, OwnerLoss
from exoactor_rt.runtime.robot_end import RobotEnd
from exoactor_rt.runtime.tick_record import TickRecord
from exoactor_rt.sim.rights import refusals, require_rights
from exoactor_rt.supervisor import notify
from exoactor_rt.tracker import Policy

_LOG = logging.getLogger(__name__)
_RING_TICKS = 4096
_POLL_S = 0.01
_STATE_EVERY_S = 0.05
_STOP_WITHIN_S = 8.0
DEFAULT_KEEP_MB = 4000
_END_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
_SEVERITIES = {"info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


@dataclass(frozen=True)
class ControlOptions:
    """How the control process runs.

    Attributes:
        socket_path: where it listens.
        loop: period, priority and memory of the control loop.
        guard_limits: the defaults when None.
        policy: that trackings may use, its self-test passed; without one they are refused.
        on_owner_loss: what a running plan does when its owner dies.
        owner_uids: users that may own the robot, besides root and the process's own.
        need_real_time: refuse hardware without SCHED_FIFO, locked memory and the processor asked.
        log_path: where every tick is recorded; None: nowhere.
        log_keep_bytes: of all logs in that folder; the oldest are deleted.
    """

    socket_path: Path
    loop: LoopOptions = field(default_factory=LoopOptions)
    guard_limits: GuardLimits | None = None
    policy: Policy | None = None
    on_owner_loss: OwnerLoss = OwnerLoss.FINISH
    owner_uids: frozenset[int] = frozenset()
    need_real_time: bool = True
    log_path: Path | None = None
    log_keep_bytes: int = DEFAULT_KEEP_MB * 1_000_000


class ControlProcess:
    """One robot under control until `request_end`."""

    def __init__(self, robot: RobotEnd, options: ControlOptions):
        """Takes the socket and opens the log.

        Raises:
            LinkError: another control process has the socket.
            LogError: the log cannot be made.
        """
        self._robot = robot
        self._options = options
        limits = options.guard_limits or GuardLimits()
        self._tick = _core.runtime.ControlTick(str(g1.model_path()), limits)
        self._ring = _core.runtime.RecordRing(_RING_TICKS)
        self._loop = _core.runtime.ControlLoop(
            robot.interface, self._tick, _core.runtime.RealClock(), self._ring, options.loop
        )
        self._session = ControlSession(
            self._tick,
            self._loop,
            self._ring,
            policy=options.policy,
            on_owner_loss=options.on_owner_loss,
            on_event=self._tell,
            on_task=self._keep_task,
        )
        self._fault = ""
        self._end = threading.Event()
        self._hurry = threading.Event()
        self._server = LinkServer(
            options.socket_path,
            self._session,
            robot.description,
            owner_uids=options.owner_uids,
        )
        try:
            self._record = TickRecord.open(
                options.log_path, options.log_keep_bytes, limits, options.policy
            )
        except LogError:
            self._server.close()
            raise

    def request_end(self) -> None:
        """Ends the process after a controlled stop; a second call does not wait for that."""
        if self._end.is_set():
            self._hurry.set()
        self._end.set()

    def handle_signals(self) -> None:
        """SIGTERM, SIGINT, SIGHUP and SIGQUIT request the end; call it from the main thread."""
        for number in _END_SIGNALS:
            signal.signal(number, lambda *_: self.request_end())

    def run(self, on_ready: Callable[[], None] = lambda: None) -> None:
        """Serves until the end is requested.

        Args:
            on_ready: called once the loop runs and the link listens.

        Raises:
            HardwareError: the robot is not usable or failed while it was driven, or real-time
                rights are missing on hardware.
        """
        try:
            self._robot.start()
            try:
                self._start_loop()
                on_ready()
                notify("READY=1")
                self._serve_until(self._end.is_set)
                notify("STOPPING=1")
                self._stop_plan()
            finally:
                self._loop.stop()
                self._session.look()
                self._drain()
                self._robot.stop()
        finally:
            self._server.close()
            self._record.close()
        if self._fault:
            raise HardwareError(f"control: {self._fault}; the robot was damped")

    def _start_loop(self) -> None:
        rights = self._loop.start()
        if self._robot.is_hardware and self._options.need_real_time:
            require_rights(rights)
        for refusal in refusals(rights):
            _LOG.warning("real_time=%r", refusal)

    def _serve_until(self, ended: Callable[[], bool]) -> None:
        """Until `ended`; the supervisor's watchdog is fed only while the control loop ticks."""
        told_s, ticks = 0.0, 0
        while not ended():
            self._server.poll(_POLL_S)
            self._loop.beat()
            self._session.look()
            if time.monotonic() - told_s >= _STATE_EVERY_S:
                told_s = time.monotonic()
                self._drain()
                state = self._session.state(self._server.owner)
                self._server.tell_state(state)
                if state.ticks > ticks:
                    ticks = state.ticks
                    notify("WATCHDOG=1")
                fault = self._robot.fault()
                if fault and not self._fault:
                    self._fault = fault
                    _LOG.error("robot=%r", fault)
                    self._end.set()

    def _stop_plan(self) -> None:
        self._session.stop()
        until_s = time.monotonic() + _STOP_WITHIN_S
        self._serve_until(
            lambda: not self._session.running or self._hurry.is_set() or time.monotonic() > until_s
        )

    def _drain(self) -> None:
        ticks, inputs = self._ring.take()
        self._record.add(ticks, inputs, self._loop.counts.dropped_records)
        self._record.add_raw(self._robot.take_raw(), self._robot.raw_dropped)
        self._record.add_side(self._robot.take_side())
        times_s = ticks["reference_time_s"]
        if len(times_s):
            self._session.follow(float(times_s[-1]))

    def _keep_task(self, number: int, file: LoadedFile) -> None:
        self._record.add_task(number, file)

    def _tell(self, event: Event) -> None:
        _LOG.log(_SEVERITIES[event.severity], "event=%r", event.text)
        self._server.tell_event(event)
        self._record.add_event(event)
