"""What the service costs: memory and computing time, which do not depend on other users."""

import time

import pytest
from served_process import served_process

pytestmark = pytest.mark.slow
TARGETS = ("/v1/health", "/v1/robot", "/v1/tasks?limit=20", "/metrics")


def test_idle_it_takes_next_to_nothing(tmp_path):
    with served_process(tmp_path) as served, served.rig.control() as control:
        control.tells_every_s = 0.05  # as the real one
        served.rig.wait_for_robot("hold")
        before_s = served.cpu_s
        time.sleep(20.0)
        assert served.cpu_s - before_s <= 0.01 * 20.0
        assert served.resident_bytes <= 60e6


def test_a_request_takes_less_than_the_time_allowed_for_its_answer(tmp_path):
    with served_process(tmp_path, "hold") as served:
        for _ in range(10):
            served.rig.client.submit("wave")
        before_s = served.cpu_s
        for number in range(1000):
            assert served.rig.ask("GET", TARGETS[number % len(TARGETS)])[0] == 200
        assert (served.cpu_s - before_s) / 1000 < 2e-3


def test_from_a_submission_to_its_first_event_little_is_computed(tmp_path):
    with served_process(tmp_path, "hold") as served:
        before_s = served.cpu_s
        for _ in range(20):
            task = served.rig.client.submit("wave").id
            assert next(served.rig.client.events(task)).state == "queued"
            served.rig.client.cancel(task)
        assert (served.cpu_s - before_s) / 20 < 0.05
