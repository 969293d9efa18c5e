"""Lateness and cost of the loop on DDS: `python benchmarks/dds_latency.py [--seconds 60]`.

The loop stands a robot of another process at 500 Hz while a Python thread keeps this process's
interpreter busy 8 ms of every 20. Before and after it, beside the same robot and thread, threads
that do nothing but wake and pass packets of the same size through sockets (bare_link.cpp): what is
theirs is the machine's. Maxima tell of the machine too (hypervisors stall for milliseconds):
compare medians, 99th percentiles and counts. The robot's own line, the last, is written once nobody
has driven it for a while: it has sunk by then.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from exoactor_rt import _core
from exoactor_rt.dds import DdsSettings, connect
from exoactor_rt.robots import g1
from exoactor_rt.sim.rights import refusals
from tools import native

_TICKS_S = os.sysconf("SC_CLK_TCK")


def thread_seconds() -> dict[str, float]:
    """CPU time of this process's threads, by name; the loop's thread bears the interpreter's."""
    seconds: dict[str, float] = {}
    for task in Path("/proc/self/task").iterdir():
        text = (task / "stat").read_text()
        name, rest = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2 :]
        user, system = rest.split()[11:13]
        seconds[name] = seconds.get(name, 0.0) + (int(user) + int(system)) / _TICKS_S
    return seconds


def occupy(stop: threading.Event) -> None:
    """Holds the interpreter's lock 8 ms of every 20."""
    while not stop.is_set():
        until_s = time.perf_counter() + 0.008
        while time.perf_counter() < until_s:
            sum(range(500))
        time.sleep(0.012)


class BareLink:
    """The machine's own share; needs a C++ compiler."""

    def __init__(self, folder: Path, seconds: float, priority: int, cpu: int):
        source = Path(__file__).with_name("bare_link.cpp")
        awake = native.CPP / "runtime/src/cpu_latency_request.cpp"
        program = native.build(
            [source, awake], folder, rooms=("hal", "runtime"), flags=("-O2", "-pthread")
        )
        self._command = [str(program), str(seconds), str(priority), str(cpu)]

    def measure(self) -> None:
        """Prints one line."""
        print("bare: ", end="", flush=True)
        subprocess.run(self._command, check=True)


def measure(settings: DdsSettings, seconds: float, priority: int) -> None:
    """Stands for a while and prints the figures."""
    robot = connect(settings, wait_s=20.0)
    options = _core.runtime.LoopOptions()
    options.fifo_priority, options.cpu = priority, settings.cpu
    ring = _core.runtime.RecordRing(int(600 * seconds) + 1000)
    loop = _core.runtime.ControlLoop(
        robot,
        _core.runtime.ControlTick(str(g1.model_path())),
        _core.runtime.RealClock(),
        ring,
        options,
    )
    rights = loop.start()
    until_s = time.monotonic() + 3.0
    while loop.guard_status.state == _core.safety.GuardState.SILENT:
        if time.monotonic() > until_s:
            sys.exit(f"not armed: {loop.arm_refusal}")
        loop.request_arm()
        time.sleep(0.05)
    ring.drain()
    before, begin_s = thread_seconds(), time.monotonic()
    time.sleep(seconds)
    after, elapsed_s = thread_seconds(), time.monotonic() - begin_s
    counts, columns = robot.counts, ring.drain()
    loop.stop()
    late = np.percentile(columns["late_ns"] * 1e-3, [50, 99, 99.9, 100])
    took = np.percentile(columns["took_ns"] * 1e-3, [50, 99])
    shares = {
        name: 100.0 * (after[name] - before.get(name, 0.0)) / elapsed_s
        for name in after
        if name != Path(sys.executable).name[:15]
    }
    transport = ", ".join(f"{name} {share:.1f}" for name, share in shares.items() if share >= 0.05)
    print(
        f"late p50 {late[0]:.0f} p99 {late[1]:.0f} p99.9 {late[2]:.0f} max {late[3]:.0f} us | "
        f"tick p50 {took[0]:.0f} p99 {took[1]:.0f} us"
    )
    print(f"CPU of the link's threads {sum(shares.values()):.1f} % of a core ({transport})")
    print(
        f"states {counts.states.received}: bad CRC {counts.states.bad_crc}, not newer "
        f"{counts.states.not_newer} | commands {counts.sent}: replaced {counts.replaced}, "
        f"failed {counts.failed}"
    )
    for refusal in refusals(rights):
        print(f"refused: {refusal}")


def main() -> None:
    """Starts the robot, measures, ends it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--priority", type=int, default=80, help="SCHED_FIFO priority, 0 for none")
    parser.add_argument("--cpu", type=int, default=-1, help="of loop and link, -1 for any")
    parser.add_argument("--domain", type=int, default=1)
    arguments = parser.parse_args()
    settings = DdsSettings(domain=arguments.domain, cpu=arguments.cpu)
    command = [sys.executable, "-m", "exoactor_rt.cli.main", "sim", "--dds"]
    stop = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        bare = BareLink(Path(folder), arguments.seconds / 4, arguments.priority, arguments.cpu)
        with subprocess.Popen([*command, "--domain", str(arguments.domain)]) as robot:
            threading.Thread(target=occupy, args=(stop,), daemon=True).start()
            try:
                bare.measure()
                measure(settings, arguments.seconds, arguments.priority)
                bare.measure()
            finally:
                stop.set()
                robot.terminate()


if __name__ == "__main__":
    main()
