"""The trials of a rehearsal: the robot as modelled, and eight that differ a little from it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from exoactor_rt.planning import Plan, plan_duration_s
from exoactor_rt.sim import Push, RunOptions, SensorNoise
from exoactor_rt.tracker import Tracking

PUSH_S = 0.1
_SPARE_S = 30.0


@dataclass(frozen=True)
class Trial:
    """How one rehearsal differs from the nominal one; every difference is one that robots have.

    Attributes:
        name: in words.
        seed_offset: added to the rehearsals' seed: each trial has its own noise.
        mass_scale: on every mass and inertia.
        friction_scale: on the sliding friction.
        latency_s: from a command's writing to its effect.
        push_ns: impulse on the pelvis along the robot's x and y axes as it stands at the start.
        push_at: when it comes, as a share of the task's nominal duration.
        noise_scale: on every error of the sensors.
    """

    name: str
    seed_offset: int = 0
    mass_scale: float = 1.0
    friction_scale: float = 1.0
    latency_s: float = 0.0
    push_ns: tuple[float, float] = (0.0, 0.0)
    push_at: float = 0.5
    noise_scale: float = 1.0

    @property
    def disturbs(self) -> bool:
        """Whether more differs than the seed, so that the reference need not be met closely."""
        return self != Trial(self.name, self.seed_offset)

    def options(self, nominal: RunOptions, duration_s: float) -> RunOptions:
        """The run of this trial.

        Args:
            nominal: the run as configured, its seed the rehearsals'.
            duration_s: nominal duration of the task.
        """
        sim = nominal.sim
        scaled = replace(
            sim,
            seed=sim.seed + self.seed_offset,
            mass_scale=self.mass_scale * sim.mass_scale,
            friction=None if sim.friction is None else self.friction_scale * sim.friction,
            latency_s=sim.latency_s + self.latency_s,
            noise=_scaled(sim.noise, self.noise_scale),
            pushes=sim.pushes + self._pushes(nominal.settle_s + self.push_at * duration_s),
        )
        limit_s = min(nominal.duration_limit_s, 2.0 * duration_s + _SPARE_S)
        return replace(nominal, sim=scaled, duration_limit_s=limit_s)

    def _pushes(self, start_s: float) -> tuple[Push, ...]:
        if not any(self.push_ns):
            return ()
        force = (self.push_ns[0] / PUSH_S, self.push_ns[1] / PUSH_S, 0.0)
        return (Push(start_s, PUSH_S, force),)


NOMINAL = Trial("nominal")

PERTURBED = (
    Trial("5 % heavier", 1, mass_scale=1.05),
    Trial("5 % lighter", 2, mass_scale=0.95),
    Trial("friction a quarter less", 3, friction_scale=0.75),
    Trial("4 ms of latency", 4, latency_s=0.004),
    Trial("pushed forward, 4 N s", 5, push_ns=(4.0, 0.0), push_at=0.3),
    Trial("pushed to the left, 4 N s", 6, push_ns=(0.0, 4.0), push_at=0.5),
    Trial("pushed back and right, 4 N s", 7, push_ns=(-2.8, -2.8), push_at=0.7),
    Trial("noise of the sensors half more", 8, noise_scale=1.5),
)
"""As much as one robot differs from the next, or a hand on the shoulder: all must be stood.

The controller stands several times as much (`bench control`); a plan that does not stand this has
no margin of its own."""

OTHER_NOISE = (Trial("other noise", 1), Trial("other noise", 2))
"""A learned tracker, which has no plan whose margins tell, must pass these like the nominal one."""


def task_duration_s(task: Plan | Tracking) -> float:
    """Nominal duration of a task, from standing to standing."""
    return task.motion.duration_s if isinstance(task, Tracking) else plan_duration_s(task)


def _scaled(noise: SensorNoise, scale: float) -> SensorNoise:
    scaled: dict[str, Any] = {
        name: tuple(scale * v for v in value) if isinstance(value, tuple) else scale * value
        for name, value in asdict(noise).items()
    }
    return SensorNoise(**scaled)
