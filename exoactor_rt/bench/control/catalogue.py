"""All cases of the benchmark, by name."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from exoactor_rt._core.planning import level_limits
from exoactor_rt.bench.control.case import DIRECTIONS_DEG, PHASES, Case, PushCase, TrialCase
from exoactor_rt.bench.control.courses import forward, in_place, random_steps, sideways, turning
from exoactor_rt.bench.control.mismatch import mismatches
from exoactor_rt.bench.control.task import OneFoot, Squat, Stand, Task
from exoactor_rt.errors import ConfigError
from exoactor_rt.planning import PlanLevel
from exoactor_rt.sim import SimOptions

TICKS = "ticks"
HIGHEST_SEED = 2**31 - 1000
RANDOM_PLANS = 100
RANDOM_STEPS = 16
PUSHED_STEPS = 10
ASKED_STANDING_NS = {"front": 12, "back": 10, "left": 18, "right": 18}
ASKED_STEPPING_NS = {"front": 15, "back": 15, "left": 9, "right": 9}
_PUSH_STANDING_S = 2.0
_QUICK_RANDOM_PLANS = 8
_QUICK_PHASES = (1, 5)
_QUICK_MISMATCH = ("walk",)


def catalogue(seed: int, quick: bool) -> list[Case]:
    """Every case; `quick` leaves out most of the random plans, the push map and the mismatches."""
    return [
        *_nominal(seed),
        *_random(seed, _QUICK_RANDOM_PLANS if quick else RANDOM_PLANS),
        *_pushes_standing(seed),
        *_pushes_stepping(seed, quick),
        *_mismatch(seed, quick),
    ]


def allowed_seed(seed: int) -> int:
    """The seed; raises ConfigError for one that is not allowed."""
    if not 0 <= seed <= HIGHEST_SEED:
        raise ConfigError(f"bench control: --seed {seed}, allowed 0 to {HIGHEST_SEED}")
    return seed


def wants_ticks(only: Sequence[str]) -> bool:
    """Whether the computing time is asked for too."""
    return not only or TICKS in only


def select(cases: Sequence[Case], only: Sequence[str]) -> list[Case]:
    """The cases named: a group, a whole name, or a pattern with * and ?; all when none is.

    Raises:
        ConfigError: a name that fits no case.
    """
    for pattern in only:
        if pattern != TICKS and not any(_fits(case.name, pattern) for case in cases):
            groups = ", ".join(dict.fromkeys(case.name.split("/")[0] for case in cases))
            raise ConfigError(
                f"bench control: --only {pattern}: no such case, allowed {groups}, {TICKS}, or the "
                "name of a case; nothing started"
            )
    return [case for case in cases if not only or any(_fits(case.name, p) for p in only)]


def _fits(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(name, f"{pattern}/*")


def _nominal(seed: int) -> list[Case]:
    tasks: dict[str, Task] = {
        "stance/stand": Stand(20.0),
        "stance/squat": Squat(20.0),
        "one-foot/left": OneFoot(raised=1),
        "one-foot/right": OneFoot(raised=0),
        "walk/forward": forward(24, 0.36),
        "walk/sideways": sideways(20),
        "walk/turning": turning(20),
    }
    return [TrialCase(name, task, SimOptions(seed=seed)) for name, task in tasks.items()]


def _random(seed: int, count: int) -> list[Case]:
    limits = level_limits(PlanLevel.NOMINAL)
    return [
        TrialCase(
            f"random/{index:02d}",
            random_steps(RANDOM_STEPS, limits, (seed, index)),
            SimOptions(seed=seed + index),
        )
        for index in range(count)
    ]


def _pushes_standing(seed: int) -> list[Case]:
    return [
        PushCase(
            f"push-standing/{name}",
            Stand(4.0),
            SimOptions(seed=seed),
            DIRECTIONS_DEG[name],
            first_ns,
            start_s=_PUSH_STANDING_S,
        )
        for name, first_ns in ASKED_STANDING_NS.items()
    ]


def _pushes_stepping(seed: int, quick: bool) -> list[Case]:
    walk, sim = in_place(PUSHED_STEPS), SimOptions(seed=seed)
    names = ASKED_STEPPING_NS if quick else DIRECTIONS_DEG
    return [
        PushCase(
            f"push-stepping/{name}/{phase}",
            walk,
            sim,
            DIRECTIONS_DEG[name],
            ASKED_STEPPING_NS.get(name),
            phase=phase / PHASES,
        )
        for phase in (_QUICK_PHASES if quick else range(PHASES))
        for name in names
    ]


def _mismatch(seed: int, quick: bool) -> list[Case]:
    tasks: dict[str, Task] = {
        "stand": Stand(6.0),
        "squat": Squat(8.0),
        "walk": forward(12, 0.27),
    }
    return [
        TrialCase(f"mismatch/{task_name}/{name}", tasks[task_name], sim)
        for task_name in (_QUICK_MISMATCH if quick else tasks)
        for name, sim in mismatches(seed).items()
    ]
