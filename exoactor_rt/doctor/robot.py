"""Whether a robot on DDS is fit to be driven. Everything here only listens."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from exoactor_rt.dds import DdsSettings, load_dds, open_observer
from exoactor_rt.doctor.finding import Finding, Verdict, judged, skipped
from exoactor_rt.errors import HardwareError
from exoactor_rt.robots import g1

if TYPE_CHECKING:
    from exoactor_rt._core.types import RobotHealth, SensorState
    from exoactor_rt._dds import DdsObserver

_HEARD_WITHIN_S = 3.0
_LISTEN_S = 1.0
_RATE_HZ = (450.0, 250.0)
_CHARGE_PERCENT = 40
_WARM_SHARE = 0.8
_NEAR_LIMIT_RAD = 0.02
_TILT_RAD = 0.2
_GYRO_RAD_S = 0.3


@dataclass(frozen=True)
class Heard:
    """What a robot told within a while.

    Attributes:
        observer: by which it was heard.
        settings: what it should be.
        rate_hz: intact states a second.
        bad_crc: states with a wrong CRC.
        not_newer: states that came twice, late or frozen.
    """

    observer: DdsObserver
    settings: DdsSettings
    rate_hz: float
    bad_crc: int
    not_newer: int


def check_network(settings: DdsSettings) -> list[Finding]:
    """The library; and every check of the robot."""
    try:
        version = load_dds().LIBRARY_VERSION
        observer = open_observer(settings)
    except HardwareError as error:
        return [judged("DDS", "fail", str(error), "see docs/dds.md")]
    library = judged(
        "DDS",
        "pass" if version.startswith("0.10.") else "fail",
        f"CycloneDDS {version}; the robot has 0.10",
        "install 0.10; another one may crash the robot's own programs",
    )
    heard = _listen(observer, settings)
    findings = [library, _peers(heard), _states(heard)]
    if heard.rate_hz == 0.0:
        return [*findings, skipped("robot", "nothing heard of it; its state is not known")]
    return [
        *findings,
        _revision(heard),
        _publishers(heard),
        _remote(heard),
        _battery(heard),
        _motor_faults(heard),
        _temperatures(heard),
        *_posture(heard),
    ]


def joint_lines(settings: DdsSettings) -> list[str]:
    """Each joint's position and range in rad; a line that says why where they are not told.

    Raises:
        HardwareError: no DDS module, or the network refuses.
    """
    observer = open_observer(settings)
    until_s = time.monotonic() + _HEARD_WITHIN_S
    while (sensors := observer.measured()) is None:
        if time.monotonic() > until_s:
            return [f"joints: not told: {observer.finding}"]
        time.sleep(0.01)
    table = g1.joint_table()
    rows = zip(table.names, sensors.joint_position, table.lower_rad, table.upper_rad, strict=True)
    return [f"{name:27} {q:7.3f} rad in {low:6.3f} .. {high:6.3f}" for name, q, low, high in rows]


def _listen(observer: DdsObserver, settings: DdsSettings) -> Heard:
    until_s = time.monotonic() + _HEARD_WITHIN_S
    while observer.states.received == 0 and time.monotonic() < until_s:
        time.sleep(0.01)
    before, begin_s = observer.states, time.monotonic()
    time.sleep(_LISTEN_S if before.received else 0.0)
    after, elapsed_s = observer.states, max(time.monotonic() - begin_s, 1e-9)
    bad_crc, not_newer = after.bad_crc - before.bad_crc, after.not_newer - before.not_newer
    intact = after.received - before.received - bad_crc - not_newer
    return Heard(observer, settings, intact / elapsed_s, bad_crc, not_newer)


def _peers(heard: Heard) -> Finding:
    peers = heard.observer.peers
    return judged(
        "DDS peers",
        "pass" if peers else "fail",
        f"{len(peers)} on domain {heard.settings.domain}: {'; '.join(peers[:4]) or 'nobody'}",
        "check --domain (robot 0, simulator 1), --interface, the cable; where multicast does not "
        "reach: --peer ADDRESS",
    )


def _states(heard: Heard) -> Finding:
    writers = heard.observer.state_writers
    good, least = _RATE_HZ
    fine: Verdict = "pass" if heard.rate_hz >= good and heard.bad_crc == 0 else "warn"
    verdict: Verdict = "fail" if heard.rate_hz < least or writers != 1 else fine
    return judged(
        "states",
        verdict,
        f"{heard.rate_hz:.0f} Hz from {writers} robot{'' if writers == 1 else 's'}, "
        f"{heard.bad_crc} with a wrong CRC, {heard.not_newer} not newer; 500 Hz of one is wanted",
        "two robots on a domain: separate them; few or damaged states: cable, switch, load",
    )


def _revision(heard: Heard) -> Finding:
    got, wanted = _health(heard).mode_machine, heard.settings.mode_machine
    return judged(
        "hardware revision",
        "pass" if got == wanted else "fail",
        f"mode_machine {got}, configured {wanted}",
        "this program has joint limits for mode_machine 5 (29 joints) only; do not drive others",
    )


def _publishers(heard: Heard) -> Finding:
    others = heard.observer.command_writers
    return judged(
        "second publishers",
        "fail" if others else "pass",
        f"{others} on rt/lowcmd, must be none",
        "end the other program; with the factory's own running: `exoactor robot mode`; a control "
        "process of ours counts too, a crashed one for 3 s",
    )


def _remote(heard: Heard) -> Finding:
    pressed = _health(heard).remote.is_abort
    return judged(
        "remote controller",
        "fail" if pressed else "pass",
        "L2+B is pressed: damping" if pressed else "no abort",
        "let go of L2+B",
    )


def _battery(heard: Heard) -> Finding:
    battery, least = heard.observer.battery, heard.settings.to_limits().battery_percent
    if battery.stamp_ns == 0:
        return judged("battery", "warn", "tells nothing", "is rt/lf/bmsstate published?")
    charge = battery.charge_percent
    enough: Verdict = "pass" if charge >= _CHARGE_PERCENT else "warn"
    return judged(
        "battery",
        "fail" if charge < least else enough,
        f"{charge} %; it is damped below {least} %",
        "charge it",
    )


def _motor_faults(heard: Heard) -> Finding:
    names = g1.joint_table().names
    faulty = [
        f"{name} {bits:#x}"
        for name, bits in zip(names, _health(heard).motor_fault, strict=True)
        if bits
    ]
    return judged(
        "motors",
        "fail" if faulty else "pass",
        f"{len(names)} motors, faults: {', '.join(faulty) or 'none'}",
        "switch the robot off and on; a fault that comes again is the manufacturer's",
    )


def _temperatures(heard: Heard) -> Finding:
    health, limits = _health(heard), heard.settings.to_limits()
    names = g1.joint_table().names
    told: list[str] = []
    verdict: Verdict = "pass"
    for what, values, limit in (
        ("winding", health.winding_temperature_c, limits.winding_temperature_c),
        ("surface", health.surface_temperature_c, limits.surface_temperature_c),
    ):
        hottest = int(np.argmax(values))
        told.append(f"{what} {values[hottest]} C at {names[hottest]}, bound {limit} C")
        if values[hottest] > limit:
            verdict = "fail"
        elif values[hottest] > _WARM_SHARE * limit and verdict == "pass":
            verdict = "warn"
    return judged("temperatures", verdict, "; ".join(told), "let it cool down")


def _posture(heard: Heard) -> list[Finding]:
    sensors = heard.observer.measured()
    if sensors is None:
        why = f"withheld: {heard.observer.finding}"
        return [skipped("joint positions", why), skipped("IMU", why)]
    return [_joints(sensors), _imu(sensors)]


def _joints(sensors: SensorState) -> Finding:
    table, position = g1.joint_table(), np.asarray(sensors.joint_position)
    room = np.minimum(position - table.lower_rad, table.upper_rad - position)
    least = int(np.argmin(room))
    near: Verdict = "pass" if room[least] > _NEAR_LIMIT_RAD else "warn"
    return judged(
        "joint positions",
        "fail" if room[least] < 0.0 else near,
        f"least room {room[least]:.3f} rad at {table.names[least]} ({position[least]:.3f} rad)",
        "beyond a limit: wrong calibration or revision; at a limit: move the limb by hand",
    )


def _imu(sensors: SensorState) -> Finding:
    w, x, y, z = sensors.quat_world_imu_wxyz
    norm = float(np.linalg.norm([w, x, y, z]))
    tilt = float(np.arccos(np.clip(1.0 - 2.0 * (x * x + y * y), -1.0, 1.0)))
    gyro = float(np.linalg.norm(sensors.gyro_in_imu))
    if abs(norm - 1.0) > 0.05 or gyro > _GYRO_RAD_S:
        told = f"quaternion's norm {norm:.3f}, gyro {gyro:.2f} rad/s, must be 1 and at rest"
        return judged("IMU", "fail", told, "hold the robot still; else the IMU is defective")
    return judged(
        "IMU",
        "pass" if tilt < _TILT_RAD else "warn",
        f"tilt {tilt:.2f} rad, gyro {gyro:.2f} rad/s",
        "let it hang or stand upright",
    )


def _health(heard: Heard) -> RobotHealth:
    health = heard.observer.health()
    assert health is not None, "states were heard"
    return health
