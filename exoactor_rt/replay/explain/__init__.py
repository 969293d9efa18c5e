"""What happened around a stop or a fall, in plain words."""

from exoactor_rt.replay.explain.explanation import COLUMNS, Explanation, explain
from exoactor_rt.replay.explain.origin import Origin

__all__ = ["COLUMNS", "Explanation", "Origin", "explain"]
