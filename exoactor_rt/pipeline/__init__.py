"""The chain, composed once for the command line, the service and tests."""

from exoactor_rt.pipeline.chain import Planned, Source, plan_source, read_source, run_options
from exoactor_rt.pipeline.outputs import OutputFolder, require_writable_file
from exoactor_rt.pipeline.run import RunResult, run_chain

__all__ = [
    "OutputFolder",
    "Planned",
    "RunResult",
    "Source",
    "plan_source",
    "read_source",
    "require_writable_file",
    "run_chain",
    "run_options",
]
