"""Writes docs/openapi.json from the running service: `python tools/openapi.py [--check]`."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

import msgspec

from exoactor_rt.client.connection import ask
from exoactor_rt.config import Config
from exoactor_rt.service.serve import running

TARGET = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"


async def described() -> str:
    """The document as the service serves it."""
    with tempfile.TemporaryDirectory() as folder:
        places = {name: f"{folder}/{name}" for name in ("socket", "control_socket", "data")}
        config = msgspec.convert({"service": places}, Config)
        async with running(config) as service:
            path = service.path
            body = await asyncio.to_thread(lambda: b"".join(ask(path, "GET", "/v1/openapi.json")))
    return json.dumps(json.loads(body), indent=1) + "\n"


def main() -> int:
    """Writes, or compares and exits 1 on a difference."""
    text = asyncio.run(described())
    if "--check" in sys.argv[1:]:
        if TARGET.read_text(encoding="utf-8") == text:
            return 0
        print(f"{TARGET.name} is not what the service serves: run `make openapi`", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
