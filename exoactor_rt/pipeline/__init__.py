"""The chain, composed once for the command line, the service and tests."""

from exoactor_rt.pipeline.chain import Planned, Source, plan_source, read_source, run_options
from exoactor_rt.pipeline.run import RunResult, run_chain

__all__ = [
    "Planned",
    "RunResult",
    "Source",
    "plan_source",
    "read_source",
    "run_chain",
    "run_options",
]
