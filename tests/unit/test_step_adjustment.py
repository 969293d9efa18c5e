"""The chosen step, run through: does the DCM come where the choice says while the leg swings?"""

import math
import shutil
import subprocess
from dataclasses import astuple, dataclass, replace
from pathlib import Path

import mujoco
import numpy as np
import pytest

from exoactor_rt.robots import g1
from tools import native

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="no g++ here")

OMEGA = math.sqrt(9.81 / 0.65)
FOREMOST_ZMP_M, OUTERMOST_ZMP_M = 0.060, 0.012
TOLERANCE_M = 0.006
FORECAST_ERROR_M = 0.004
LEFT, RIGHT = 0, 1
CHOICES = Path(__file__).parent / "step_choices.cpp"


@dataclass(frozen=True)
class Swing:
    """`SwingOutlook` of a step on the spot; m, m/s, s, outward positive."""

    dcm: tuple[float, float] = (0.0, 0.031)
    landing_dcm: tuple[float, float] = (0.0, 0.146)
    foothold: tuple[float, float] = (0.0, 0.22)
    foot: tuple[float, float] = (0.0, 0.22)
    foot_velocity: tuple[float, float] = (0.0, 0.0)
    elapsed_s: float = 0.0
    remaining_s: float = 0.4


PUSHED_OUTWARD = Swing(dcm=(0.0, 0.06))
FOOT_MOVES_OUTWARD = Swing(
    dcm=(0.0, 0.12), foot=(0.0, 0.25), foot_velocity=(0.0, 1.5), elapsed_s=0.2, remaining_s=0.2
)
PUSHED_FORWARD = Swing(
    dcm=(0.1, 0.031), landing_dcm=(0.2, 0.146), foothold=(0.15, 0.22), foot=(-0.15, 0.22)
)
SWINGS = [PUSHED_OUTWARD, FOOT_MOVES_OUTWARD, PUSHED_FORWARD]


@dataclass(frozen=True)
class Choice:
    shift: np.ndarray
    remaining_s: float
    leftover_m: float


@pytest.fixture(scope="module")
def choose(tmp_path_factory):
    """Calls `choose_step` with a swing mirrored to `side`; the answer is outward positive."""
    sources = [native.CPP / "control/src/step_adjustment.cpp", CHOICES]
    folder = tmp_path_factory.mktemp("step_choices")
    program = native.build(sources, folder, rooms=("control", "model"))

    def run(swing, side=LEFT):
        mirror = np.array([1.0, 1.0 if side == LEFT else -1.0])
        vectors = np.concatenate([mirror * np.array(vector) for vector in astuple(swing)[:5]])
        numbers = [side, *vectors, swing.elapsed_s, swing.remaining_s]
        line = " ".join(map(str, numbers))
        told = subprocess.run([program], input=line, check=True, capture_output=True, text=True)
        x, y, remaining_s, leftover_m = map(float, told.stdout.split())
        return Choice(mirror * (x, y), remaining_s, leftover_m)

    return run


@pytest.fixture(scope="module")
def leg_reaction():
    """omega^2 times the moment about the CoM, over the weight, of 1 m/s^2 of a lifted left foot.

    [2] forward, outward: right foot, pelvis' attitude and upper body still, CoM not accelerated.
    """
    model = mujoco.MjModel.from_xml_path(str(g1.model_path()))
    data = mujoco.MjData(model)
    data.qpos[2] = 0.74
    data.qpos[7:] = g1.standing_position()
    data.qpos[7 + np.array([0, 3, 4])] += [-0.15, 0.3, -0.15]
    mujoco.mj_forward(model, data)
    position, rotation = np.zeros((2, 3, model.nv))
    feet = []
    for foot in ("right_ankle_roll_link", "left_ankle_roll_link"):
        mujoco.mj_jacBody(model, data, position, rotation, model.body(foot).id)
        feet += [position.copy(), rotation.copy()]
    com, pelvis = np.zeros((2, 3, model.nv))
    mujoco.mj_jacSubtreeCom(model, data, com, 1)
    mujoco.mj_jacBody(model, data, position, pelvis, 1)
    still = np.vstack([*feet, com, pelvis, np.eye(model.nv)[18:]])
    moments = np.zeros((2, 3))
    for axis in range(2):
        wanted = np.zeros(len(still))
        wanted[6 + axis] = 1.0
        data.qvel[:] = np.linalg.lstsq(still, wanted, rcond=None)[0]
        mujoco.mj_forward(model, data)
        mujoco.mj_subtreeVel(model, data)
        moments[axis] = data.subtree_angmom[1]
    return OMEGA**2 / (9.81 * model.body_mass.sum()) * np.array([-moments[0, 1], moments[1, 0]])


def least_jerk_acceleration(way, velocity, duration_s, time_s):
    """From there to rest; m/s^2."""
    gap, gap_v = way - velocity * duration_s, -velocity * duration_s
    u = time_s / duration_s
    return (
        6 * u * (10 * gap - 4 * gap_v)
        + 12 * u**2 * (-15 * gap + 7 * gap_v)
        + 20 * u**3 * (6 * gap - 3 * gap_v)
    ) / duration_s**2


def missed_at_landing(swing, choice, reaction):
    """[2] m by which the DCM misses the chosen foothold, with the ZMP held at its limit."""
    pushed_forward = swing.landing_dcm[0] > 0
    zmp = np.array([FOREMOST_ZMP_M, 0.0] if pushed_forward else [0.0, OUTERMOST_ZMP_M])
    way = np.array(swing.foothold) + choice.shift - swing.foot
    moving_s = max(choice.remaining_s - 0.03, 0.5 * choice.remaining_s)
    dcm, dt_s = np.array(swing.dcm), 1e-5
    for time_s in np.arange(0.5 * dt_s, choice.remaining_s, dt_s):
        speed_up = OMEGA * (dcm - zmp)
        if time_s < moving_s:
            velocity = np.array(swing.foot_velocity)
            foot = least_jerk_acceleration(way, velocity, moving_s, time_s)
            speed_up = speed_up + reaction / OMEGA * foot
        dcm = dcm + dt_s * speed_up
    return dcm - swing.landing_dcm - choice.shift


@pytest.mark.parametrize("swing", SWINGS, ids=["outward", "moving", "forward"])
def test_the_dcm_arrives_where_the_choice_says_although_the_leg_swings(choose, leg_reaction, swing):
    choice = choose(swing)
    axis = int(swing.landing_dcm[0] == 0)
    assert choice.shift[axis] > 0.01
    assert choice.leftover_m < 0.01
    missed_m = missed_at_landing(swing, choice, leg_reaction)[axis]
    assert abs(missed_m - TOLERANCE_M) < FORECAST_ERROR_M + choice.leftover_m


def test_a_foot_that_must_still_brake_goes_less_far(choose):
    moving, resting = FOOT_MOVES_OUTWARD, replace(FOOT_MOVES_OUTWARD, foot_velocity=(0.0, 0.0))
    assert choose(moving).shift[1] < choose(resting).shift[1] - 0.02


@pytest.mark.parametrize("swing", SWINGS, ids=["outward", "moving", "forward"])
def test_the_sides_are_alike(choose, swing):
    left, right = choose(swing, LEFT), choose(swing, RIGHT)
    assert right.shift == pytest.approx(left.shift) and right.remaining_s == left.remaining_s


def test_an_undisturbed_step_is_left_alone(choose):
    choice = choose(Swing())
    assert np.abs(choice.shift).max() < 1e-9 and choice.remaining_s == pytest.approx(0.4)


@pytest.mark.parametrize(("dcm_m", "foothold_m"), [(0.3, 0.54), (-0.3, 0.13)])
def test_a_foothold_stays_within_reach(choose, dcm_m, foothold_m):
    swing = replace(PUSHED_OUTWARD, dcm=(0.0, dcm_m))
    assert swing.foothold[1] + choose(swing).shift[1] == pytest.approx(foothold_m)
