"""The interface against its description: thousands of requests made of the OpenAPI document."""

import itertools
from collections import Counter
from contextlib import suppress

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from requests.adapters import HTTPAdapter
from schemathesis.specs.openapi.checks import positive_data_acceptance
from service_rig import WITHIN_S, Rig
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from exoactor_rt.api import TaskState

CASES = 2000
KNOWN = st.sampled_from(["", "done", "ready"])
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
LEFT_OUT = [positive_data_acceptance]
"""What a schema cannot say: an upload begins with a known signature, a task names an upload."""


class _UnixConnection(HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=WITHIN_S)
        self._path = path

    def _new_conn(self):
        return self._path()


class _UnixPool(HTTPConnectionPool):
    def __init__(self, path):
        super().__init__("localhost")
        self._path = path

    def _new_conn(self):
        return _UnixConnection(self._path)


class _UnixAdapter(HTTPAdapter):
    """Sends every request over the socket that `connect` opens."""

    def __init__(self, connect):
        super().__init__()
        self._pool = _UnixPool(connect)

    def get_connection_with_tls_context(self, *_, **__):
        return self._pool


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A service with a robot and tasks in several states: rig, their ids, a session."""
    rig = Rig(tmp_path_factory.mktemp("served"), queue_max=1000, queue_user_max=1000)
    with rig.control() as control, rig.serving():
        control.plan_s = 0.02
        rig.wait_for_robot("hold")
        done = rig.client.submit("wave", execute=True).id
        rig.wait_for(done, TaskState.DONE)
        ready = [rig.client.submit("wave").id for _ in range(3)]
        for task in ready:
            rig.wait_for(task, TaskState.READY)
        picture = rig.ask("POST", "/v1/uploads", PNG)[2]["sha256"]
        session = requests.Session()
        session.mount("http://", _UnixAdapter(rig.raw))
        yield rig, {"done": done, "ready": ready[0], "picture": picture}, session


def operations(rig):
    """Every operation of the document that the service itself hands out."""
    schema = schemathesis.openapi.from_dict(rig.ask("GET", "/v1/openapi.json")[2])
    return [found.ok() for found in schema.get_all_operations()]


def with_known_names(case, names, known):
    """The same request, now and then about something that is there."""
    if known and "task" in (case.path_parameters or {}):
        # An unfinished task's events do not end.
        case.path_parameters["task"] = names["done" if case.path.endswith("events") else known]
        if "name" in case.path_parameters:
            case.path_parameters["name"] = "plan.npz"
    if known and isinstance(case.body, dict) and isinstance(case.body.get("scene"), str):
        case.body["scene"] = names["picture"]
    return case


def send_cases(served, cases):
    """Sends at least so many requests, the half of them wrong on purpose; status -> count.

    The first answer that is not as described is shrunk and raised.
    """
    rig, names, session = served
    statuses = Counter()

    def send(case, known):
        case = with_known_names(case, names, known)
        answer = case.call(session=session, base_url="http://localhost", timeout=WITHIN_S)
        statuses[answer.status_code] += 1
        case.validate_response(answer, excluded_checks=LEFT_OUT)

    bounds = settings(
        max_examples=cases // 10,  # those without parameters have but one case
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    for operation, mode in itertools.product(operations(rig), schemathesis.GenerationMode):
        given_cases = given(case=operation.as_strategy(mode), known=KNOWN)
        with suppress(Unsatisfiable):  # where nothing is taken nothing is wrong
            bounds(given_cases(lambda **made: send(**made)))()  # noqa: PLW0108, each its own
    return statuses


def test_answers_are_as_described(served):
    assert send_cases(served, 200)[200]


@pytest.mark.slow
def test_two_thousand_answers_are_as_described(served):
    statuses = send_cases(served, CASES)
    assert statuses.total() >= CASES, statuses
    assert not any(status >= 500 and status != 503 for status in statuses), statuses
