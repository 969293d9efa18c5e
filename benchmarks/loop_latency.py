"""Lateness and cost of the control loop: `python benchmarks/loop_latency.py [--seconds 10]`.

The loop stands the mock robot at 500 Hz, first alone, then while a Python thread keeps the
interpreter busy. Maxima tell of the machine (hypervisors stall for milliseconds): compare medians,
99th percentiles and counts.
"""

from __future__ import annotations

import argparse
import threading
import time
from typing import Any

import numpy as np

from exoactor_rt import _core
from exoactor_rt.robots import g1
from exoactor_rt.sim.rights import refusals


def measure(seconds: float, *, busy: bool, priority: int) -> None:
    """Runs the loop and prints one line."""
    options = _core.runtime.LoopOptions()
    options.fifo_priority = priority
    clock = _core.runtime.RealClock()
    posture = g1.standing_position()
    ring = _core.runtime.RecordRing(int(600 * seconds) + 100)
    loop = _core.runtime.ControlLoop(
        _core.hal.MockRobot(posture, g1.standing_torque(posture)),
        _core.runtime.ControlTick(str(g1.model_path())),
        clock,
        ring,
        options,
    )
    stop = threading.Event()

    def occupy() -> None:
        while not stop.is_set():
            until_s = time.perf_counter() + 0.008
            while time.perf_counter() < until_s:
                sum(range(500))
            time.sleep(0.012)

    thread = threading.Thread(target=occupy, daemon=True)
    if busy:
        thread.start()
    begin_s = time.process_time()
    rights = loop.start()
    time.sleep(0.1)
    loop.request_arm()
    time.sleep(seconds)
    loop.stop()
    cpu_s = time.process_time() - begin_s
    stop.set()
    columns = ring.drain()
    name = "busy Python" if busy else "alone"
    print(f"{name:<12} {describe(columns, loop.counts)} | CPU {100 * cpu_s / seconds:.0f} %")
    for refusal in refusals(rights):
        print(f"{'':<12} refused: {refusal}")


def describe(columns: dict[str, Any], counts: Any) -> str:
    """The figures of one run, in a line."""
    active = _core.safety.is_driven(columns["guard_state"])
    late = np.percentile(columns["late_ns"] * 1e-3, [50, 99, 99.9, 100])
    took = np.percentile(columns["took_ns"][active] * 1e-3, [50, 99]) if active.any() else [0, 0]
    return (
        f"late p50 {late[0]:.0f} p99 {late[1]:.0f} p99.9 {late[2]:.0f} max {late[3]:.0f} us |"
        f" tick p50 {took[0]:.0f} p99 {took[1]:.0f} us |"
        f" late ticks {counts.late_ticks} of {counts.ticks}, missed {counts.missed_periods}"
    )


def main() -> None:
    """Measures alone and beside a busy interpreter."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--priority", type=int, default=80, help="SCHED_FIFO priority, 0 for none")
    arguments = parser.parse_args()
    for busy in (False, True):
        measure(arguments.seconds, busy=busy, priority=arguments.priority)


if __name__ == "__main__":
    main()
