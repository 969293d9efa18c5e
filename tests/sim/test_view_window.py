"""The window on the simulated robot."""

import shutil
import subprocess
import sys

import pytest

from exoactor_rt.errors import HardwareError
from exoactor_rt.robots import g1
from exoactor_rt.sim.mujoco_robot import MujocoRobot
from exoactor_rt.sim.view_window import ViewWindow

_SHOW = """
import time
from exoactor_rt.robots import g1
from exoactor_rt.sim.mujoco_robot import MujocoRobot
from exoactor_rt.sim.view_window import ViewWindow
robot = MujocoRobot(g1.standing_position())
window = ViewWindow(robot.model, robot.data)
for _ in range(5):
    robot.step()
    window.draw()
    time.sleep(0.05)
window.close()
print("shown")
"""


@pytest.fixture
def robot():
    return MujocoRobot(g1.standing_position())


def test_without_a_display_it_says_so(robot, monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(HardwareError, match=r"no display.*run without --view"):
        ViewWindow(robot.model, robot.data)


def test_a_display_that_opens_no_window_is_refused(robot, monkeypatch):
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("DISPLAY", ":987")
    with pytest.raises(HardwareError, match=r"does not open a window.*run without --view"):
        ViewWindow(robot.model, robot.data)


@pytest.mark.slow
def test_on_a_display_it_draws():
    if not shutil.which("xvfb-run"):
        pytest.skip("no xvfb-run (apt-get install xvfb libgl1-mesa-dri)")
    done = subprocess.run(
        ["xvfb-run", "-a", sys.executable, "-c", _SHOW],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout == "shown\n", done.stderr
