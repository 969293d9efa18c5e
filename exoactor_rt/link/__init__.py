"""The link between processes: a local socket to the control process, versioned and binary."""

from exoactor_rt.link.client import ControlLink, RefusedError
from exoactor_rt.link.messages import PROTOCOL_VERSION, ControlState, Event, Role, TaskKind
from exoactor_rt.link.server import ControlPort, LinkServer, LoadedFile
from exoactor_rt.link.socket_path import default_socket_path

__all__ = [
    "PROTOCOL_VERSION",
    "ControlLink",
    "ControlPort",
    "ControlState",
    "Event",
    "LinkServer",
    "LoadedFile",
    "RefusedError",
    "Role",
    "TaskKind",
    "default_socket_path",
]
