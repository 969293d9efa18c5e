"""The DDS module, built only where CycloneDDS is found, imported when it is first needed."""

from __future__ import annotations

import importlib
from typing import Any

from exoactor_rt.errors import HardwareError


def load_dds() -> Any:
    """The module `exoactor_rt._dds`.

    Raises:
        HardwareError: it was not built, or its libraries are missing.
    """
    try:
        return importlib.import_module("exoactor_rt._dds")
    except ImportError as error:
        raise HardwareError(
            f"dds: not usable ({error}); no robot on the network; "
            "apt-get install cyclonedds-dev cyclonedds-tools (0.10), then install exoactor_rt anew"
        ) from error
