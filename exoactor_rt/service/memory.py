"""Memory told to stay small under requests of every size, and not to be walked while one waits."""

from __future__ import annotations

import contextlib
import ctypes
import gc

_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_LARGE_BYTES = 32 * 1024
_FREE_AT_TOP_BYTES = 64 * 1024


def keep_memory_tight() -> None:
    """Large blocks come from the kernel and go back to it, at any time of the process's life.

    glibc raises its threshold for that with every large block that is freed; from then on large
    and small blocks lie among each other, and the heap grows by what nobody can use (mallopt(3)).
    """
    with contextlib.suppress(OSError, AttributeError):  # another C library
        libc = ctypes.CDLL(None)
        libc.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        libc.mallopt(_M_TRIM_THRESHOLD, _FREE_AT_TOP_BYTES)


def spare_what_stays() -> None:
    """From here on collections of garbage pass over all that there is: modules, types, routes.

    A whole collection walks every object, tens of milliseconds in which no request is answered.
    """
    gc.collect()
    gc.freeze()
