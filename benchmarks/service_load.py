"""What the service costs and how it answers: `python benchmarks/service_load.py [--seconds 20]`.

Starts `exoactor control` (simulated robot, armed, standing) and `exoactor serve` in a temporary
folder, and measures the service idle, from a submission to its first event, under 200 requests a
second (a list of 20 tasks with their files among them), and whether the control loop begins its
ticks later while the service is asked: stretches with and without requests take turns, and every
tick counts. Times of answers are this machine's, load included; so what service and client compute
for a request is told beside them, and what both waited for a processor.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from exoactor_rt.client import Client
from exoactor_rt.client.connection import UnixConnection
from exoactor_rt.errors import LinkError
from exoactor_rt.link import ControlLink, RefusedError, Role
from exoactor_rt.recorder import read_run

RATE_HZ = 200.0
SUBMISSIONS = 20
FILES = ("clip.mp4", "clip.json", "plan.npz", "reference.npz", "provenance.json", "report.html",
         "report.json", "run.mp4", "run.mcap")  # fmt: skip
ARM_TRIES = 50
PAIRS = 12
QUANTILES = (0.5, 0.9, 0.99, 0.999)
TARGETS = ("/v1/health", "/v1/robot", "/v1/tasks?limit=20", "/metrics")
_TICKS_S = 1.0 / os.sysconf("SC_CLK_TCK")
_CONFIG = """
[service]
socket = "{folder}/service.sock"
control_socket = "{folder}/control.sock"
data = "{folder}/data"
queue_max = 1000
queue_user_max = 1000
"""


class Process:
    """One of ours, and what it has used."""

    def __init__(self, pid: int):
        self._folder = Path(f"/proc/{pid}")

    @property
    def waited_s(self) -> float:
        """For which its threads were ready to run, and others ran."""
        threads = (self._folder / "task").iterdir()
        return sum(int((one / "schedstat").read_text().split()[1]) for one in threads) * 1e-9

    @property
    def cpu_s(self) -> float:
        """Computing time, user and kernel."""
        words = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(words[11]) + int(words[12])) * _TICKS_S

    @property
    def resident_mb(self) -> float:
        """Memory in use, shared libraries included."""
        pages = int((self._folder / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@contextmanager
def started(*words: str) -> Iterator[Process]:
    """A command of ours that says when it is ready."""
    command = [sys.executable, "-m", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline(), f"{words[0]} did not start"
            yield Process(process.pid)
        finally:
            process.terminate()


def arm(link: ControlLink) -> None:
    """Arms once the robot has been measured freshly for a while."""
    for _ in range(ARM_TRIES):
        link.poll(0.2)
        try:
            return link.arm()
        except RefusedError as error:
            refusal = error
    raise refusal


def ask_for(path: Path, seconds: float) -> np.ndarray:
    """Asks at RATE_HZ over one connection; s from each request to its whole answer."""
    connection = UnixConnection(path, 10.0)
    taken = []
    due_s = time.monotonic()
    for target, _ in zip(itertools.cycle(TARGETS), range(round(RATE_HZ * seconds))):
        due_s += 1.0 / RATE_HZ
        time.sleep(max(0.0, due_s - time.monotonic()))
        begin_s = time.perf_counter()
        connection.request("GET", target)
        connection.getresponse().read()
        taken.append(time.perf_counter() - begin_s)
    connection.close()
    return np.array(taken)


def ask_and_tell(path: Path, seconds: float, service: Process) -> None:
    """Prints how the service answers, and what of that is computing and waiting, and whose."""
    client = Process(os.getpid())
    before = [(one.cpu_s, one.waited_s) for one in (service, client)]
    taken_ms = 1e3 * ask_for(path, seconds)
    p50, p99, longest = np.percentile(taken_ms, (50, 99, 100))
    told = f"p50 {p50:.2f} ms, p99 {p99:.2f} ms, longest {longest:.1f} ms"
    print(f"{RATE_HZ:g} requests/s: {told}")
    for name, one, (cpu_s, waited_s) in zip(
        ("service", "client"), (service, client), before, strict=True
    ):
        computed_us = 1e6 * (one.cpu_s - cpu_s) / len(taken_ms)
        waited_us = 1e6 * (one.waited_s - waited_s) / len(taken_ms)
        print(f"  {name:<7} {computed_us:.0f} us CPU a request, {waited_us:.0f} us waited for one")


def put_files(client: Client, data: Path) -> None:
    """Gives every task the files of one that has been done."""
    for task in client.tasks().tasks:
        made = data / "tasks" / task.id
        made.mkdir(exist_ok=True)
        for name in FILES:
            (made / name).write_bytes(b"x")


def first_events(client: Client) -> np.ndarray:
    """Times in s from a submission to its first event, each task cancelled after."""
    taken = []
    for _ in range(SUBMISSIONS):
        begin_s = time.perf_counter()
        task = client.submit("wave").id
        next(client.events(task))
        taken.append(time.perf_counter() - begin_s)
        client.cancel(task)
    return np.array(taken)


def take_turns(path: Path, seconds: float) -> list[tuple[bool, int, int]]:
    """Stretches without and with requests, in turn: whether asked, begin and end in ns."""
    stretches, asking_s = [], 0.0
    for asked in [False, True] * PAIRS:
        begin_ns = time.monotonic_ns()
        if asked:
            ask_for(path, seconds)
        else:
            time.sleep(seconds)
        stretches.append((asked, begin_ns, time.monotonic_ns()))
        asking_s += asked * (stretches[-1][2] - begin_ns) / 1e9
    reached_hz = PAIRS * round(RATE_HZ * seconds) / asking_s
    print(f"beside the control loop {reached_hz:.0f} requests/s were reached")
    return stretches


def compare_lateness(log: Path, stretches: list[tuple[bool, int, int]]) -> None:
    """Prints how late ticks began in the stretches of either kind, from control's own log.

    A quantile's difference between the neighbours of a pair is told with how probable one as large
    is by chance, had requests no effect: the sign of each pair's difference is then a coin's.
    """
    ticks = read_run(log, ("late_ns",)).ticks
    late_us: dict[bool, list[np.ndarray]] = {False: [], True: []}
    for asked, begin_ns, end_ns in stretches:
        inside = (ticks["now_ns"] >= begin_ns) & (ticks["now_ns"] < end_ns)
        late_us[asked].append(ticks["late_ns"][inside] / 1e3)
    for asked, parts in late_us.items():
        every = np.concatenate(parts)
        words = " / ".join(f"{np.quantile(every, q):.0f}" for q in QUANTILES)
        name = f"{RATE_HZ:g} requests/s" if asked else "none"
        print(
            f"lateness, {name:<15} {words} us, longest {every.max():.0f} us of {len(every)} ticks"
        )
    for quantile in QUANTILES:
        of = {asked: [np.quantile(part, quantile) for part in late_us[asked]] for asked in late_us}
        differences = np.array(of[True]) - np.array(of[False])
        share = by_chance(differences)
        told = f"{differences.mean():+.1f} us with requests, by chance {share:.2f}"
        print(f"  p{100 * quantile:g} {told}")


def by_chance(differences: np.ndarray) -> float:
    """Share of all choices of signs whose mean is at least as far from 0."""
    signs = np.array(list(itertools.product((-1.0, 1.0), repeat=len(differences))))
    means = np.abs(signs @ differences) / len(differences)
    return float((means >= abs(differences.mean()) - 1e-12).mean())


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.toml").write_text(_CONFIG.format(folder=folder))
        control_socket, socket = folder / "control.sock", folder / "service.sock"
        log = folder / "control.mcap"
        serve = ("exoactor_rt.cli.main", "serve", "--config", str(folder / "config.toml"))
        with (
            started("exoactor_rt.runtime", "--socket", str(control_socket), "--log", str(log)),
            started(*serve) as service,
        ):
            print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
            with ControlLink(control_socket, role=Role.OWNER, name="benchmark") as link:
                arm(link)
            time.sleep(2.0)
            before_s = service.cpu_s
            time.sleep(seconds)
            cpu = 100.0 * (service.cpu_s - before_s) / seconds
            print(f"idle: {cpu:.2f} % of a processor, {service.resident_mb:.1f} MB resident")
            events_ms = 1e3 * first_events(Client(socket))
            p50, worst = np.median(events_ms), events_ms.max()
            print(f"submission to first event: p50 {p50:.1f} ms, longest {worst:.1f} ms")
            put_files(Client(socket), folder / "data")
            ask_and_tell(socket, seconds, service)
            stretches = take_turns(socket, seconds / 4)
            print(f"load average {os.getloadavg()[0]:.1f}; {service.resident_mb:.1f} MB resident")
        compare_lateness(log, stretches)


if __name__ == "__main__":
    try:
        main()
    except LinkError as error:
        sys.exit(f"service_load: {error}")
