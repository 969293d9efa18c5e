"""Good motions and logs, and ways to spoil them, each with the check that must name it first."""

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from exoactor_rt.replay import Kind, Subject
from exoactor_rt.retarget import kinematics
from exoactor_rt.retarget.metrics import sole_corners
from exoactor_rt.robots import g1
from exoactor_rt.types import Reference

RATE_HZ = 100.0
DURATION_S = 4.0
COUNT = int(RATE_HZ * DURATION_S) + 1
TIMES_S = np.arange(COUNT) / RATE_HZ
JOINTS = g1.joint_table()


def index(name):
    return JOINTS.index(f"{name}_joint")


def bump(start_s, end_s, times_s=TIMES_S):
    """0 .. 1 .. 0, smooth, within a stretch of time."""
    share = np.clip((times_s - start_s) / (end_s - start_s), 0.0, 1.0)
    return np.sin(np.pi * share) ** 2


def plateau(start_s, end_s, ramp_s=0.5, times_s=TIMES_S):
    """0 .. 1, held, .. 0, smooth."""

    def rise(share):
        return np.clip(share, 0, 1) ** 2 * (3 - 2 * np.clip(share, 0, 1))

    return rise((times_s - start_s) / ramp_s) * rise((end_s - times_s) / ramp_s)


def on_its_feet(reference):
    """The same joints and attitudes, the pelvis placed so that the left sole stays where it was."""
    zero = np.zeros((len(reference.joint_position), 3))
    soles = sole_corners(
        *kinematics().forward(zero, reference.quat_world_root_wxyz, reference.joint_position)
    )
    foot = soles[:, 0].mean(axis=1)
    return replace(reference, root_position_in_world=foot[0] * [1, 1, 0] - foot)


def good_reference(seed=0):
    """Stands, squats a little and swings its arms."""
    rng = np.random.default_rng(seed)
    joints = np.tile(g1.standing_position(), (COUNT, 1))
    bend = rng.uniform(0.1, 0.3) * bump(0.5, 3.5)
    for side in ("left", "right"):
        joints[:, index(f"{side}_hip_pitch")] -= bend
        joints[:, index(f"{side}_knee")] += 2 * bend
        joints[:, index(f"{side}_ankle_pitch")] -= bend
        swing = rng.uniform(0.2, 0.6) * bump(0.3, 2.3)
        joints[:, index(f"{side}_shoulder_pitch")] -= swing
    return on_its_feet(
        Reference(
            rate_hz=RATE_HZ,
            root_position_in_world=np.zeros((COUNT, 3)),
            quat_world_root_wxyz=np.tile([1.0, 0.0, 0.0, 0.0], (COUNT, 1)),
            joint_position=joints,
            contact=np.ones((COUNT, 2), bool),
            hand_openness=np.full((COUNT, 2), np.nan),
        )
    )


def _moved(reference, joint, angle):
    joints = reference.joint_position.copy()
    joints[:, index(joint)] += angle
    return replace(reference, joint_position=joints)


def beyond_its_range(reference, rng):
    joint = rng.choice(["left_wrist_pitch", "right_wrist_yaw", "waist_roll", "right_elbow"])
    beyond = JOINTS.upper_rad[index(joint)] + rng.uniform(0.03, 0.3)
    there = reference.joint_position[:, index(joint)]
    return _moved(reference, joint, (beyond - there) * plateau(1.0, 3.0, 0.9))


def too_fast(reference, rng):
    speed = rng.uniform(11.5, 14.0)
    omega = 2 * np.pi * rng.uniform(2.5, 3.0)
    swing = speed / omega * np.sin(omega * (TIMES_S - 1.5)) * plateau(1.0, 2.8, 0.4)
    return _moved(reference, "left_shoulder_pitch", swing)


def too_sudden(reference, rng):
    """A speed within bounds that turns round from one frame to the next."""
    speed, half_s = rng.uniform(7.0, 8.5), rng.uniform(0.05, 0.07)
    return _moved(
        reference,
        "right_shoulder_pitch",
        -speed * np.maximum(0.0, half_s - np.abs(TIMES_S - 2.0)),
    )


def shaking(reference, rng):
    omega = 2 * np.pi * rng.uniform(14.0, 16.0)
    shake = rng.uniform(0.045, 0.05) * np.sin(omega * TIMES_S) * plateau(1.0, 2.5, 0.6)
    return _moved(reference, "left_wrist_roll", shake)


def hand_in_the_hip(reference, rng):
    side, inward = ("left", -1.0) if rng.random() < 0.5 else ("right", 1.0)
    inward *= rng.uniform(0.55, 0.7) * plateau(1.0, 3.0)
    straight = -rng.uniform(0.7, 0.9) * plateau(0.3, 3.6)
    return _moved(_moved(reference, f"{side}_shoulder_roll", inward), f"{side}_elbow", straight)


def in_the_floor(reference, rng):
    root = reference.root_position_in_world.copy()
    root[:, 2] -= rng.uniform(0.07, 0.15) * plateau(1.0, 3.0)
    return replace(reference, root_position_in_world=root)


def in_the_air(reference, rng):
    root = reference.root_position_in_world.copy()
    root[:, 2] += rng.uniform(0.1, 0.3) * plateau(1.0, 2.5)
    return replace(reference, root_position_in_world=root)


def jumping_root(reference, rng):
    root = reference.root_position_in_world.copy()
    root[COUNT // 2 :, :2] += rng.uniform(0.3, 1.0)
    return replace(reference, root_position_in_world=root)


def sliding(reference, rng):
    root = reference.root_position_in_world.copy()
    root[:, int(rng.integers(2))] += rng.uniform(0.2, 0.4) * plateau(0.8, 3.9, 1.2)
    return replace(reference, root_position_in_world=root)


def _pitched(reference, angle):
    turn = Rotation.from_rotvec(angle[:, None] * [0.0, 1.0, 0.0])
    return replace(
        reference,
        quat_world_root_wxyz=turn.as_quat(scalar_first=True),
    )


def bent_over(reference, rng):
    """The pelvis pitches, the hips take it back, so that the feet stay."""
    angle = rng.uniform(0.8, 0.95) * plateau(0.8, 3.4, 1.0)
    bent = _pitched(reference, angle)
    for side in ("left", "right"):
        bent = _moved(bent, f"{side}_hip_pitch", -angle)
    return on_its_feet(bent)


def swinging_trunk(reference, rng):
    """The trunk swings to and fro with both arms stretched forward: more than the waist can do."""
    stretch = plateau(0.3, 3.7, 0.8)
    swing = rng.uniform(0.42, 0.48) * np.sin(2 * np.pi * rng.uniform(1.7, 1.9) * TIMES_S)
    made = _moved(reference, "waist_pitch", swing * plateau(0.8, 3.2, 0.8))
    for side, outward in (("left", 0.3), ("right", -0.3)):
        made = _moved(made, f"{side}_shoulder_pitch", -1.4 * stretch)
        made = _moved(made, f"{side}_elbow", -0.9 * stretch)
        made = _moved(made, f"{side}_shoulder_roll", outward * stretch)
    return on_its_feet(made)


def leaning_at_the_end(reference, rng):
    """The whole body turns about its ankles and stays so."""
    angle = rng.uniform(0.28, 0.35) * plateau(2.0, 9.0, 1.5)
    lean = _pitched(reference, angle)
    for side in ("left", "right"):
        lean = _moved(lean, f"{side}_ankle_pitch", -angle)
    return on_its_feet(lean)


def not_a_number(reference, rng):
    joints = reference.joint_position.copy()
    joints[int(rng.integers(COUNT)), int(rng.integers(29))] = rng.choice([np.nan, np.inf])
    return replace(reference, joint_position=joints)


BAD_MOTIONS = {
    beyond_its_range: "position",
    too_fast: "velocity",
    too_sudden: "acceleration",
    shaking: "jerk",
    hand_in_the_hip: "self_collision",
    in_the_floor: "penetration",
    in_the_air: "flight",
    jumping_root: "base_speed",
    sliding: "foot_slip",
    bent_over: "tilt",
    swinging_trunk: "torque_needed",
    leaning_at_the_end: "end_balance",
    not_a_number: "not_finite",
}
"""What spoils a reference -> the check that must come first."""


def good_log(columns):
    """A Subject of made-up tick records."""
    ticks = dict(columns)
    stamps = ticks["now_ns"]
    return Subject(
        Kind.LOG,
        "made-up",
        (stamps - stamps[0]) * 1e-9,
        ticks.pop("sensed_position"),
        ticks.pop("sensed_velocity"),
        ticks.pop("sensed_torque"),
        ticks.pop("base_position_in_world"),
        ticks.pop("quat_world_base_wxyz"),
        ticks.pop("contact") > 0.5,
        ticks["guard_state"] == 1,
        ticks,
    )


def _during(columns, name, rows, value, joint=slice(None)):
    column = columns[name].astype(float) if name != "now_ns" else columns[name].copy()
    if column.ndim == 1:
        column[rows] = value
    else:
        column[rows, joint] = value
    return columns | {name: column}


def lost_ticks(columns, rng):
    gap = int(rng.integers(40, 200))
    kept = np.r_[0:600, 600 + gap : len(columns["now_ns"])]
    return {name: column[kept] for name, column in columns.items()}


def backward_clock(columns, rng):
    stamps = columns["now_ns"].copy()
    stamps[700:] -= int(rng.integers(4_000_000, 400_000_000))
    return columns | {"now_ns": stamps, "sensed_stamp_ns": stamps.copy()}


def stale_state(columns, rng):
    stamps = columns["sensed_stamp_ns"].copy()
    stale = int(rng.integers(40, 90))
    stamps[600 : 600 + stale] = stamps[600]
    return columns | {"sensed_stamp_ns": stamps}


def slow_commands(columns, rng):
    """Every hundredth period takes three times as long."""
    stamps = columns["now_ns"] + 6_000_000 * (np.arange(len(columns["now_ns"])) // 100)
    return columns | {"now_ns": stamps, "sensed_stamp_ns": stamps.copy()}


def overrunning(columns, rng):
    took = columns["took_ns"].copy()
    took[rng.integers(100, 1000, 20)] = 2_500_000
    return columns | {"took_ns": took, "late_ns": np.full_like(took, 30_000)}


def fast_joint(columns, rng):
    joint = int(rng.integers(29))
    speed = rng.choice([-1, 1]) * rng.uniform(10.5, 15.0)
    return _during(columns, "sensed_velocity", slice(500, 530), speed, joint)


def overloaded(columns, rng):
    joint = int(rng.integers(29))
    torque = -JOINTS.effort_nm[joint] * rng.uniform(1.02, 1.3)
    return _during(columns, "sensed_torque", slice(500, 520), torque, joint)


def loaded_for_long(columns, rng):
    joint = int(rng.integers(29))
    torque = JOINTS.effort_nm[joint] * rng.uniform(0.45, 0.9)
    loaded = _during(columns, "sensed_torque", slice(None), torque, joint)
    count = len(columns["now_ns"])
    long = {name: np.concatenate([column] * 10) for name, column in loaded.items()}
    stamps = 2_000_000 * np.arange(10 * count)
    return long | {"now_ns": stamps, "sensed_stamp_ns": stamps.copy()}


def saturated(columns, rng):
    joint = int(rng.integers(29))
    return _during(columns, "sensed_torque", slice(500, 580), 0.99 * JOINTS.effort_nm[joint], joint)


def stepped_command(columns, rng):
    joint = int(rng.integers(29))
    step = JOINTS.effort_nm[joint] * rng.uniform(0.55, 0.9) * rng.choice([-1, 1])
    return _during(columns, "sent_torque", slice(600, None), step, joint)


def blocked_arm(columns, rng):
    joint = int(rng.integers(15, 29))
    sent = columns["sent_position"].copy()
    times_s = 0.002 * np.arange(len(sent))
    sent[:, joint] += rng.choice([-1, 1]) * 0.5 * plateau(0.5, 2.0, 0.4, times_s)
    return columns | {"sent_position": sent}


def tripped(columns, rng):
    return _during(columns, "trip_cause", slice(700, None), int(rng.integers(1, 13)))


def fallen_over(columns, rng):
    quats = columns["quat_world_imu_wxyz"].copy()
    angle = rng.uniform(0.75, 1.5) * plateau(1.0, 9.0, 0.5, 0.002 * np.arange(len(quats)))
    turn = Rotation.from_rotvec(angle[:, None] * np.eye(3)[rng.integers(2)]).as_quat(
        scalar_first=True
    )
    return columns | {"quat_world_imu_wxyz": turn}


def broken_sensor(columns, rng):
    name = rng.choice(["sensed_position", "sensed_velocity", "gyro_in_imu", "sent_stiffness"])
    return _during(columns, name, int(rng.integers(1000)), np.nan, 1)


def hot_winding(columns, rng):
    winding = np.full((len(columns["now_ns"]), 29), 60.0)
    winding[200:, int(rng.integers(29))] = 125.0
    return columns | {"winding_c": winding}


def flat_battery(columns, rng):
    return columns | {"battery_percent": np.linspace(40.0, 5.0, len(columns["now_ns"]))}


def second_publisher(columns, rng):
    count = np.ones(len(columns["now_ns"]))
    count[500:] = 2
    return columns | {"command_publishers": count}


def changed_mode(columns, rng):
    mode = np.full(len(columns["now_ns"]), 5)
    mode[800:] = 4
    return columns | {"mode_machine": mode}


BAD_LOGS = {
    lost_ticks: "record_gap",
    backward_clock: "record_gap",
    stale_state: "state_age",
    slow_commands: "command_period",
    overrunning: "overruns",
    fast_joint: "velocity",
    overloaded: "torque",
    loaded_for_long: "rms_torque",
    saturated: "saturation",
    stepped_command: "command_step",
    blocked_arm: "tracking",
    tripped: "guard",
    fallen_over: "tilt",
    broken_sensor: "not_finite",
    hot_winding: "winding",
    flat_battery: "battery",
    second_publisher: "publishers",
    changed_mode: "mode_change",
}
"""What spoils a log -> the check that must come first."""
