"""Where the control process listens unless told otherwise."""

from __future__ import annotations

import os
from pathlib import Path

from exoactor_rt.errors import LinkError

_SYSTEM_FOLDER = Path("/run/exoactor")
_NAME = "control.sock"


def default_socket_path() -> Path:
    """In the system's folder where that exists or may be made, else in the user's own.

    Raises:
        LinkError: this user has no run-time folder.
    """
    if _SYSTEM_FOLDER.is_dir() or os.geteuid() == 0:
        return _SYSTEM_FOLDER / _NAME
    own = os.environ.get("XDG_RUNTIME_DIR")
    if not own:
        raise LinkError(f"link: neither {_SYSTEM_FOLDER} nor XDG_RUNTIME_DIR; name it by --socket")
    return Path(own) / "exoactor" / _NAME
