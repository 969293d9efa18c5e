"""Whether this machine can run the control loop: kernel, processor, clock, rights, interface."""

from __future__ import annotations

import os
import platform
import resource
import threading
import time
from pathlib import Path

import numpy as np

from exoactor_rt import _core
from exoactor_rt.doctor.finding import Finding, Verdict, judged, passed, skipped
from exoactor_rt.robots import g1

_FIFO_PRIORITY = 80
_CAP_IPC_LOCK = 14
_LOOP_S = 1.0
_LATE_US = 200
_LATE_SHARE = 0.01
_STEADY_CLOCKS = ("tsc", "arch_sys_counter", "kvm-clock", "hyperv_clocksource_tsc_page")
_RIGHTS_REMEDY = (
    "run it as the service (`exoactor install-service` grants them), or give this user rtprio 90 "
    "and memlock unlimited in /etc/security/limits.d"
)
_SYS = Path("/sys")


def check_machine(interface: str, *, hardware: bool, root: Path = _SYS) -> list[Finding]:
    """Every check of this machine.

    Args:
        interface: the robot's network interface.
        hardware: a real robot is meant, so that missing rights are a failure.
        root: of sysfs.
    """
    missing: Verdict = "fail" if hardware else "warn"
    return [
        _kernel(root),
        _governor(root),
        _clock(root),
        _scheduler(missing),
        _memory(missing),
        *_loop(missing),
        _interface(interface, root),
    ]


def _kernel(root: Path) -> Finding:
    told = f"{platform.system()} {platform.release()} {platform.machine()}"
    real_time = _read(root / "kernel/realtime") == "1" or "PREEMPT_RT" in platform.version()
    return judged(
        "kernel",
        "pass" if real_time else "warn",
        told + (", real-time" if real_time else ", not a real-time kernel"),
        "needed only where `loop` or the late ticks of `exoactor robot state` say so",
    )


def _governor(root: Path) -> Finding:
    paths = sorted(root.glob("devices/system/cpu/cpu*/cpufreq/scaling_governor"))
    governors = {text for path in paths if (text := _read(path))}
    if not governors:
        return skipped("CPU governor", "not told by this machine")
    return judged(
        "CPU governor",
        "pass" if governors == {"performance"} else "warn",
        f"{', '.join(sorted(governors))} on {len(paths)} processors; performance is best",
        "cpupower frequency-set -g performance (JetPack: sudo jetson_clocks)",
    )


def _clock(root: Path) -> Finding:
    source = _read(root / "devices/system/clocksource/clocksource0/current_clocksource")
    resolution_ns = round(1e9 * time.clock_getres(time.CLOCK_MONOTONIC))
    steady = source in _STEADY_CLOCKS and resolution_ns <= 1000
    return judged(
        "clock",
        "pass" if steady else "warn",
        f"{source or 'unknown source'}, resolution {resolution_ns} ns",
        "a processor's own counter is wanted; see the kernel's options clocksource= and tsc=",
    )


def _scheduler(missing: Verdict) -> Finding:
    refusal = [""]

    def claim() -> None:
        try:
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_FIFO_PRIORITY))
        except OSError as error:
            refusal[0] = error.strerror or str(error)

    probe = threading.Thread(target=claim)  # the priority ends with it
    probe.start()
    probe.join()
    return judged(
        "SCHED_FIFO",
        missing if refusal[0] else "pass",
        f"priority {_FIFO_PRIORITY} {'refused: ' + refusal[0] if refusal[0] else 'granted'}",
        _RIGHTS_REMEDY,
    )


def _memory(missing: Verdict) -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    effective = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    may = int(effective.split()[1], 16) >> _CAP_IPC_LOCK & 1
    unlimited = soft == resource.RLIM_INFINITY
    told = "unlimited" if unlimited else f"{soft // 1024} KiB"
    return judged(
        "locked memory",
        "pass" if unlimited or may else missing,
        told + (", CAP_IPC_LOCK" if may else ""),
        _RIGHTS_REMEDY,
    )


def _loop(missing: Verdict) -> list[Finding]:
    """The control loop itself, on a robot that says nothing, and whether its processors sleep."""
    options = _core.runtime.LoopOptions()
    options.lock_memory = False
    loop = _core.runtime.ControlLoop(
        _core.hal.ExchangeRobot(),
        _core.runtime.ControlTick(str(g1.model_path())),
        _core.runtime.RealClock(),
        _core.runtime.RecordRing(16),
        options,
    )
    refusal = loop.start().awake_refusal
    time.sleep(_LOOP_S)
    counts = loop.counts
    loop.stop()
    edges_us = np.array(_core.runtime.LATENESS_EDGES_NS) / 1000
    late = int(np.array(counts.lateness)[1:][edges_us >= _LATE_US].sum())
    few = late <= _LATE_SHARE * counts.ticks and counts.missed_periods == 0
    awake = judged(
        "processors",
        "warn" if refusal else "pass",
        refusal or "kept awake while the loop runs",
        "run it as the service or as root: /dev/cpu_dma_latency must be writable",
    )
    lateness = judged(
        "loop",
        "pass" if few else missing,
        f"{counts.ticks} ticks in {_LOOP_S:g} s, {late} later than {_LATE_US} us, worst "
        f"{1e-3 * counts.worst_late_ns:.0f} us; allowed {_LATE_SHARE:.0%} late, none missed",
        "grant the rights above, end other programs, pin the loop (--cpu), isolate that processor",
    )
    return [awake, lateness]


def _interface(name: str, root: Path) -> Finding:
    folder = root / "class/net"
    present = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    if name not in present:
        return judged(
            "network interface",
            "fail",
            f"{name}: not here; there are {', '.join(present) or 'none'}",
            "name the one that the robot's cable is in: --interface NAME",
        )
    state = _read(folder / name / "operstate") or "unknown"
    if name != "lo" and state != "up":
        return judged(
            "network interface",
            "fail",
            f"{name}: {state}, must be up",
            f"check cable and switch, then: ip link set {name} up",
        )
    return passed("network interface", f"{name}: {state}")


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return None
