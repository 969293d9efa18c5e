"""Bytes in a memory file that nobody can change any more, passed by descriptor."""

from __future__ import annotations

import fcntl
import hashlib
import os

from exoactor_rt.errors import LinkError

_SEALS = fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE


def seal(name: str, content: bytes) -> int:
    """A descriptor of a new sealed memory file; the caller closes it."""
    descriptor = os.memfd_create(name, os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        with open(descriptor, "wb", closefd=False) as file:
            file.write(content)
        fcntl.fcntl(descriptor, fcntl.F_ADD_SEALS, _SEALS)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def unseal(descriptor: int, size: int, sha256: str) -> bytes:
    """The content of a sealed memory file, after checking that it is what was announced.

    Raises:
        LinkError: it is no memory file, not sealed, of another size or another hash.
    """
    try:
        seals = fcntl.fcntl(descriptor, fcntl.F_GET_SEALS)
    except OSError as error:
        raise LinkError("link: descriptor is no memory file; refused") from error
    if seals & _SEALS != _SEALS:
        raise LinkError("link: memory file is not sealed against changes; refused")
    found = os.fstat(descriptor).st_size
    if found != size:
        raise LinkError(f"link: memory file of {found} bytes, announced {size}; refused")
    content = os.pread(descriptor, size, 0)
    digest = hashlib.sha256(content).hexdigest()
    if digest != sha256:
        raise LinkError(f"link: content's sha256 {digest}, announced {sha256}; refused")
    return content
