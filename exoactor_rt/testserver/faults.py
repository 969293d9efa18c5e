"""What the test server can do wrong, each as real servers and networks do it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from exoactor_rt.errors import ConfigError


class Fault(Enum):
    """A misbehaviour; its value is its name on the command line."""

    UNAUTHORIZED = "unauthorized"
    FORBIDDEN = "forbidden"
    RATE_LIMIT = "rate-limit"
    SERVER_ERROR = "server-error"
    UNAVAILABLE = "unavailable"
    SLOW_ANSWER = "slow-answer"
    NO_JSON = "no-json"
    UNPROCESSABLE = "unprocessable"
    SUBMIT_RESET = "submit-reset"
    STUCK = "stuck"
    JOB_FAILED = "job-failed"
    JOB_LOST = "job-lost"
    UNKNOWN_STATUS = "unknown-status"
    CANCEL_BUSY = "cancel-busy"
    NOT_READY = "not-ready"
    CONTENT_FAILED = "content-failed"
    PARTIAL_FILE = "partial-file"
    RESET = "reset"
    WRONG_LENGTH = "wrong-length"
    WRONG_DIGEST = "wrong-digest"
    CHANGING_FILE = "changing-file"
    DRIP = "drip"
    REDIRECT = "redirect"
    HUGE = "huge"
    WRONG_FPS = "wrong-fps"


DESCRIPTIONS = {
    Fault.UNAUTHORIZED: "every request is answered 401",
    Fault.FORBIDDEN: "every request is answered 403",
    Fault.RATE_LIMIT: "every request is answered 429 with Retry-After: 1",
    Fault.SERVER_ERROR: "every request is answered 500",
    Fault.UNAVAILABLE: "every request is answered 503",
    Fault.SLOW_ANSWER: "every answer takes an hour",
    Fault.NO_JSON: "job documents are HTML, as of a proxy",
    Fault.UNPROCESSABLE: "a job is refused with 422",
    Fault.SUBMIT_RESET: "the connection breaks after a job was made",
    Fault.STUCK: "jobs stay queued",
    Fault.JOB_FAILED: "jobs fail; vllm_omni tells it with an error status and the job's document",
    Fault.JOB_LOST: "jobs are unknown when asked for, as after a restart",
    Fault.UNKNOWN_STATUS: "jobs have a status that nobody knows",
    Fault.CANCEL_BUSY: "DELETE is answered 409",
    Fault.NOT_READY: "the clip of a completed job is answered 404",
    Fault.CONTENT_FAILED: "the clip of a completed job is answered 422",
    Fault.PARTIAL_FILE: "half of the file is sent as if it were the whole",
    Fault.RESET: "the connection breaks in the middle of the clip",
    Fault.WRONG_LENGTH: "the header promises more bytes than come",
    Fault.WRONG_DIGEST: "the digest in the header is another file's",
    Fault.CHANGING_FILE: "the file's ETag and last byte change with every request",
    Fault.DRIP: "the clip comes a byte a tenth of a second",
    Fault.REDIRECT: "the clip is redirected to another host name of this server",
    Fault.HUGE: "the clip never ends",
    Fault.WRONG_FPS: "the clip plays half as fast again as it says",
}


class Faults:
    """The faults of one server, each for ever or for a number of times."""

    def __init__(self, left: dict[Fault, int | None] | None = None) -> None:
        self._left = dict(left or {})

    def strikes(self, fault: Fault) -> bool:
        """Whether it happens this time; counts."""
        if fault not in self._left:
            return False
        left = self._left[fault]
        if left is None:
            return True
        if left <= 0:
            return False
        self._left[fault] = left - 1
        return True


def parse_faults(texts: Iterable[str]) -> Faults:
    """Faults from `NAME` or `NAME:TIMES`.

    Raises:
        ConfigError: no such fault, or not a number of times.
    """
    faults: dict[Fault, int | None] = {}
    for text in texts:
        name, _, times = text.partition(":")
        if name not in {fault.value for fault in Fault}:
            known = ", ".join(fault.value for fault in Fault)
            raise ConfigError(f"fault {name!r}: unknown; known: {known}")
        if times and not times.isdigit():
            raise ConfigError(f"fault {text!r}: {times!r} is no number of times")
        faults[Fault(name)] = int(times) if times else None
    return Faults(faults)
