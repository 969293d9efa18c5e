"""JSON whose bytes depend on what it says only."""

from __future__ import annotations

import json
import math
from typing import Any

DECIMALS = 6


def canonical_json(document: Any) -> str:
    """Keys sorted, six decimals; what is not finite is null."""
    return json.dumps(_rounded(document), indent=1, sort_keys=True, allow_nan=False) + "\n"


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, DECIMALS) + 0.0 if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return value
