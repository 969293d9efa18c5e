"""Who may do what: the peer's user and groups, as the kernel tells, against the configuration."""

from __future__ import annotations

import contextlib
import enum
import grp
import os
import pwd
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from exoactor_rt.errors import ConfigError
from exoactor_rt.service_config import AccessConfig
from exoactor_rt.unix_socket import peer_of

_SO_PEERGROUPS = 59
_GROUPS_MAX_BYTES = 1024


class Right(enum.IntEnum):
    """What a caller may do; each includes those below it."""

    NONE = 0
    OBSERVE = 1
    SUBMIT = 2
    EXECUTE = 3
    ADMIN = 4


@dataclass(frozen=True)
class Caller:
    """The process at the other end of a connection, and what it may do."""

    uid: int
    gid: int
    right: Right


class AccessList:
    """The configured rights, with names resolved once."""

    def __init__(self, config: AccessConfig):
        """Resolves the names; raises ConfigError for one that this system does not know."""
        self._own_uids = {0, os.getuid()}
        self._rules = {
            right: [_Rule.parse(who) for who in getattr(config, right.name.lower())]
            for right in Right
            if right is not Right.NONE
        }

    def caller(self, connection: socket.socket) -> Caller:
        """Who made this connection; `connection` is a connected Unix socket."""
        peer = peer_of(connection)
        groups = {peer.gid, *_groups_of(connection, peer.uid)}
        return Caller(peer.uid, peer.gid, self.right_of(peer.uid, groups))

    def right_of(self, uid: int, groups: set[int]) -> Right:
        """The highest right of a user with these groups."""
        if uid in self._own_uids:
            return Right.ADMIN
        granted = (r for r, rules in self._rules.items() if any(x.fits(uid, groups) for x in rules))
        return max(granted, default=Right.NONE)


@dataclass(frozen=True)
class _Rule:
    uid: int | None = None
    gid: int | None = None
    anybody: bool = False

    @classmethod
    def parse(cls, who: str) -> _Rule:
        kind, _, name = who.partition(":")
        try:
            if kind == "user":
                return cls(uid=int(name) if name.isdigit() else pwd.getpwnam(name).pw_uid)
            if kind == "group":
                return cls(gid=int(name) if name.isdigit() else grp.getgrnam(name).gr_gid)
        except KeyError as error:
            raise ConfigError(f"service.access: this system has no {kind} {name!r}") from error
        return cls(anybody=True)

    def fits(self, uid: int, groups: set[int]) -> bool:
        return self.anybody or self.uid == uid or self.gid in groups


def _groups_of(connection: socket.socket, uid: int) -> Iterable[int]:
    """The peer's supplementary groups, or where they are too many the user's as configured."""
    with contextlib.suppress(OSError):
        raw = connection.getsockopt(socket.SOL_SOCKET, _SO_PEERGROUPS, _GROUPS_MAX_BYTES)
        return struct.unpack(f"{len(raw) // 4}I", raw)
    try:
        user = pwd.getpwuid(uid)
    except KeyError:
        return ()
    return tuple(os.getgrouplist(user.pw_name, user.pw_gid))
