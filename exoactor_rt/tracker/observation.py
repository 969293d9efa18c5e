"""The observation vector: terms made a frame, frames made an input."""

from __future__ import annotations

import numpy as np

from exoactor_rt.tracker.bundle import CurrentBlock, HistoryBlock, PolicyBundle, Term
from exoactor_rt.tracker.history import History
from exoactor_rt.tracker.terms import TERMS, Situation
from exoactor_rt.types import FloatArray


class ObservationBuilder:
    """Builds the network's input step by step; it remembers the histories."""

    def __init__(self, bundle: PolicyBundle):
        """For a bundle that passed `check_bundle`."""
        self._terms = bundle.terms
        self._parts: list[tuple[tuple[int, ...], History | None]] = []
        for block in bundle.blocks:
            chosen = chosen_terms(block, bundle.terms)
            widths = tuple(bundle.terms[index].width for index in chosen)
            history = History(block, widths) if isinstance(block, HistoryBlock) else None
            self._parts.append((chosen, history))

    def reset(self) -> None:
        """Forgets the histories."""
        for _, history in self._parts:
            if history is not None:
                history.reset()

    def build(self, situation: Situation) -> FloatArray:
        """[observation_width], and the frame goes into the histories."""
        values = [evaluate(term, situation) for term in self._terms]
        parts: list[FloatArray] = []
        for chosen, history in self._parts:
            frame = np.concatenate([values[index] for index in chosen])
            parts.append(frame if history is None else history.assemble(frame))
        return np.concatenate(parts)


def chosen_terms(block: CurrentBlock | HistoryBlock, terms: tuple[Term, ...]) -> tuple[int, ...]:
    """Indices of the block's terms; raises ValueError for a term that is not there."""
    names = [term.name for term in terms]
    return tuple(names.index(name) for name in block.terms or names)


def evaluate(term: Term, situation: Situation) -> FloatArray:
    """One term, zeroed, clipped and scaled: [width]."""
    values = np.array(TERMS[term.name].compute(situation), dtype=float).ravel()
    values[list(term.zeroed)] = 0.0
    if term.clip is not None:
        values = np.clip(values, *term.clip)
    return np.asarray(values * np.asarray(term.scale))
