"""A stand-in for a video server: both dialects over a folder of clips, with faults by option."""

from exoactor_rt.testserver.app import Call, VideoServer
from exoactor_rt.testserver.faults import DESCRIPTIONS, Fault, Faults, parse_faults
from exoactor_rt.testserver.serve import running, serve

__all__ = [
    "DESCRIPTIONS",
    "Call",
    "Fault",
    "Faults",
    "VideoServer",
    "parse_faults",
    "running",
    "serve",
]
