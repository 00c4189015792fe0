"""A binary tree over the points of a sample, in memory or in files when they do not fit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.lipschitz.samples import Sample

__all__ = ["Arrangement", "arranged", "boxes"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_LEAF, _TILE, _LOOKED_AT = 64, 1 << 14, 1 << 14


@dataclass
class Arrangement:
    """Points in the order of a tree of boxes; the children of a node are neighbours in its list.

    Attributes
    ----------
    order : (n,) array
        Which point of the sample stands where.
    spans : (nodes, 2) array
        The places first..last - 1 that a node covers; node 0 covers all.
    left : (nodes,) array
        The first child, a larger number than the node's own; -1 for a leaf.
    points : (d, n), values : (k, n) arrays
        Scaled, by coordinate.
    """

    order: Ints
    spans: Ints
    left: Ints
    points: Floats
    values: Floats


@contextmanager
def arranged(sample: Sample, memory: int) -> Iterator[Arrangement]:
    """Arrange a sample; beyond so many bytes in files of a temporary directory."""
    width = 8 * (sample.x.shape[1] + sample.y.shape[1] + 4)
    most = max(_LEAF, memory // width)
    if sample.count <= most:
        yield _in_memory(sample)
        return
    with TemporaryDirectory() as folder:
        yield _in_files(sample, most, Path(folder))


def _in_memory(sample: Sample) -> Arrangement:
    points, values = sample.points(0, sample.count), sample.values(0, sample.count)
    order, spans, left = _split(points)
    return Arrangement(order, np.array(spans, np.int64), np.array(left, np.int64),
                       np.ascontiguousarray(points[:, order]),
                       np.ascontiguousarray(values[:, order]))


def _split(points: Floats) -> tuple[Ints, list[tuple[int, int]], list[int]]:
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
    return order, spans, left


def _in_files(sample: Sample, most: int, folder: Path) -> Arrangement:
    """Cells of a coarse tree are written one after the other, then each is split in memory."""
    count = sample.count
    cuts = _coarse_cuts(sample, most)
    order = _file(folder / "order", np.int64, (count,))
    points = _file(folder / "points", np.float64, (sample.x.shape[1], count))
    values = _file(folder / "values", np.float64, (sample.y.shape[1], count))
    ends = _distribute(sample, cuts, order, points, values)
    pieces = [(a, min(a + most, end)) for start, end in pairwise(ends)
              for a in range(start, end, most)]
    spans, left, roots = _over(pieces)
    for root, (a, b) in zip(roots, pieces, strict=True):
        part = points[:, a:b].copy()
        inner, cells, below = _split(part)
        points[:, a:b], values[:, a:b] = part[:, inner], values[:, a:b][:, inner]
        order[a:b] = order[a:b][inner]
        base = len(spans) - 1
        left[root] = below[0] + base if below[0] > 0 else -1
        spans += [(a + first, a + last) for first, last in cells[1:]]
        left += [child + base if child > 0 else -1 for child in below[1:]]
    return Arrangement(order, np.array(spans, np.int64), np.array(left, np.int64), points, values)


def _file(path: Path, kind: Any, shape: tuple[int, ...]) -> Any:
    return np.memmap(path, kind, "w+", shape=shape).view(np.ndarray)


def _coarse_cuts(sample: Sample, most: int) -> list[tuple[Ints, Floats]]:
    """For each level the coordinate and the value at which its nodes are cut, from some points."""
    rng = np.random.default_rng(0)
    rows = np.sort(rng.choice(sample.count, min(_LOOKED_AT, sample.count), replace=False))
    looked = np.asarray(sample.x[rows], np.float64).T / sample.scale_x
    groups, cuts, size = [np.arange(looked.shape[1])], [], 2.0 * sample.count
    while size > most and len(groups) < len(rows) // 8:
        axes, values, halves = [], [], []
        for group in groups:
            part = looked[:, group]
            axis = int((part.max(axis=1) - part.min(axis=1)).argmax())
            value = float(np.median(part[axis]))
            axes.append(axis)
            values.append(value)
            above = part[axis] > value
            # A group of equal points is halved anyhow: any cut is right, a good one is fast.
            low, high = (group[~above], group[above]) if above.any() else (group, group[:1])
            halves += [low, high]
        cuts.append((np.array(axes), np.array(values)))
        groups, size = halves, size / 2
    return cuts


def _cells(points: Floats, cuts: list[tuple[Ints, Floats]]) -> Ints:
    """In which coarse cell each point lies."""
    cell = np.zeros(points.shape[1], np.int64)
    columns = np.arange(points.shape[1])
    for axes, values in cuts:
        cell = 2 * cell + (points[axes[cell], columns] > values[cell])
    return cell


def _distribute(sample: Sample, cuts: list[tuple[Ints, Floats]], order: Ints, points: Floats,
                values: Floats) -> list[int]:
    """Write the points cell by cell, in two passes over tiles; returns where the cells end."""
    sizes = np.zeros(2 ** len(cuts), np.int64)
    tiles = [(a, min(a + _TILE, sample.count)) for a in range(0, sample.count, _TILE)]
    for a, b in tiles:
        sizes += np.bincount(_cells(sample.points(a, b), cuts), minlength=len(sizes))
    ends = np.concatenate([[0], np.cumsum(sizes)])
    free = ends[:-1].copy()
    for a, b in tiles:
        tile = sample.points(a, b)
        cell = _cells(tile, cuts)
        rank = np.argsort(cell, kind="stable")
        counts = np.bincount(cell, minlength=len(sizes))
        starts = np.cumsum(counts) - counts
        places = (free - starts)[cell[rank]] + np.arange(len(rank))
        order[places] = a + rank
        points[:, places] = tile[:, rank]
        values[:, places] = sample.values(a, b)[:, rank]
        free += counts
    return [int(end) for end in ends]


def _over(pieces: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[int], list[int]]:
    """A tree over neighbouring pieces: spans, first children, and the node of each piece."""
    spans, left, roots = [(pieces[0][0], pieces[-1][1])], [-1], [-1] * len(pieces)
    ranges, at = [(0, len(pieces))], 0
    while at < len(spans):
        a, b = ranges[at]
        if b - a == 1:
            roots[a] = at
        else:
            half = (a + b) // 2
            left[at] = len(spans)
            for c, d in ((a, half), (half, b)):
                ranges.append((c, d))
                spans.append((pieces[c][0], pieces[d - 1][1]))
                left.append(-1)
        at += 1
    return spans, left, roots


def boxes(columns: Floats, tree: Arrangement) -> tuple[Floats, Floats]:
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
