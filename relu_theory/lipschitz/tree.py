"""The dual-tree engine of the discrete modulus: whole blocks of pairs excluded by bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory._kernels import dmoc as kernel
from relu_theory.lipschitz.arrangement import arranged, boxes
from relu_theory.lipschitz.samples import Sample
from relu_theory.lipschitz.staircase import Staircase

__all__ = ["by_tree"]

Floats = NDArray[np.float64]


def by_tree(sample: Sample, stairs: Staircase, bar: Any, memory: int) -> None:
    """All pairs, except blocks whose largest jump is attained at no larger distance (rule F7).

    Points and values beyond `memory` bytes are sorted in files of a temporary directory.
    """
    with arranged(sample, memory) as tree:
        points, values = tree.points, tree.values
        _first_steps(points, values, sample.orders, stairs)
        ends = *boxes(points, tree), *boxes(values, tree)
        stack = np.zeros((64 * 64, 2), np.int64)
        top = 1
        while top:
            top = kernel.dual_tree(points, values, tree.spans, tree.left, *ends, sample.orders,
                                   stack, top, stairs.table, stairs.kept, stairs.indices,
                                   stairs.counts)
            stairs.settle()
        stairs.pairs = np.sort(tree.order[stairs.pairs], axis=0)
    bar.update(1)


def _first_steps(points: Floats, values: Floats, orders: Any, stairs: Staircase) -> None:
    """Pairs at distances 1, 2, 4, ... in the order of the tree: steps at all scales."""
    offset, count = 1, points.shape[1]
    while offset < count:
        done = 0
        while done < count - offset:
            done = kernel.scan_offsets(points, values, orders, offset, done, stairs.table,
                                       stairs.kept, stairs.indices, stairs.counts)
            stairs.settle()
        offset *= 2
