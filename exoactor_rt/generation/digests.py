"""SHA-256 of files, and the digests that servers announce (RFC 9530)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from pathlib import Path

_ITEM = re.compile(r"sha-256\s*=\s*:([A-Za-z0-9+/=]*):", re.IGNORECASE)
_BLOCK_BYTES = 1 << 20


def sha256_of(path: Path) -> str:
    """The file's SHA-256 in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def announced_sha256(header: str | None) -> str | None:
    """SHA-256 in a `Repr-Digest` or `Content-Digest` header; None if there is none."""
    found = _ITEM.search(header or "")
    if found is None:
        return None
    try:
        return base64.b64decode(found[1], validate=True).hex()
    except (binascii.Error, ValueError):
        return None
