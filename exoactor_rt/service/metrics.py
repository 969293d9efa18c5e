"""Counters of the interface, in Prometheus' text format."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from itertools import accumulate

from exoactor_rt.api import LatenessBin, RobotDocument, TaskState

_BUCKETS_S = (0.001, 0.002, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0)


class Metrics:
    """What was asked and how long the answers took."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._within = [0] * (len(_BUCKETS_S) + 1)
        self._seconds = 0.0
        self._count = 0
        self.refused_connections = 0
        self.malformed_requests = 0

    def count(self, method: str, path: str, status: int, seconds: float) -> None:
        """One answered request; `path` is the route's, with {names}."""
        self._requests[method, path, status] += 1
        self._count += 1
        self._seconds += seconds
        self._within[bisect_left(_BUCKETS_S, seconds)] += 1

    def text(self, tasks: Mapping[TaskState, int], robot: RobotDocument) -> str:
        """All metrics."""
        lines = ["# TYPE exoactor_requests_total counter"]
        lines += [
            f'exoactor_requests_total{{method="{m}",path="{p}",status="{s}"}} {n}'
            for (m, p, s), n in sorted(self._requests.items())
        ]
        lines.append("# TYPE exoactor_request_seconds histogram")
        lines += [
            f'exoactor_request_seconds_bucket{{le="{bound}"}} {n}'
            for bound, n in zip((*_BUCKETS_S, "+Inf"), accumulate(self._within), strict=True)
        ]
        lines += [
            f"exoactor_request_seconds_sum {self._seconds:.6f}",
            f"exoactor_request_seconds_count {self._count}",
            "# TYPE exoactor_connections_refused_total counter",
            f"exoactor_connections_refused_total {self.refused_connections}",
            "# TYPE exoactor_malformed_requests_total counter",
            f"exoactor_malformed_requests_total {self.malformed_requests}",
            "# TYPE exoactor_tasks gauge",
        ]
        lines += [f'exoactor_tasks{{state="{s.value}"}} {tasks.get(s, 0)}' for s in TaskState]
        gauges = {
            "robot_connected": robot.connected,
            "robot_active": robot.driven,
            "robot_damping": robot.guard in ("damping", "ready"),
            "robot_running": robot.running,
            "control_late_ticks": robot.late_ticks,
        }
        for name, value in gauges.items():
            lines += [f"# TYPE exoactor_{name} gauge", f"exoactor_{name} {int(value)}"]
        lines += _lateness(robot.lateness)
        return "\n".join(lines) + "\n"


def _lateness(lateness: tuple[LatenessBin, ...]) -> list[str]:
    """The control loop's ticks by how late they began, as a cumulative histogram."""
    name, ticks = "exoactor_control_tick_lateness_seconds", 0
    lines = [f"# TYPE {name} histogram"] if lateness else []
    for one in lateness:
        ticks += one.ticks
        bound = f"{1e-6 * one.to_us:g}" if one.to_us else "+Inf"
        lines.append(f'{name}_bucket{{le="{bound}"}} {ticks}')
    return lines
