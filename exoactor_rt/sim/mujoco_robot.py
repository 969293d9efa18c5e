"""The G1 in MuJoCo: takes motor commands, gives encoders and a pelvis IMU, nothing else.

Ground truth is read by `truth()` for logs and reports; it never goes into a SensorState.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from exoactor_rt._core import sim as native
from exoactor_rt._core.runtime import ControlTick, RecordRing
from exoactor_rt._core.types import JointCommand, SensorState
from exoactor_rt.errors import HardwareError
from exoactor_rt.robots import g1
from exoactor_rt.sim.body_options import (
    FALLEN_HEIGHT_M,
    FALLEN_TILT_RAD,
    body_options,
    physics_of,
)
from exoactor_rt.sim.model_changes import apply_options
from exoactor_rt.sim.mujoco_import import load_mujoco
from exoactor_rt.sim.options import SimOptions
from exoactor_rt.sim.physics_model import load_physics
from exoactor_rt.sim.rope import Rope
from exoactor_rt.types import FloatArray

_SOLE_BELOW_ANKLE_M = 0.035
_FEET = ("left_ankle_roll_link", "right_ankle_roll_link")
_DRAWN_AT_ONCE = 64
_PLACES = {
    "root_position_in_world": slice(0, 3),
    "quat_world_root_wxyz": slice(3, 7),
    "joint_position": slice(7, 36),
    "joint_velocity": slice(36, 65),
    "joint_torque": slice(65, 94),
    "com_in_world": slice(94, 97),
}


@dataclass(frozen=True)
class Truth:
    """What really is at the end of a control period, or at the ends of N.

    Attributes:
        root_position_in_world: [..., 3] m, pelvis link.
        quat_world_root_wxyz: [..., 4] unit.
        joint_position: [..., 29] rad.
        joint_velocity: [..., 29] rad/s.
        joint_torque: [..., 29] Nm, mean over the period, after the motors' limits.
        com_in_world: [..., 3] m.
    """

    root_position_in_world: FloatArray
    quat_world_root_wxyz: FloatArray
    joint_position: FloatArray
    joint_velocity: FloatArray
    joint_torque: FloatArray
    com_in_world: FloatArray

    @classmethod
    def of_rows(cls, rows: FloatArray) -> Truth:
        """From `SimulatedBody.truth`, [..., 97]."""
        return cls(**{name: rows[..., place] for name, place in _PLACES.items()})


class MujocoRobot:
    """A simulated G1, standing on its feet in a given posture, or hanging in a gantry.

    Time stands still for the body, not for its clock, until the first command takes effect: like a
    robot that its own firmware still keeps standing, its weight borne by the motors. Every motor
    gives tau + kp (q* - q) + kd (dq* - dq), recomputed each physics step and cut at its limit.
    """

    def __init__(
        self, posture: FloatArray, options: SimOptions | None = None, *, shown: bool = True
    ):
        """Loads the scene and sets the robot down.

        Args:
            posture: [29] rad, SDK order.
            options: nominal when None.
            shown: the model has what is only to look at.

        Raises:
            HardwareError: MuJoCo is missing, the control period is no multiple of the step, or
                there are pushes in a gantry.
        """
        self.options = options or SimOptions()
        if self.options.gantry is not None and self.options.pushes:
            raise HardwareError("simulation: pushes and a gantry exclude each other; no robot")
        posture = np.asarray(posture, dtype=float)
        self._mujoco = load_mujoco()
        self.model: Any = load_physics(shown=shown)
        apply_options(self._mujoco, self.model, self.options)
        self.data: Any = self._mujoco.MjData(self.model)
        self._set_down(posture)
        self._rng = np.random.default_rng(self.options.seed)
        self._body = native.SimulatedBody(
            physics_of(self._mujoco, self.model, self.data),
            body_options(self.options, posture, self.model),
        )
        self._rope: Rope | None = None
        if self.options.gantry is not None:
            period_s = self.options.control_period_s
            self._rope = Rope(self.model, self.data, self.options.gantry, period_s)

    @property
    def released(self) -> bool:
        """Whether a command has taken effect, so that the body moves."""
        return self._body.released

    @property
    def time_s(self) -> float:
        """Physical time since the release."""
        return self._body.time_s

    def read(self, stamp_ns: int) -> SensorState:
        """What the sensors say now, with this stamp; in a dropout their last sample again."""
        self._draw(1)
        return self._body.read(stamp_ns)

    def write(self, command: JointCommand) -> None:
        """Sends a command to the motors, where it acts after the latency."""
        self._body.write(command)

    def step(self) -> None:
        """Lets one control period pass; time stands still once the physics has diverged."""
        if self._rope is not None:
            self._rope.pull()
        self._body.step()

    def run(
        self, tick: ControlTick, ring: RecordRing, now_ns: int, ticks: int
    ) -> tuple[FloatArray, FloatArray]:
        """Runs the tick in lock-step with the body, fewer times where the robot falls.

        Args:
            tick: of nobody else.
            ring: takes the records.
            now_ns: of the first measurement.
            ticks: how many.

        Returns:
            One row a tick, when it measured: `time_s`, and the truth as for `Truth.of_rows`.

        Raises:
            HardwareError: it hangs in a gantry, which pulls in `step` only.
        """
        if self._rope is not None:
            raise HardwareError("simulation: a robot in a gantry is not run in lock-step; not run")
        self._draw(ticks)
        period_ns = round(1e9 * self.options.control_period_s)
        rows = native.run_lockstep(self._body, tick, ring, now_ns, period_ns, ticks)
        return rows[:, 0], rows[:, 1:]

    def truth(self) -> Truth:
        """What really is; for logs and reports only."""
        return Truth.of_rows(self._body.truth())

    def fall_reason(self) -> str:
        """Why the robot counts as fallen, in words; empty while it stands."""
        if not self._body.is_fallen:
            return ""
        if self._body.diverged_s is not None:
            return f"simulation diverged at {self._body.diverged_s:.2f} s"
        height_m, w, x, y, z = self.data.qpos[2:7].tolist()
        if height_m < FALLEN_HEIGHT_M:
            return f"pelvis {height_m:.2f} m < {FALLEN_HEIGHT_M} m at {self.time_s:.2f} s"
        tilt_rad = math.acos(max(-1.0, min(1.0, w * w - x * x - y * y + z * z)))
        return f"tilt {tilt_rad:.2f} rad > {FALLEN_TILT_RAD} rad at {self.time_s:.2f} s"

    def _draw(self, samples: int) -> None:
        """Noise for that many samples at least; what is drawn does not depend on how many."""
        while self._body.samples_left < samples:
            self._body.feed_noise(
                self._rng.standard_normal((_DRAWN_AT_ONCE, native.DRAWS_PER_SAMPLE))
            )

    def _set_down(self, posture: FloatArray) -> None:
        data = self.data
        data.qpos[:] = 0.0
        data.qpos[3] = 1.0
        for name, angle_rad in zip(g1.joint_table().names, posture, strict=True):
            data.joint(name).qpos[0] = angle_rad
        self._mujoco.mj_forward(self.model, data)
        ankle_m = min(float(data.body(foot).xpos[2]) for foot in _FEET)
        gantry = self.options.gantry
        feet_above_m = 0.0 if gantry is None else gantry.feet_above_m
        data.qpos[2] -= ankle_m - _SOLE_BELOW_ANKLE_M - feet_above_m
        self._mujoco.mj_forward(self.model, data)
