"""Neurons of a layer that share their hyperplane: repeated rows, multiples, opposite rows.

Where one of them is known to vanish, so do the others, under every pattern of the layers below.
Floats alone could never tell that from a near miss.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from relu_theory._kernels.scaling import surely_distinct
from relu_theory.exact import primitive
from relu_theory.network import ReluNetwork
from relu_theory.regions.layers import float_rows


def hyperplane_classes(net: ReluNetwork, level: int) -> NDArray[np.int64]:
    """For each neuron of a layer the first one with a proportional row (weights and bias).

    Examples
    --------
    >>> net = ReluNetwork([[[1, 2], [3, 1], [-2, -4]], [[1, 1, 1]]], [[1, 0, -2], [0]])
    >>> hyperplane_classes(net, 0).tolist()
    [0, 1, 0]
    """
    rows = float_rows(net, level)
    classes = np.arange(len(rows), dtype=np.int64)
    for group in _similar(rows):
        first: dict[tuple[int, ...], int] = {}
        for i in group:
            classes[i] = first.setdefault(_direction(net, level, i), i)
    return classes


def _similar(rows: NDArray[np.float64]) -> list[list[int]]:
    """Groups of two and more rows whose float directions agree to some digits, up to sign."""
    if surely_distinct(rows):
        return []
    largest = np.abs(rows).max(axis=1)
    lead = rows[np.arange(len(rows)), np.abs(rows).argmax(axis=1)]
    usable = np.flatnonzero((largest > 0) & np.isfinite(largest))
    if not len(usable):
        return []
    with np.errstate(over="ignore", under="ignore"):
        unit = rows[usable] / lead[usable, None]
    keys = np.rint(unit * 1e6).astype(np.int64)
    hashes = keys @ np.arange(1, 2 * keys.shape[1], 2)
    if len(np.unique(hashes)) == len(hashes):
        return []
    groups: dict[bytes, list[int]] = {}
    for i, key in zip(usable, keys, strict=True):
        groups.setdefault(key.tobytes(), []).append(int(i))
    return [g for g in groups.values() if len(g) > 1]


def _direction(net: ReluNetwork, level: int, neuron: int) -> tuple[int, ...]:
    if net.float_exact:
        row = [*net.weights[level][neuron].tolist(), float(net.biases[level][neuron])]
    else:
        weights = net.exact.weights[level]
        row = [weights[neuron, k] for k in range(weights.ncols())]
        row.append(net.exact.biases[level][neuron])
    whole = primitive(row)
    lead = next((x for x in whole if x), 0)
    return whole if lead >= 0 else tuple(-x for x in whole)
