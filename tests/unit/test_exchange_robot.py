"""The exchange between the loop's thread and the simulation's."""

import numpy as np

from exoactor_rt import _core


def test_nothing_is_taken_before_the_first_command():
    assert _core.hal.ExchangeRobot().take() is None


def test_two_threads_never_see_a_torn_or_older_state():
    result = _core.hal.stress_exchange(300_000)
    assert result["reads"] > 100
    assert result["torn"] == 0
    assert result["backwards"] == 0


def test_mock_robot_is_a_robot():
    robot = _core.hal.MockRobot(np.zeros(29), np.zeros(29))
    assert isinstance(robot, _core.hal.RobotInterface)
