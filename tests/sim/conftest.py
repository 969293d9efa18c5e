"""Lock-step simulation of estimator and controller."""

import pytest

from exoactor_rt import _core
from exoactor_rt.robots import g1


@pytest.fixture(scope="session")
def robot_model():
    return _core.model.RobotModel(str(g1.model_path()))
