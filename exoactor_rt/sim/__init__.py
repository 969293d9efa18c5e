"""The simulated robot: MuJoCo behind the sensors and motors of the real one."""

from exoactor_rt.sim.lockstep import DONE_EVENT, execute
from exoactor_rt.sim.options import NO_NOISE, Push, SensorNoise, SimOptions
from exoactor_rt.sim.paced_robot import PacedRobot
from exoactor_rt.sim.rollout import Rollout, RunOptions

__all__ = [
    "DONE_EVENT",
    "NO_NOISE",
    "PacedRobot",
    "Push",
    "Rollout",
    "RunOptions",
    "SensorNoise",
    "SimOptions",
    "execute",
]
