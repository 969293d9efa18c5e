"""Normal equations of a chain of frames: block-banded, with a dense border of a few globals."""

from __future__ import annotations

import numpy as np
from scipy.linalg import LinAlgError, solveh_banded

from exoactor_rt.types import FloatArray


class NormalEquations:
    """Gauss-Newton matrix and gradient of `frames` x `points` x 3 unknowns and some globals.

    Within a frame anything may couple; between neighbours one and two frames apart only the same
    coordinate of the same point does. In band form the half-width is six times the points, so that
    a Cholesky factorisation is linear in the frames.

    Attributes:
        within: [T, P, 3, P, 3] symmetric blocks.
        next_frame: [T - 1, P, 3] couplings of frame t with t + 1.
        second_frame: [T - 2, P, 3] couplings of frame t with t + 2.
        gradient: [T, P, 3].
        border: [T, P, 3, G] couplings with the globals.
        corner: [G, G].
        corner_gradient: [G].
    """

    def __init__(self, frames: int, points: int, global_count: int) -> None:
        self.within = np.zeros((frames, points, 3, points, 3))
        self.next_frame = np.zeros((frames - 1, points, 3))
        self.second_frame = np.zeros((max(frames - 2, 0), points, 3))
        self.gradient = np.zeros((frames, points, 3))
        self.border = np.zeros((frames, points, 3, global_count))
        self.corner = np.zeros((global_count, global_count))
        self.corner_gradient = np.zeros(global_count)

    def banded(self) -> FloatArray:
        """The frame part in upper band form `[6 P + 1, 3 P T]` of `scipy.linalg.solveh_banded`."""
        frames, points = self.gradient.shape[:2]
        size = 3 * points
        bands = 2 * size
        band = np.zeros((bands + 1, frames * size))
        blocks = self.within.reshape(frames, size, size)
        row, column = np.triu_indices(size)
        flat = np.arange(frames)[:, None] * size + column[None, :]
        band[(bands + row - column)[None, :], flat] = blocks[:, row, column]
        band[bands - size, size:] = self.next_frame.ravel()
        band[0, bands:] = self.second_frame.ravel()
        return band

    def solve(self, band: FloatArray, damping: float) -> tuple[FloatArray, FloatArray] | None:
        """The damped step that lowers the cost.

        Args:
            band: what `banded` returned.
            damping: Levenberg-Marquardt factor on the diagonal.

        Returns:
            Steps of the points [T, P, 3] and of the globals [G]; None where the matrix is not
            positive definite.
        """
        frames, points = self.gradient.shape[:2]
        unknowns, globals_ = frames * points * 3, len(self.corner)
        damped = band.copy()
        damped[-1] *= 1.0 + damping
        right = np.concatenate(
            [-self.gradient.reshape(unknowns, 1), self.border.reshape(unknowns, globals_)], axis=1
        )
        try:
            solved = solveh_banded(damped, right, overwrite_ab=True, check_finite=False)
        except LinAlgError:
            return None
        step, reach = solved[:, 0], solved[:, 1:]
        shift = np.zeros(globals_)
        if globals_:
            border = self.border.reshape(unknowns, globals_)
            corner = self.corner + damping * np.diag(np.diag(self.corner)) - border.T @ reach
            shift = np.linalg.solve(corner, -self.corner_gradient - border.T @ step)
            step = step - reach @ shift
        if not np.isfinite(step).all():
            return None
        return step.reshape(frames, points, 3), shift
