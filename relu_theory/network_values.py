"""Values of networks and the affine maps of patterns, on tuples of affine layers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import ArrayLike, NDArray

from relu_theory.affine import AffineLayer
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.numbers import rational_vector

__all__ = ["collapsed", "collapsed_float", "traced", "traced_exact"]

Layers = tuple[AffineLayer, ...]
Pattern = tuple[tuple[bool, ...], ...]


def traced(layers: Layers, x: ArrayLike) -> list[NDArray[np.float64]]:
    """The value of every layer before its ReLU, in floats, at x of shape (d,) or (m, d)."""
    values = np.asarray(x, dtype=np.float64)
    dim = layers[0].shape[1]
    if values.ndim not in (1, 2) or values.shape[-1] != dim:
        raise ShapeError(f"x must have shape ({dim},) or (m, {dim}), got {values.shape}")
    trace = []
    for layer in layers:
        trace.append(values @ layer.weight.T + layer.bias)
        values = np.maximum(trace[-1], 0.0)
    return trace


def traced_exact(layers: Layers, x: Iterable[Any]) -> list[list[fmpq]]:
    """The exact value of every layer before its ReLU, at one point."""
    values = rational_vector(x, name="x")
    if len(values) != layers[0].shape[1]:
        raise ShapeError(f"x must have {layers[0].shape[1]} entries, got {len(values)}")
    trace = []
    for layer in layers:
        trace.append(layer.apply(values))
        values = [max(value, fmpq(0)) for value in trace[-1]]
    return trace


def collapsed(layers: Layers, pattern: Sequence[Sequence[bool]]) -> tuple[fmpq_mat, list[fmpq]]:
    """The exact affine map of the network whose hidden neurons are switched by ``pattern``."""
    matrix, vector = layers[0].exact
    columns = matrix.ncols()
    for mask, layer in zip(_checked(layers, pattern), layers[1:], strict=True):
        rows = [
            row if on else [fmpq(0)] * columns for row, on in zip(matrix.table(), mask, strict=True)
        ]
        hidden = [value if on else fmpq(0) for value, on in zip(vector, mask, strict=True)]
        switched = fmpq_mat(len(rows), columns, [q for row in rows for q in row])
        matrix, vector = layer.exact[0] * switched, layer.apply(hidden)
    return matrix, vector


def collapsed_float(
    layers: Layers, pattern: Sequence[Sequence[bool]]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`collapsed` in float64 arithmetic."""
    matrix, vector = layers[0].weight, layers[0].bias
    for mask, layer in zip(_checked(layers, pattern), layers[1:], strict=True):
        on = np.array(mask)
        hidden = np.where(on, vector, 0.0)
        matrix = layer.weight @ np.where(on[:, None], matrix, 0.0)
        vector = layer.weight @ hidden + layer.bias
    return matrix, vector


def _checked(layers: Layers, pattern: Sequence[Sequence[bool]]) -> Pattern:
    widths = tuple(layer.shape[0] for layer in layers[:-1])
    try:
        entries = tuple(tuple(part) for part in pattern)
    except TypeError:
        raise ShapeError(f"pattern must be a list of lists of bools, got {pattern!r}") from None
    lengths = tuple(map(len, entries))
    if lengths != widths:
        raise ShapeError(
            f"pattern must have one entry per neuron, {widths} by layer, got {lengths}"
        )
    if not all(entry in (0, 1) for part in entries for entry in part):
        raise InvalidInput(f"pattern must hold booleans, got {pattern!r}")
    return tuple(tuple(map(bool, part)) for part in entries)
