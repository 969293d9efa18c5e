"""Server-sent events out of blocks of bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from exoactor_rt.api import ProgressEvent, StateEvent

_DECODER = msgspec.json.Decoder(StateEvent | ProgressEvent)


def read_events(blocks: Iterable[bytes]) -> Iterator[StateEvent | ProgressEvent]:
    """The events in `blocks`, however those are cut; comments are left out."""
    rest = b""
    for block in blocks:
        *frames, rest = (rest + block).split(b"\n\n")
        for frame in frames:
            data = [line[6:] for line in frame.split(b"\n") if line.startswith(b"data: ")]
            if data:
                yield _DECODER.decode(b"\n".join(data))
