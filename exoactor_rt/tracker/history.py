"""The frames of the past, laid out as a block asks."""

from __future__ import annotations

from collections import deque

import numpy as np

from exoactor_rt.tracker.bundle import HistoryBlock
from exoactor_rt.types import FloatArray


def lengths_of(block: HistoryBlock, terms: int) -> tuple[int, ...]:
    """Frames kept of each of the block's `terms` terms."""
    return (block.length,) * terms if isinstance(block.length, int) else block.length


class History:
    """A block's memory; `assemble` once a step."""

    def __init__(self, block: HistoryBlock, widths: tuple[int, ...]):
        """Starts empty.

        Args:
            block: the layout.
            widths: entries of each of the block's terms, in order.
        """
        self._block = block
        self._lengths = lengths_of(block, len(widths))
        self._longest = max(self._lengths)
        self._splits = np.cumsum(widths)[:-1]
        self._width = sum(widths)
        self._frames: deque[FloatArray] = deque(maxlen=self._longest)

    def reset(self) -> None:
        """Forgets all frames."""
        self._frames.clear()

    def assemble(self, frame: FloatArray) -> FloatArray:
        """The block's part of the observation at this frame [sum of widths], which it then keeps.

        Frames before the first are zeros, or the first frame.
        """
        if not self._frames:
            past = np.zeros(self._width) if self._block.fill == "zeros" else frame
            self._frames.extend([past] * self._longest)
        if self._block.includes_current:
            self._frames.append(frame)
        laid_out = self._lay_out()
        if not self._block.includes_current:
            self._frames.append(frame)
        return laid_out

    def _lay_out(self) -> FloatArray:
        frames = np.stack(self._frames)
        step = 1 if self._block.order == "oldest_first" else -1
        if self._block.layout == "frame_major":
            return frames[::step].ravel()
        columns = np.split(frames, self._splits, axis=1)
        return np.concatenate(
            [
                column[-length:][::step].ravel()
                for column, length in zip(columns, self._lengths, strict=True)
            ]
        )
