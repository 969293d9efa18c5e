"""Which build ran, and on what kind of machine: where both are equal, bits are."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from pathlib import Path

from exoactor_rt import _core

_LIBM_CHOOSES_BY = ("fma", "avx2", "fma4", "avx512f")
"""Instruction sets by which the C library chooses among its mathematical functions."""


@cache
def build_id() -> str:
    """The first 16 digits of the SHA-256 of the compiled module."""
    return hashlib.sha256(Path(_core.__file__).read_bytes()).hexdigest()[:16]


@cache
def machine_kind() -> str:
    """Architecture, C library, and what of the processor decides how that computes."""
    flags = _processor_flags()
    chosen = [flag for flag in _LIBM_CHOOSES_BY if flag in flags]
    return " ".join([platform.machine(), "-".join(platform.libc_ver()), *chosen])


def _processor_flags() -> set[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return set()
    for line in lines:
        name, _, flags = line.partition(":")
        if name.strip() in ("flags", "Features"):
            return set(flags.split())
    return set()
