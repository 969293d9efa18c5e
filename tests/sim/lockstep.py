"""The G1 in MuJoCo, stepped in lock-step with estimator and controller: sensors only."""

from dataclasses import dataclass, field

import mujoco
import numpy as np

from exoactor_rt import _core
from exoactor_rt.robots import g1

PHYSICS_PERIOD_S = 0.001
CONTROL_PERIOD_S = 0.002
FEET = ("left_ankle_roll_link", "right_ankle_roll_link")


@dataclass(kw_only=True)
class SensorNoise:
    """Standard deviations of what the robot measures; all zero for clean sensors."""

    tilt_rad: tuple[float, float, float] = (0.005, -0.005, 0.0)
    attitude_rad: float = 5e-4
    gyro_rad_s: float = 5e-3
    gyro_bias_rad_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    accel_m_s2: float = 0.05
    accel_bias_m_s2: tuple[float, float, float] = (0.05, -0.05, 0.05)
    position_rad: float = 2e-4
    velocity_rad_s: float = 0.02


CLEAN = SensorNoise(
    tilt_rad=(0, 0, 0),
    attitude_rad=0,
    gyro_rad_s=0,
    accel_m_s2=0,
    accel_bias_m_s2=(0, 0, 0),
    position_rad=0,
    velocity_rad_s=0,
)


@dataclass
class Run:
    """What a run left behind, one entry a control tick."""

    telemetry: list[_core.control.ControlTelemetry] = field(default_factory=list)
    states: list[_core.types.RobotState] = field(default_factory=list)
    qpos: list[np.ndarray] = field(default_factory=list)
    qvel: list[np.ndarray] = field(default_factory=list)
    torque: list[np.ndarray] = field(default_factory=list)
    com: list[np.ndarray] = field(default_factory=list)
    fallen: bool = False

    def series(self, name: str) -> np.ndarray:
        """[N, ...] one field of the telemetry."""
        return np.array([getattr(entry, name) for entry in self.telemetry])


def stepped_ground(rise_m: float) -> mujoco.MjSpec:
    """The robot's scene with the floor `rise_m` higher from 0.2 m ahead on; 0 leaves it flat."""
    scene = mujoco.MjSpec.from_file(str(g1.scene_path()))
    if rise_m == 0.0:
        return scene
    floor = next(geom for geom in scene.geoms if geom.type == mujoco.mjtGeom.mjGEOM_PLANE)
    floor.pos = [0.0, 0.0, min(0.0, rise_m)]
    middle_m = 2.2 if rise_m > 0.0 else -1.8
    height_m = abs(rise_m)
    scene.worldbody.add_geom(
        type=mujoco.mjtGeom.mjGEOM_BOX,
        size=[2.0, 2.0, 0.5 * height_m],
        pos=[middle_m, 0.0, floor.pos[2] + 0.5 * height_m],
        friction=floor.friction,
    )
    return scene


class Lockstep:
    """Simulator, estimator and controller in one thread."""

    def __init__(
        self, model, noise: SensorNoise | None = None, seed: int = 0, rise_m: float = 0.0
    ) -> None:
        self.noise = SensorNoise() if noise is None else noise
        self.rng = np.random.default_rng(seed)
        self.model = stepped_ground(rise_m).compile()
        self.model.opt.timestep = PHYSICS_PERIOD_S
        self.data = mujoco.MjData(self.model)
        self.estimator = _core.estimation.StateEstimator(model)
        self.controller = _core.control.WholeBodyController(model)
        self.effort = np.asarray(g1.joint_table().effort_nm)
        self.site = self.model.site("imu_in_pelvis").id
        self.torque = np.zeros(29)
        self.pushes = []
        self.tick = 0
        self.stand(g1.standing_position())

    def stand(self, joint_position: np.ndarray) -> None:
        """Puts the robot on the floor in a pose."""
        mujoco.mj_resetData(self.model, self.data)
        self.data.qpos[:7] = [0, 0, 0.79, 1, 0, 0, 0]
        self.data.qpos[7:] = joint_position
        mujoco.mj_forward(self.model, self.data)
        lowest = min(self.data.body(name).xpos[2] for name in FEET)
        self.data.qpos[2] -= lowest - 0.035
        mujoco.mj_forward(self.model, self.data)

    def push(self, start_s: float, impulse_n_s, duration_s: float = 0.1) -> None:
        """Pushes the pelvis horizontally, with a force that lasts `duration_s`."""
        force = np.array([*impulse_n_s, 0.0]) / duration_s
        self.pushes.append((start_s, start_s + duration_s, force))

    def apply_pushes(self) -> None:
        """Forces from outside that act in this control period."""
        if not self.pushes:
            return
        now_s = 1e-9 * self.now_ns
        acting = [force for start_s, end_s, force in self.pushes if start_s <= now_s < end_s]
        self.data.xfrc_applied[self.model.body("pelvis").id, :3] = sum(acting, np.zeros(3))

    @property
    def now_ns(self) -> int:
        return self.tick * int(CONTROL_PERIOD_S * 1e9)

    def sensors(self) -> _core.types.SensorState:
        """Encoders and IMU with noise; the IMU sits at its site."""
        data, noise, rng = self.data, self.noise, self.rng
        out = _core.types.SensorState()
        out.stamp_ns = self.now_ns
        out.joint_position = data.qpos[7:] + noise.position_rad * rng.normal(size=29)
        out.joint_velocity = data.qvel[6:] + noise.velocity_rad_s * rng.normal(size=29)
        out.joint_torque = self.torque
        turn = np.array(noise.tilt_rad) + noise.attitude_rad * rng.normal(size=3)
        quat = np.zeros(4)
        mujoco.mju_axisAngle2Quat(
            quat, turn / max(np.linalg.norm(turn), 1e-12), np.linalg.norm(turn)
        )
        measured = np.zeros(4)
        mujoco.mju_mulQuat(measured, data.qpos[3:7], quat)
        out.quat_world_imu_wxyz = measured
        out.gyro_in_imu = (
            data.qvel[3:6] + np.array(noise.gyro_bias_rad_s) + noise.gyro_rad_s * rng.normal(size=3)
        )
        out.accel_in_imu = (
            self.specific_force()
            + np.array(noise.accel_bias_m_s2)
            + noise.accel_m_s2 * rng.normal(size=3)
        )
        return out

    def specific_force(self) -> np.ndarray:
        """What an ideal accelerometer at the IMU's site reads, m/s^2."""
        mujoco.mj_rnePostConstraint(self.model, self.data)
        acceleration = np.zeros(6)
        mujoco.mj_objectAcceleration(
            self.model, self.data, mujoco.mjtObj.mjOBJ_SITE, self.site, acceleration, 1
        )
        return acceleration[3:]

    def step(self, run: Run) -> None:
        """One control period."""
        state = self.estimator.update(self.sensors(), self.controller.standing_feet, self.now_ns)
        command = self.controller.step(state, self.now_ns)
        run.telemetry.append(self.controller.telemetry)
        run.states.append(state)
        run.qpos.append(self.data.qpos.copy())
        run.qvel.append(self.data.qvel.copy())
        run.com.append(self.data.subtree_com[0].copy())
        position, velocity, feed_forward = command.position, command.velocity, command.torque
        stiffness, damping = command.stiffness, command.damping
        self.apply_pushes()
        for _ in range(round(CONTROL_PERIOD_S / PHYSICS_PERIOD_S)):
            wanted = (
                feed_forward
                + stiffness * (position - self.data.qpos[7:])
                + damping * (velocity - self.data.qvel[6:])
            )
            self.torque = np.clip(wanted, -self.effort, self.effort)
            self.data.ctrl[:] = self.torque
            mujoco.mj_step(self.model, self.data)
        run.torque.append(self.torque.copy())
        self.tick += 1

    def fallen(self) -> bool:
        """The pelvis is low or has tilted over 50 degrees."""
        up = 1 - 2 * (self.data.qpos[4] ** 2 + self.data.qpos[5] ** 2)
        return bool(self.data.qpos[2] < 0.4 or up < 0.6)

    def run(self, duration_s: float, until_done: bool = False, after_s: float = 0.0) -> Run:
        """Runs for a time, or until the plan is done and `after_s` have passed; stops at a fall."""
        run = Run()
        left = round(after_s / CONTROL_PERIOD_S)
        for _ in range(round(duration_s / CONTROL_PERIOD_S)):
            self.step(run)
            if self.fallen():
                run.fallen = True
                break
            if until_done and run.telemetry[-1].done:
                left -= 1
                if left < 0:
                    break
        return run
