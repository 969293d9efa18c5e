"""Expansion of TFLite's block-sparse weights to dense arrays.

Source of the format: TFLite schema, table `SparsityParameters` (the TACO format of Kjolstad et al.,
"The Tensor Algebra Compiler", 2017: a tree of dense and compressed levels).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class DenseLevel:
    """A level of the storage tree whose every node has the same `size` children."""

    size: int


@dataclass(frozen=True)
class CompressedLevel:
    """A level stored as CSR: node i has the children `indices[segments[i]:segments[i + 1]]`."""

    segments: IntArray
    indices: IntArray


@dataclass(frozen=True)
class SparseFormat:
    """How the values of a sparse tensor are laid out.

    Attributes:
        traversal_order: order of the levels; entries >= the tensor's rank name block dimensions.
        block_map: for each block dimension, the tensor dimension it subdivides.
        levels: one a traversed dimension, outermost first.
    """

    traversal_order: tuple[int, ...]
    block_map: tuple[int, ...]
    levels: tuple[DenseLevel | CompressedLevel, ...]


def _leaf_paths(levels: tuple[DenseLevel | CompressedLevel, ...]) -> IntArray:
    """Coordinates of every stored value, one column a level: [values, levels]."""
    paths = np.zeros((1, 0), np.int64)
    for level in levels:
        if isinstance(level, DenseLevel):
            counts = np.full(len(paths), level.size)
            children = np.tile(np.arange(level.size), len(paths))
        else:
            counts = np.diff(level.segments)
            children = level.indices
            if len(counts) != len(paths):
                raise ValueError(f"{len(counts)} segments for {len(paths)} nodes")
        paths = np.concatenate([np.repeat(paths, counts, axis=0), children[:, None]], axis=1)
    return paths


def densify(
    values: npt.NDArray[np.generic], shape: tuple[int, ...], layout: SparseFormat
) -> npt.NDArray[np.generic]:
    """Puts the stored values of a sparse tensor into a dense array of `shape`.

    Raises:
        ValueError: The number of values does not fit the format.
    """
    rank = len(shape)
    paths = _leaf_paths(layout.levels)
    if len(paths) != values.size:
        raise ValueError(f"{values.size} values for {len(paths)} places")
    block_size = np.ones(rank, np.int64)
    for level_index, dimension in enumerate(layout.traversal_order):
        level = layout.levels[level_index]
        if dimension >= rank and isinstance(level, DenseLevel):
            block_size[layout.block_map[dimension - rank]] = level.size
    coordinates = np.zeros((len(paths), rank), np.int64)
    for column, dimension in enumerate(layout.traversal_order):
        if dimension < rank:
            coordinates[:, dimension] += paths[:, column] * block_size[dimension]
        else:
            coordinates[:, layout.block_map[dimension - rank]] += paths[:, column]
    dense = np.zeros(shape, values.dtype)
    dense[tuple(coordinates.T)] = values
    return dense
