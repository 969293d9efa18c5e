"""Bearer tokens: from a file that nobody else can read or a systemd credential; never shown."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from exoactor_rt.errors import ConfigError
from exoactor_rt.generation_config import ServerConfig

_MAX_BYTES = 4096


class Token:
    """A bearer token that no log, error or debugger's `repr` shows."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def __repr__(self) -> str:
        return "Token(***)"

    def header(self) -> str:
        """Value of the `Authorization` header."""
        return f"Bearer {self._value}"

    def redacted(self, content: bytes) -> bytes:
        """`content` without the token, should a server have sent it back."""
        return content.replace(self._value.encode("ascii"), b"***")


def read_token(config: ServerConfig) -> Token | None:
    """The token that a server's configuration names; None if it names none.

    Raises:
        ConfigError: it cannot be read, others could read it, or it is no token. The message names
            the file, never what it holds.
    """
    if config.token_file and config.credential:
        raise ConfigError(f"{config.url}: token_file and credential are both given; one is allowed")
    if config.token_file:
        return _read(Path(config.token_file), private=True)
    if not config.credential:
        return None
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    if not folder:
        raise ConfigError(
            f"credential {config.credential}: $CREDENTIALS_DIRECTORY is not set; "
            "systemd sets it for a unit with LoadCredential="
        )
    return _read(Path(folder) / config.credential, private=False)


def _read(path: Path, *, private: bool) -> Token:
    """A token file; `private` demands what systemd does for its own folder by itself."""
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"token file {path}: cannot be read: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise ConfigError(f"token file {path}: not a regular file")
    if private and status.st_uid not in (0, os.geteuid()):
        raise ConfigError(f"token file {path}: owned by user {status.st_uid}, must be root or ours")
    if private and status.st_mode & 0o077:
        mode = stat.S_IMODE(status.st_mode)
        raise ConfigError(f"token file {path}: mode {mode:04o} lets others read it, must be 0600")
    value = content.strip()
    if not value or len(value) > _MAX_BYTES or not all(0x21 <= byte <= 0x7E for byte in value):
        raise ConfigError(
            f"token file {path}: must hold one token of 1 to {_MAX_BYTES} printable characters"
        )
    return Token(value.decode("ascii"))
