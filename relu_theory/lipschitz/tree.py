"""The dual-tree engine of the discrete modulus: whole blocks of pairs excluded by bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory._kernels import dmoc as kernel
from relu_theory.lipschitz.samples import Sample
from relu_theory.lipschitz.staircase import Staircase

__all__ = ["by_tree"]

Floats = NDArray[np.float64]
_LEAF = 64


@dataclass
class _Tree:
    """A binary tree of boxes; the children of a node are neighbours in the list."""

    order: NDArray[np.int64]
    spans: NDArray[np.int64]
    left: NDArray[np.int64]


def by_tree(sample: Sample, stairs: Staircase, bar: Any) -> None:
    """All pairs, except blocks whose largest jump is attained at no larger distance (rule F7)."""
    points = sample.points(0, sample.count)
    tree = _build(points)
    points = np.ascontiguousarray(points[:, tree.order])
    values = np.ascontiguousarray(sample.values(0, sample.count)[:, tree.order])
    _first_steps(points, values, sample.orders, stairs)
    low, high = _boxes(points, tree)
    value_low, value_high = _boxes(values, tree)
    stack = np.zeros((64 * 64, 2), np.int64)
    top = 1
    while top:
        top = kernel.dual_tree(points, values, tree.spans, tree.left, low, high, value_low,
                               value_high, sample.orders, stack, top, stairs.table, stairs.kept,
                               stairs.indices, stairs.counts)
        stairs.settle()
    bar.update(1)
    stairs.pairs = np.sort(tree.order[stairs.pairs], axis=0)


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


def _build(points: Floats) -> _Tree:
    """Split at the median of the widest coordinate until few points are left."""
    count = points.shape[1]
    order = np.arange(count)
    spans, left, at = [(0, count)], [-1], 0
    while at < len(spans):
        a, b = spans[at]
        if b - a > _LEAF:
            part = points[:, order[a:b]]
            axis = int((part.max(axis=1) - part.min(axis=1)).argmax())
            half = (b - a) // 2
            order[a:b] = order[a:b][np.argpartition(part[axis], half)]
            left[at] = len(spans)
            spans += [(a, a + half), (a + half, b)]
            left += [-1, -1]
        at += 1
    return _Tree(order, np.array(spans, np.int64), np.array(left, np.int64))


def _boxes(columns: Floats, tree: _Tree) -> tuple[Floats, Floats]:
    """The bounding box of each node, (nodes, d): leaves first, then upwards."""
    nodes = len(tree.spans)
    low, high = np.empty((nodes, len(columns))), np.empty((nodes, len(columns)))
    for k in range(nodes - 1, -1, -1):
        child = tree.left[k]
        if child < 0:
            part = columns[:, tree.spans[k, 0] : tree.spans[k, 1]]
            low[k], high[k] = part.min(axis=1), part.max(axis=1)
        else:
            low[k] = np.minimum(low[child], low[child + 1])
            high[k] = np.maximum(high[child], high[child + 1])
    return low, high
