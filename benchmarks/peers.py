"""What the engine is measured beside: a naive float enumerator, and the exact slow oracle.

The float enumerator is the obvious one. A cell is the list of its vertices, each with the d
hyperplanes that meet in it; a neuron that is positive at one vertex and negative at another splits
the cell, and the new vertices lie on the edges between them. Two vertices share an edge when they
share d - 1 hyperplanes, which is true in general position only: on degenerate input it is wrong.
"""

import numpy as np
from numba import njit

from relu_theory.exact.numbers import fraction
from tests import oracles

__all__ = ["naive_float", "oracle"]


def naive_float(net, lower, upper) -> int:
    """Activation regions of a network in general position on the box [lower, upper]^d."""
    sizes = np.array([net.input_dim, *net.widths])
    flat = np.concatenate([w.ravel() for w in net.weights[:-1]])
    biases = np.concatenate(net.biases[:-1])
    points, names = _corners(net.input_dim, float(lower), float(upper))
    rows = np.column_stack([net.weights[0], net.biases[0]])
    active = np.zeros(len(rows), np.bool_)
    return _count(points, names, 0, 0, rows, active, flat, biases, sizes)


def oracle(net, domain) -> int:
    """The same number by one exact linear program for each partial pattern."""
    weights = [[[fraction(q) for q in row] for row in w.table()] for w in net.exact.weights]
    biases = [[fraction(q) for q in b] for b in net.exact.biases]
    rows = [] if domain is None else domain.halfspaces()
    return len(oracles.regions(weights, biases, rows))


def _corners(dim, lower, upper):
    bits = np.arange(1 << dim)[:, None] >> np.arange(dim) & 1
    points = np.where(bits, upper, lower).astype(float)
    # Hyperplanes of the box are -1 - 2k and -2 - 2k; neurons have numbers from 0.
    names = -1 - 2 * np.arange(dim) - bits
    return points, names


# A function that calls itself crashes when numba loads it from its cache.
@njit
def _count(points, names, layer, first, rows, active, flat, biases, sizes):
    for j in range(first, len(rows)):
        low, high = np.inf, -np.inf
        for v in range(len(points)):
            value = _value(rows, j, points, v)
            low, high = min(low, value), max(high, value)
        if low >= 0.0 or high <= 0.0:
            active[j] = high > 0.0
            continue
        values = np.array([_value(rows, j, points, v) for v in range(len(points))])
        name, total = sizes[1 : layer + 1].sum() + j, 0
        for side in (1.0, -1.0):
            half, half_names = _half(points, names, values, side, name)
            bits = active.copy()
            bits[j] = side > 0.0
            total += _count(half, half_names, layer, j + 1, rows, bits, flat, biases, sizes)
        return total
    if layer + 2 == len(sizes):
        return 1
    deeper = _compose(rows, active, layer, flat, biases, sizes)
    bits = np.zeros(len(deeper), np.bool_)
    return _count(points, names, layer + 1, 0, deeper, bits, flat, biases, sizes)


@njit(cache=True)
def _value(rows, j, points, v):
    dim = points.shape[1]
    total = rows[j, dim]
    for k in range(dim):
        total += rows[j, k] * points[v, k]
    return total


@njit(cache=True)
def _half(points, names, values, side, name):
    """The part of the cell where side * values >= 0."""
    count, dim = points.shape
    kept = [v for v in range(count) if side * values[v] > 0.0]
    lost = [v for v in range(count) if side * values[v] <= 0.0]
    size = len(kept)
    out = np.empty((size + len(kept) * len(lost), dim))
    out_names = np.empty(out.shape, np.int64)
    for i, v in enumerate(kept):
        out[i] = points[v]
        out_names[i] = names[v]
    for v in kept:
        for u in lost:
            common = 0
            for a in names[v]:
                for b in names[u]:
                    if a == b and common < dim:
                        out_names[size, common] = a
                        common += 1
            if common == dim - 1:
                share = values[v] / (values[v] - values[u])
                out[size] = points[v] + share * (points[u] - points[v])
                out_names[size, common] = name
                size += 1
    return out[:size].copy(), out_names[:size].copy()


@njit(cache=True)
def _compose(rows, active, layer, flat, biases, sizes):
    """The affine maps of the next layer on a cell where the active neurons are known."""
    width, deeper = sizes[layer + 1], sizes[layer + 2]
    start = 0
    for k in range(layer + 1):
        start += sizes[k] * sizes[k + 1]
    first = sizes[1 : layer + 2].sum()
    weights = flat[start : start + deeper * width].reshape(deeper, width)
    used = np.flatnonzero(active)
    out = weights[:, used] @ rows[used]
    out[:, -1] += biases[first : first + deeper]
    return out
