"""Configuration of the service: the section `[service]` of `config.Config`."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

_PATH = Meta(max_length=4096)
_SOCKET = Meta(max_length=107)
_WHO = Annotated[str, Meta(pattern=r"^(user|group):[A-Za-z0-9_][A-Za-z0-9_.-]*$|^anybody$")]


class AccessConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Who may do what, by `user:NAME`, `group:NAME` (numbers too) or `anybody`.

    Root and the service's own user may do everything. A right includes those before it.

    Attributes:
        observe: see tasks and the robot.
        submit: add tasks up to the rehearsed plan, and cancel their own; stop and damp.
        execute: let plans onto the robot, arm it, reset it.
        admin: cancel the tasks of others.
    """

    observe: tuple[_WHO, ...] = ()
    submit: tuple[_WHO, ...] = ()
    execute: tuple[_WHO, ...] = ()
    admin: tuple[_WHO, ...] = ()


class ServiceConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The service: where it listens and keeps things, and its bounds.

    Attributes:
        socket: its Unix socket, unless systemd hands one over.
        socket_mode: permissions of that socket, octal.
        control_socket: of the control process; empty for that one's default.
        data: folder of tasks, uploads and artifacts.
        access: who may do what.
        queue_max: tasks that have not ended, at most.
        queue_user_max: the same, of one user.
        least_free_bytes: of the disk; no upload or task is taken below it.
        connections_max: at once.
        upload_max_bytes: of one picture or clip.
        upload_user_max_bytes: of all pictures and clips that one user has stored.
        header_timeout_s: for a whole request head.
        body_timeout_s: between two pieces of a request's body.
        write_timeout_s: for which a caller may leave an answer unread.
        keep_tasks: how many ended tasks are kept with their files.
    """

    socket: Annotated[str, _SOCKET] = "/run/exoactor/service.sock"
    socket_mode: Annotated[str, Meta(pattern="^0[0-7]{3}$")] = "0660"
    control_socket: Annotated[str, _SOCKET] = ""
    data: Annotated[str, _PATH] = "/var/lib/exoactor"
    access: AccessConfig = AccessConfig()
    queue_max: Annotated[int, Meta(ge=1, le=1000)] = 16
    queue_user_max: Annotated[int, Meta(ge=1, le=1000)] = 12
    least_free_bytes: Annotated[int, Meta(ge=0, le=1 << 50)] = 1 << 30
    connections_max: Annotated[int, Meta(ge=4, le=1000)] = 64
    upload_max_bytes: Annotated[int, Meta(ge=1024, le=1 << 32)] = 128 << 20
    upload_user_max_bytes: Annotated[int, Meta(ge=1024, le=1 << 50)] = 1 << 30
    header_timeout_s: Annotated[float, Meta(gt=0.0, le=120.0)] = 5.0
    body_timeout_s: Annotated[float, Meta(gt=0.0, le=120.0)] = 10.0
    write_timeout_s: Annotated[float, Meta(gt=0.0, le=120.0)] = 20.0
    keep_tasks: Annotated[int, Meta(ge=1, le=100000)] = 200
