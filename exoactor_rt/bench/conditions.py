"""Under what conditions the motions of a benchmark are executed."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from exoactor_rt.errors import ConfigError
from exoactor_rt.planning import Plan
from exoactor_rt.replay.trials import Trial, task_duration_s
from exoactor_rt.sim import Push, RunOptions, SimOptions
from exoactor_rt.tracker import Tracking
from exoactor_rt.tracker.store import Controller

Rehearsals = Literal["all", "undisturbed", "none"]

CONTROLLERS = get_args(Controller)
REHEARSALS = get_args(Rehearsals)
NOMINAL_FRICTION = 0.8
PUSH_S = 0.1
REHEARSAL_SEED_OFFSET = 1
_SPARE_S = 30.0
_ALLOWED = {
    "push_ns": (0.0, 200.0),
    "friction": (0.05, 2.0),
    "latency_ms": (0.0, 50.0),
    "mass_scale": (0.5, 2.0),
    "seed": (0, 2**31 - 2),
}


@dataclass(frozen=True)
class Conditions:
    """The simulated robot and world of the executions.

    Rehearsals know none of it: they run on the nominal robot and floor and near it, and with other
    sensor noise than the execution.

    Attributes:
        controller: "wbc", "tracker" or "auto".
        policy: name of the tracker's policy; see `choose_policy`.
        push_ns: impulse on the pelvis, N s, given in 100 ms at half the nominal duration,
            horizontally, in a direction drawn from the seed and the motion's name; 0 for none.
        friction: sliding friction of every contact.
        latency_ms: from a command's writing to its effect.
        mass_scale: on every mass and inertia.
        seed: of sensor noise and push directions.
        rehearsals: how much of admission comes before: "all", "undisturbed" or "none". Less of it
            measures the controller on what admission would refuse.
    """

    controller: Controller = "wbc"
    policy: str = ""
    push_ns: float = 0.0
    friction: float = NOMINAL_FRICTION
    latency_ms: float = 0.0
    mass_scale: float = 1.0
    seed: int = 0
    rehearsals: Rehearsals = "all"

    def __post_init__(self) -> None:
        """Raises ConfigError for what is not allowed."""
        if self.controller not in CONTROLLERS:
            raise ConfigError(
                f"bench: controller {self.controller!r}, allowed {', '.join(CONTROLLERS)}"
            )
        if self.rehearsals not in REHEARSALS:
            raise ConfigError(
                f"bench: rehearsals {self.rehearsals!r}, allowed {', '.join(REHEARSALS)}"
            )
        for name, (low, high) in _ALLOWED.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise ConfigError(f"bench: {name} {value:g}, allowed {low:g} to {high:g}")

    def rehearsal(self) -> RunOptions:
        """How motions are rehearsed, but for what trials change."""
        seed = self.seed + REHEARSAL_SEED_OFFSET
        return RunOptions(sim=SimOptions(seed=seed, friction=NOMINAL_FRICTION))

    def trials(self, trials: Sequence[Trial]) -> tuple[Trial, ...]:
        """Those of admission's trials that are run."""
        if self.rehearsals == "none":
            return ()
        return tuple(t for t in trials if self.rehearsals == "all" or not t.disturbs)

    def execution(self, task: Plan | Tracking, name: str) -> RunOptions:
        """How it is executed; `name` is the motion's."""
        sim = SimOptions(
            seed=self.seed,
            friction=self.friction,
            mass_scale=self.mass_scale,
            latency_s=1e-3 * self.latency_ms,
            pushes=self._pushes(task, name),
        )
        return RunOptions(sim=sim, duration_limit_s=2.0 * task_duration_s(task) + _SPARE_S)

    def _pushes(self, task: Plan | Tracking, name: str) -> tuple[Push, ...]:
        if self.push_ns == 0.0:
            return ()
        rng = np.random.default_rng([self.seed, zlib.crc32(name.encode())])
        angle_rad = rng.uniform(-np.pi, np.pi)
        force = self.push_ns / PUSH_S * np.array([np.cos(angle_rad), np.sin(angle_rad)])
        start_s = RunOptions().settle_s + 0.5 * task_duration_s(task)
        return (Push(start_s, PUSH_S, (float(force[0]), float(force[1]), 0.0)),)
