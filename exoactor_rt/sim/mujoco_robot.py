"""The G1 in MuJoCo: takes motor commands, gives encoders and a pelvis IMU, nothing else.

Ground truth is read by `truth()` for logs and reports; it never goes into a SensorState.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np

from exoactor_rt._core.types import JointCommand, SensorState
from exoactor_rt.errors import HardwareError
from exoactor_rt.robots import g1
from exoactor_rt.sim.model_changes import apply_options
from exoactor_rt.sim.mujoco_import import load_mujoco
from exoactor_rt.sim.noisy_sensors import IdealReading, NoisySensors
from exoactor_rt.sim.options import SimOptions
from exoactor_rt.sim.rope import Rope
from exoactor_rt.types import FloatArray

FALLEN_HEIGHT_M = 0.4
FALLEN_TILT_RAD = 1.0
_SOLE_BELOW_ANKLE_M = 0.035
_FEET = ("left_ankle_roll_link", "right_ankle_roll_link")
_NS = 1_000_000_000


@dataclass(frozen=True)
class Truth:
    """What really is, at the end of a control period.

    Attributes:
        root_position_in_world: [3] m, pelvis link.
        quat_world_root_wxyz: [4] unit.
        joint_position: [29] rad.
        joint_velocity: [29] rad/s.
        joint_torque: [29] Nm, mean over the period, after the motors' limits.
        com_in_world: [3] m.
    """

    root_position_in_world: FloatArray
    quat_world_root_wxyz: FloatArray
    joint_position: FloatArray
    joint_velocity: FloatArray
    joint_torque: FloatArray
    com_in_world: FloatArray


class MujocoRobot:
    """A simulated G1, standing on its feet in a given posture, or hanging in a gantry.

    Time stands still for the body, not for its clock, until the first command takes effect: like a
    robot that its own firmware still keeps standing, its weight borne by the motors. Every motor
    gives tau + kp (q* - q) + kd (dq* - dq), recomputed each physics step and cut at its limit.
    """

    def __init__(self, posture: FloatArray, options: SimOptions | None = None):
        """Loads the scene and sets the robot down.

        Args:
            posture: [29] rad, SDK order.
            options: nominal when None.

        Raises:
            HardwareError: MuJoCo is missing, or the control period is no multiple of the step.
        """
        self.options = options or SimOptions()
        self._mujoco = load_mujoco()
        self._substeps = round(self.options.control_period_s / self.options.timestep_s)
        if abs(self._substeps * self.options.timestep_s - self.options.control_period_s) > 1e-12:
            raise HardwareError(
                f"simulation: control period {self.options.control_period_s} s is no multiple of "
                f"the step {self.options.timestep_s} s; no simulated robot"
            )
        self.model: Any = self._mujoco.MjModel.from_xml_path(str(g1.scene_path()))
        apply_options(self._mujoco, self.model, self.options)
        self.data: Any = self._mujoco.MjData(self.model)
        self._map_names()
        self._set_down(np.asarray(posture, dtype=float))
        self._sensors = NoisySensors(self.options.noise, np.random.default_rng(self.options.seed))
        kinds = self._mujoco.mjtWarning
        self._divergences = [
            int(kind) for kind in (kinds.mjWARN_BADQPOS, kinds.mjWARN_BADQVEL, kinds.mjWARN_BADQACC)
        ]
        self._diverged_s: float | None = None
        self._pending: deque[tuple[int, Any]] = deque()
        self._command: Any = None
        self._clock_ns = 0
        self._torque = self.options.mass_scale * g1.standing_torque(np.asarray(posture))
        self._rope: Rope | None = None
        if self.options.gantry is not None:
            self._rope = Rope(self.model, self.data, self.options.gantry)
            self._torque = np.zeros_like(self._torque)
        self._gravity = -np.array(self.model.opt.gravity)
        self._specific_force = self._gravity.copy()
        self._sample: SensorState | None = None

    @property
    def released(self) -> bool:
        """Whether a command has taken effect, so that the body moves."""
        return self._command is not None

    @property
    def time_s(self) -> float:
        """Physical time since the release."""
        return float(self.data.time)

    def read(self, stamp_ns: int) -> SensorState:
        """What the sensors say now, with this stamp; in a dropout their last sample again."""
        if self._sample is not None and self._in_dropout():
            return self._sample
        data = self.data
        ideal = IdealReading(
            joint_position=data.qpos[self._qpos],
            joint_velocity=data.qvel[self._dof],
            joint_torque=self._torque,
            quat_world_imu_wxyz=data.qpos[3:7],
            angular_velocity_in_imu=data.qvel[3:6],
            specific_force_in_imu=self._specific_force,
        )
        self._sample = self._sensors.measure(ideal, self.time_s, stamp_ns)
        return self._sample

    def write(self, command: JointCommand) -> None:
        """Sends a command to the motors, where it acts after the latency."""
        values = (
            command.position,
            command.velocity,
            command.torque,
            command.stiffness,
            command.damping,
        )
        due_ns = self._clock_ns + round(self.options.latency_s * _NS)
        self._pending.append((due_ns, values))

    def step(self) -> None:
        """Lets one control period pass; time stands still once the physics has diverged."""
        if self._diverged_s is not None:
            return
        mujoco, model, data = self._mujoco, self.model, self.data
        step_ns = round(self.options.timestep_s * _NS)
        torque_sum = np.zeros_like(self._torque)
        force_sum = np.zeros(3)
        begin_s = self.time_s
        for _ in range(self._substeps):
            while self._pending and self._pending[0][0] <= self._clock_ns:
                self._command = self._pending.popleft()[1]
            self._clock_ns += step_ns
            if self._command is None:
                continue
            torque = self._motor_torque()
            torque_sum += torque
            data.ctrl[self._actuator] = torque
            self._apply_forces()
            mujoco.mj_step(model, data)
            force_sum += data.sensordata[self._accel]
        if self._has_bad_number():
            self._diverged_s = begin_s
        if self.released:
            self._torque = torque_sum / self._substeps
            self._specific_force = force_sum / self._substeps

    def truth(self) -> Truth:
        """What really is; for logs and reports only."""
        data = self.data
        self._mujoco.mj_kinematics(self.model, data)
        self._mujoco.mj_comPos(self.model, data)
        return Truth(
            root_position_in_world=data.qpos[:3].copy(),
            quat_world_root_wxyz=data.qpos[3:7].copy(),
            joint_position=data.qpos[self._qpos].copy(),
            joint_velocity=data.qvel[self._dof].copy(),
            joint_torque=self._torque.copy(),
            com_in_world=data.subtree_com[self._pelvis].copy(),
        )

    def fall_reason(self) -> str:
        """Why the robot counts as fallen, in words; empty while it stands."""
        height_m, w, x, y, z = self.data.qpos[2:7].tolist()
        up = w * w - x * x - y * y + z * z
        tilt_rad = math.acos(max(-1.0, min(1.0, up)))
        if self._diverged_s is not None:
            return f"simulation diverged at {self._diverged_s:.2f} s"
        if height_m < FALLEN_HEIGHT_M:
            return f"pelvis {height_m:.2f} m < {FALLEN_HEIGHT_M} m at {self.time_s:.2f} s"
        if tilt_rad > FALLEN_TILT_RAD:
            return f"tilt {tilt_rad:.2f} rad > {FALLEN_TILT_RAD} rad at {self.time_s:.2f} s"
        return ""

    def _has_bad_number(self) -> bool:
        """Whether the physics has met a number that is not finite or absurdly large."""
        warned = self.data.warning.number[self._divergences].any()
        return bool(warned) or not np.isfinite(self.data.qpos).all()

    def _in_dropout(self) -> bool:
        return self.released and any(
            gap.start_s <= self.time_s < gap.start_s + gap.duration_s
            for gap in self.options.dropouts
        )

    def _motor_torque(self) -> FloatArray:
        position, velocity, feed_forward, stiffness, damping = self._command
        asked = (
            feed_forward
            + stiffness * (position - self.data.qpos[self._qpos])
            + damping * (velocity - self.data.qvel[self._dof])
        )
        torque: FloatArray = np.minimum(np.maximum(asked, -self._effort), self._effort)
        return torque

    def _apply_forces(self) -> None:
        if self._rope is None and not self.options.pushes:
            return
        self.data.xfrc_applied[:] = 0.0
        if self._rope is not None:
            self._rope.pull()
        for push in self.options.pushes:
            if push.start_s <= self.time_s < push.start_s + push.duration_s:
                body = self.model.body(push.body).id
                self.data.xfrc_applied[body, :3] += push.force_in_world

    def _map_names(self) -> None:
        table = g1.joint_table()
        model = self.model
        joints = [model.joint(name) for name in table.names]
        self._qpos = np.array([int(joint.qposadr[0]) for joint in joints])
        self._dof = np.array([int(joint.dofadr[0]) for joint in joints])
        self._actuator = np.array([model.actuator(name).id for name in table.names])
        self._effort = table.effort_nm
        self._pelvis = model.body("pelvis").id
        address = int(model.sensor("base_accel").adr[0])
        self._accel = slice(address, address + 3)

    def _set_down(self, posture: FloatArray) -> None:
        data = self.data
        data.qpos[:] = 0.0
        data.qpos[3] = 1.0
        data.qpos[self._qpos] = posture
        self._mujoco.mj_forward(self.model, data)
        ankle_m = min(float(data.body(foot).xpos[2]) for foot in _FEET)
        gantry = self.options.gantry
        feet_above_m = 0.0 if gantry is None else gantry.feet_above_m
        data.qpos[2] -= ankle_m - _SOLE_BELOW_ANKLE_M - feet_above_m
        self._mujoco.mj_forward(self.model, data)
