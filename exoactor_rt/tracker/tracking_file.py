"""A tracking as one file: the reference to be followed, and what was rehearsed on it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from exoactor_rt.durable_file import write_durably
from exoactor_rt.errors import PolicyError, RetargetError
from exoactor_rt.npz_file import MAX_BYTES, read_npz
from exoactor_rt.retarget.reference_file import reference_fields, reference_from
from exoactor_rt.tracker.bundle import bundle_sha256
from exoactor_rt.tracker.learned_correction import LearnedCorrection
from exoactor_rt.tracker.policy import Policy
from exoactor_rt.tracker.tracking import Tracking, prepare_tracking
from exoactor_rt.types import Reference

LONGEST_S = 120.0
_HASH_SHOWN = 12
_CORRECTION = "learned_joint_offset"


def save_tracking(
    reference: Reference,
    policy: Policy,
    path: Path,
    correction: LearnedCorrection | None = None,
) -> Path:
    """Writes the reference with the policy's name and hash; nothing is left half-written.

    Args:
        reference: what is to be followed.
        policy: that follows it.
        path: of the file.
        correction: that was rehearsed, kept beside the reference.

    Raises:
        PolicyError: the file cannot be written.
    """
    content = io.BytesIO()
    bundle = policy.bundle
    fields = reference_fields(reference)
    if correction is not None:
        fields[_CORRECTION] = correction.joint_offset
    np.savez_compressed(content, policy=bundle.name, policy_sha256=bundle_sha256(bundle), **fields)
    try:
        write_durably(path, content.getvalue())
    except OSError as error:
        raise PolicyError(f"tracking {path}: {error.strerror}; not written") from error
    return path


def is_tracking(path: Path) -> bool:
    """Whether the file is an archive that names a policy; raises PolicyError where unreadable."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "policy_sha256.npy" in archive.namelist()
    except zipfile.BadZipFile:
        return False
    except OSError as error:
        raise PolicyError(f"{path}: {error.strerror}; not read") from error


def parse_tracking(
    content: bytes, name: str, policy: Policy | None, max_bytes: int = MAX_BYTES
) -> Tracking:
    """What `save_tracking` wrote, about to be followed by the policy that it names.

    Args:
        content: of the file.
        name: for messages.
        policy: that is installed here, its self-test passed; None where there is none.
        max_bytes: bound on what the content unpacks to.

    Raises:
        PolicyError: the content is no such file, longer than LONGEST_S, cannot be tracked, or was
            rehearsed with another policy.
    """
    try:
        data = read_npz(io.BytesIO(content), max_bytes)
        wanted, sha256 = str(data["policy"]), str(data["policy_sha256"])
        reference = reference_from(data, name)
        correction = _correction_in(data)
    except KeyError as error:
        raise PolicyError(f"tracking {name}: field {error} is missing; not read") from error
    except (OSError, ValueError, RetargetError) as error:
        raise PolicyError(f"tracking {name}: {error}; not read") from error
    told = f"tracking {name}: rehearsed with policy {wanted[:64]!r} {sha256[:_HASH_SHOWN]}"
    if policy is None:
        raise PolicyError(f"{told}, no policy is loaded here; refused")
    here = bundle_sha256(policy.bundle)
    if (policy.bundle.name, here) != (wanted, sha256):
        loaded = f"{policy.bundle.name!r} {here[:_HASH_SHOWN]}"
        raise PolicyError(f"{told}, loaded here is {loaded}; refused")
    duration_s = len(reference.joint_position) / reference.rate_hz
    if duration_s > LONGEST_S:
        raise PolicyError(f"tracking {name}: {duration_s:.1f} s > {LONGEST_S:g} s; refused")
    return prepare_tracking(policy, reference, correction)


def _correction_in(data: Mapping[str, Any]) -> LearnedCorrection | None:
    if _CORRECTION not in data:
        return None
    return LearnedCorrection(data[_CORRECTION].astype(np.float64))
