"""What a robot tells beside its states: torso IMU, hands, battery; heard, decoded, recorded."""

import time

import numpy as np
import pytest
from driver_process import DriverProcess
from log_rows import rows_of
from standing_robot import StandingRobot

from exoactor_rt.dds import connect
from exoactor_rt.recorder.schemas import SIDE_TOPICS

LEFT, RIGHT = 0, 1
QUAT = (0.8, 0.0, 0.6, 0.0)
POSITION = [0.1 * motor for motor in range(7)]


@pytest.fixture
def body(settings):
    with StandingRobot(settings) as body:
        yield body


def tell(body, times=50):
    for _ in range(times):
        body.link.publish_torso_imu(QUAT, (0.1, 0.2, 0.3), (1.0, 2.0, 9.5))
        body.link.publish_hand(LEFT, POSITION)
        body.link.publish_hand(RIGHT, POSITION[::-1])
        time.sleep(0.005)


def test_it_is_decoded(body, settings):
    robot = connect(settings)
    robot.take_side()
    tell(body)
    told = robot.take_side()
    imu, left, right, battery = (told[name] for name in SIDE_TOPICS)
    assert all(len(columns["now_ns"]) for columns in (imu, left, right, battery))
    assert imu["quat_world_imu_wxyz"][-1] == pytest.approx(QUAT)
    assert imu["gyro_in_imu"][-1] == pytest.approx([0.1, 0.2, 0.3])
    assert imu["accel_in_imu"][-1] == pytest.approx([1.0, 2.0, 9.5])
    assert left["position"][-1] == pytest.approx(POSITION)
    assert right["position"][-1] == pytest.approx(POSITION[::-1])
    assert left["motor_count"][-1] == 7
    assert battery["charge_percent"][-1] == 90
    assert battery["cell_voltage"].shape[1] == 40
    assert (np.diff(imu["now_ns"]) > 0).all()
    assert robot.counts.sent == 0


def test_a_robot_without_them_tells_nothing(body, settings):
    robot = connect(settings)
    time.sleep(0.2)
    told = robot.take_side()
    names = ("torso_imu", "left_hand", "right_hand")
    assert [len(told[name]["now_ns"]) for name in names] == [0, 0, 0]


@pytest.mark.slow
def test_it_is_in_controls_log(body, settings, tmp_path):
    path = tmp_path / "run.mcap"
    with DriverProcess(settings, tmp_path, "--log", str(path)) as driver:
        tell(body)
        driver.damper.terminate()
        assert driver.wait()[0] == 0
    tables = {name: rows_of(path, topic) for name, topic in SIDE_TOPICS.items()}
    assert tables["torso_imu"]["quat_world_imu_wxyz"][-1] == pytest.approx(QUAT)
    assert tables["left_hand"]["position"][-1] == pytest.approx(POSITION)
    assert tables["right_hand"]["position"][-1] == pytest.approx(POSITION[::-1])
    assert tables["battery"]["charge_percent"][-1] == 90
