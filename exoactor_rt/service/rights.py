"""Who may do what: the peer's user and groups, as the kernel tells, against the configuration."""

from __future__ import annotations

import enum
import grp
import os
import pwd
import socket
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from exoactor_rt.errors import ConfigError
from exoactor_rt.service_config import AccessConfig

_CREDENTIALS = struct.Struct("3i")


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
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        _, uid, gid = _CREDENTIALS.unpack(raw)
        return Caller(uid, gid, self.right_of(uid, gid))

    def right_of(self, uid: int, gid: int) -> Right:
        """The highest right of a user; its supplementary groups count too."""
        if uid in self._own_uids:
            return Right.ADMIN
        groups = {gid, *_groups_of(uid)}
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


@lru_cache(maxsize=256)
def _groups_of(uid: int) -> Iterable[int]:
    try:
        user = pwd.getpwuid(uid)
    except KeyError:
        return ()
    return tuple(os.getgrouplist(user.pw_name, user.pw_gid))
