"""The HTTP library's log, without what callers can fill it with."""

from __future__ import annotations

import logging

from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import RequestPayloadError

from exoactor_rt.service.metrics import Metrics


def http_log(metrics: Metrics) -> logging.Logger:
    """A logger for aiohttp: malformed requests are counted, ends of connections are not told."""
    log = logging.Logger("exoactor_rt.service.http")
    log.parent = logging.getLogger("exoactor_rt")

    def is_ours(record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if isinstance(error, HttpProcessingError | RequestPayloadError):
            metrics.malformed_requests += 1
        return not isinstance(error, HttpProcessingError | RequestPayloadError | ConnectionError)

    log.addFilter(is_ours)
    return log
