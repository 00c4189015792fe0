"""Exact operations on networks, written on their tuples of affine layers.

The methods of `ReluNetwork` state what each one means; here is how it is done.
"""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpq_mat

from relu_theory.affine import AffineLayer
from relu_theory.errors import ShapeError

__all__ = ["added", "composed", "parallel", "scaled", "selected"]

Layers = tuple[AffineLayer, ...]


def composed(outer: Layers, inner: Layers) -> Layers:
    """The layers of outer after inner; the two affine maps that meet are merged."""
    produced, wanted = inner[-1].shape[0], outer[0].shape[1]
    if produced != wanted:
        raise ShapeError(
            f"the inner map has {produced} outputs but the outer one takes {wanted} inputs; "
            "compose maps whose sizes agree"
        )
    return (*inner[:-1], outer[0].after(inner[-1]), *outer[1:])


def parallel(first: Layers, second: Layers) -> Layers:
    """Both networks on one input, the outputs of the second below those of the first."""
    inputs = first[0].shape[1], second[0].shape[1]
    if inputs[0] != inputs[1]:
        raise ShapeError(
            f"networks side by side need one input: they have {inputs[0]} and {inputs[1]} inputs"
        )
    depth = max(len(first), len(second))
    left, right = _deepened(first, depth), _deepened(second, depth)
    stacked = [_stack(left[0], right[0])]
    stacked += [_block_diagonal(a, b) for a, b in zip(left[1:], right[1:], strict=True)]
    return tuple(stacked)


def added(first: Layers, second: Layers) -> Layers:
    """The sum of the outputs of two networks on one input."""
    sizes = first[-1].shape[0], second[-1].shape[0]
    if sizes[0] != sizes[1]:
        raise ShapeError(
            f"networks that are added need as many outputs: they have {sizes[0]} and {sizes[1]}"
        )
    size = sizes[0]
    fold = matrix_of([row + row for row in _identity(size).table()], 2 * size)
    return composed((AffineLayer.of(fold, [fmpq(0)] * size),), parallel(first, second))


def scaled(layers: Layers, factor: fmpq) -> Layers:
    """The outputs multiplied by a constant."""
    matrix, vector = layers[-1].exact
    return (*layers[:-1], AffineLayer.of(matrix * factor, [factor * value for value in vector]))


def selected(layers: Layers, outputs: Sequence[int]) -> Layers:
    """The listed outputs, in the listed order."""
    matrix, vector = layers[-1].exact
    rows = matrix.table()
    chosen = matrix_of([rows[i] for i in outputs], matrix.ncols())
    return (*layers[:-1], AffineLayer.of(chosen, [vector[i] for i in outputs]))


def matrix_of(rows: Sequence[Sequence[fmpq]], columns: int) -> fmpq_mat:
    """The matrix with these rows; the number of columns counts when there are none."""
    return fmpq_mat(len(rows), columns, [q for row in rows for q in row])


def _deepened(layers: Layers, length: int) -> Layers:
    """The same function with ``length`` layers.

    A hidden vector h is nonnegative, so relu(h) = h and an identity layer after it adds no new
    break. An affine map has no hidden vector; its output y passes as relu(y) - relu(-y).
    """
    if len(layers) == 1 < length:
        layers = _as_differences(layers[0])
    if len(layers) == length:
        return layers
    width = layers[-1].shape[1]
    identity = AffineLayer.of(_identity(width), [fmpq(0)] * width)
    return (*layers[:-1], *[identity] * (length - len(layers)), layers[-1])


def _as_differences(layer: AffineLayer) -> Layers:
    matrix, vector = layer.exact
    negated = AffineLayer.of(-matrix, [-value for value in vector])
    size = layer.shape[0]
    plus, minus = _identity(size).table(), (-_identity(size)).table()
    signs = matrix_of([a + b for a, b in zip(plus, minus, strict=True)], 2 * size)
    return _stack(layer, negated), AffineLayer.of(signs, [fmpq(0)] * size)


def _identity(size: int) -> fmpq_mat:
    return fmpq_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])


def _stack(upper: AffineLayer, lower: AffineLayer) -> AffineLayer:
    (top, above), (bottom, below) = upper.exact, lower.exact
    matrix = fmpq_mat(top.nrows() + bottom.nrows(), top.ncols(), top.entries() + bottom.entries())
    return AffineLayer.of(matrix, above + below)


def _block_diagonal(first: AffineLayer, second: AffineLayer) -> AffineLayer:
    (top, above), (bottom, below) = first.exact, second.exact
    right, left = [fmpq(0)] * bottom.ncols(), [fmpq(0)] * top.ncols()
    rows = [row + right for row in top.table()] + [left + row for row in bottom.table()]
    return AffineLayer.of(matrix_of(rows, top.ncols() + bottom.ncols()), above + below)
