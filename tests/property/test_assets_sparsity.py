"""Sparse weights: packing any matrix by TFLite's scheme and expanding it gives it back."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from exoactor_rt.assets.tflite_to_onnx.sparsity import (
    CompressedLevel,
    DenseLevel,
    SparseFormat,
    densify,
)


def compress(present):
    """CSR of a boolean matrix [rows, columns]."""
    segments = np.concatenate([[0], np.cumsum(present.sum(axis=1))])
    return CompressedLevel(segments.astype(np.int64), np.nonzero(present)[1].astype(np.int64))


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1))
def test_csr_matrix(rows, columns, seed):
    rng = np.random.default_rng(seed)
    dense = rng.normal(size=(rows, columns)) * (rng.random((rows, columns)) < 0.4)
    present = dense != 0
    layout = SparseFormat((0, 1), (), (DenseLevel(rows), compress(present)))
    np.testing.assert_array_equal(densify(dense[present], dense.shape, layout), dense)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_blocked_matrix(rows, blocks, block, seed):
    rng = np.random.default_rng(seed)
    present = rng.random((rows, blocks)) < 0.5
    dense = rng.normal(size=(rows, blocks, block)) * present[..., None]
    layout = SparseFormat((0, 1, 2), (1,), (DenseLevel(rows), compress(present), DenseLevel(block)))
    shape = (rows, blocks * block)
    np.testing.assert_array_equal(
        densify(dense[present].ravel(), shape, layout), dense.reshape(shape)
    )
