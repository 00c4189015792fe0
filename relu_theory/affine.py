"""One affine layer: exact values, and the nearest floats beside them.

A layer read from a float array keeps the array and builds its rationals only when they are
asked for; a layer that floats cannot hold keeps its rationals from the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.numbers import float_of, rational_matrix, rational_vector

__all__ = ["AffineLayer", "read_layers"]

_LARGEST_EXACT_INTEGER = 2**53


class AffineLayer:
    """The map x -> W x + b, with W of shape (out, in).

    Attributes
    ----------
    weight : read-only float64 array of shape (out, in)
        The float nearest to each exact entry.
    bias : read-only float64 array of shape (out,)
    float_exact : bool
        Whether these floats are the exact values.
    """

    __slots__ = ("_exact", "bias", "float_exact", "weight")

    weight: NDArray[np.float64]
    bias: NDArray[np.float64]
    float_exact: bool

    def __init__(
        self,
        weight: NDArray[np.float64],
        bias: NDArray[np.float64],
        exact: tuple[fmpq_mat, list[fmpq]] | None,
    ) -> None:
        """Trust the parts; `read` and `of` are the ways to make a layer.

        ``exact`` is None when the floats are the exact values.
        """
        weight.setflags(write=False)
        bias.setflags(write=False)
        self.weight, self.bias = weight, bias
        self.float_exact = exact is None
        self._exact = exact

    @classmethod
    def read(cls, weight: Any, bias: Any, index: int) -> AffineLayer:
        """Read layer ``index`` of a network from user input; errors name the layer."""
        names = f"weights[{index}]", f"biases[{index}]"
        floats = _float_copy(weight, names[0], 2), _float_copy(bias, names[1], 1)
        if floats[0] is not None and floats[1] is not None:
            _require_shape(floats[0].shape, floats[1].shape[0], index)
            return cls(floats[0], floats[1], None)
        matrix = rational_matrix(weight, name=names[0])
        vector = rational_vector(bias, name=names[1])
        _require_shape((matrix.nrows(), matrix.ncols()), len(vector), index)
        return cls.of(matrix, vector)

    @classmethod
    def of(cls, matrix: fmpq_mat, vector: Sequence[fmpq]) -> AffineLayer:
        """The layer with these exact values."""
        entries, vector = matrix.entries(), list(vector)
        weight = np.array([float_of(q) for q in entries], dtype=np.float64)
        weight = weight.reshape(matrix.nrows(), matrix.ncols())
        bias = np.array([float_of(q) for q in vector], dtype=np.float64)
        layer = cls(weight, bias, (matrix, vector))
        layer.float_exact = _same(weight.ravel(), entries) and _same(bias, vector)
        return layer

    @property
    def shape(self) -> tuple[int, int]:
        """(out, in)."""
        return self.weight.shape[0], self.weight.shape[1]

    @property
    def exact(self) -> tuple[fmpq_mat, list[fmpq]]:
        """The exact weight matrix and the exact bias list (built on first use)."""
        if self._exact is None:
            self._exact = rational_matrix(self.weight), rational_vector(self.bias)
        return self._exact

    def apply(self, x: Sequence[fmpq]) -> list[fmpq]:
        """The exact value W x + b."""
        matrix, vector = self.exact
        product = (matrix * fmpq_mat(len(x), 1, list(x))).entries()
        return [value + shift for value, shift in zip(product, vector, strict=True)]

    def after(self, inner: AffineLayer) -> AffineLayer:
        """The exact composition x -> self(inner(x))."""
        return AffineLayer.of(self.exact[0] * inner.exact[0], self.apply(inner.exact[1]))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, AffineLayer):
            return NotImplemented
        return (
            self.float_exact == other.float_exact
            and np.array_equal(self.weight, other.weight)
            and np.array_equal(self.bias, other.bias)
            and (self.float_exact or self.exact == other.exact)
        )

    def __hash__(self) -> int:
        # Adding zero turns -0.0 into 0.0, which is the same number with other bytes.
        return hash((self.shape, (self.weight + 0.0).tobytes(), (self.bias + 0.0).tobytes()))


def read_layers(weights: Iterable[Any], biases: Iterable[Any]) -> tuple[AffineLayer, ...]:
    """The layers of a network from user input, checked to fit together."""
    pairs = _paired(weights, biases)
    layers = tuple(AffineLayer.read(w, b, i) for i, (w, b) in enumerate(pairs))
    _require_chain(layers)
    return layers


def _paired(weights: Iterable[Any], biases: Iterable[Any]) -> list[tuple[Any, Any]]:
    for name, value in (("weights", weights), ("biases", biases)):
        if isinstance(value, (str, bytes, dict)) or not hasattr(value, "__iter__"):
            raise InvalidInput(f"{name} must be a list with one entry per layer, got {value!r}")
    weights, biases = list(weights), list(biases)
    if len(weights) != len(biases):
        raise ShapeError(
            f"weights and biases must have one entry per layer, got {len(weights)} and "
            f"{len(biases)}; the output layer has a bias too"
        )
    if not weights:
        raise ShapeError("weights is empty; give at least the affine output layer")
    return list(zip(weights, biases, strict=True))


def _require_chain(layers: Sequence[AffineLayer]) -> None:
    for i in range(1, len(layers)):
        columns, outputs = layers[i].shape[1], layers[i - 1].shape[0]
        if columns != outputs:
            raise ShapeError(
                f"weights[{i}] has {columns} columns but layer {i - 1} has {outputs} outputs; "
                f"weights[{i}] must have shape (out, {outputs})"
            )


def _float_copy(values: Any, name: str, axes: int) -> NDArray[np.float64] | None:
    """A float64 copy holding exactly the given array, or None when it takes rationals."""
    if not isinstance(values, np.ndarray):
        return None
    if values.ndim != axes:
        raise ShapeError(
            f"{name} must have {axes} {'axes' if axes > 1 else 'axis'}, "
            f"got an array of shape {values.shape}"
        )
    if values.dtype.kind == "f" and values.dtype.itemsize <= 8:
        _require_finite(values, name)
        return np.array(values, dtype=np.float64, order="C")
    if values.dtype.kind in "iu" and _within_floats(values):
        return np.array(values, dtype=np.float64, order="C")
    return None


def _require_finite(values: NDArray[np.floating[Any]], name: str) -> None:
    if np.isfinite(values).all():
        return
    position = np.argwhere(~np.isfinite(values))[0].tolist()
    where = ", ".join(map(str, position))
    raise InvalidInput(
        f"{name}[{where}] is {values[tuple(position)]}; every weight and bias must be finite"
    )


def _within_floats(values: NDArray[np.integer[Any]]) -> bool:
    if not values.size:
        return True
    return bool(values.max() <= _LARGEST_EXACT_INTEGER and values.min() >= -_LARGEST_EXACT_INTEGER)


def _require_shape(shape: tuple[int, ...], entries: int, index: int) -> None:
    if shape[0] == 0:
        raise ShapeError(
            f"weights[{index}] has zero rows; every layer, the output layer included, "
            "needs at least one output"
        )
    if entries != shape[0]:
        raise ShapeError(
            f"biases[{index}] has {entries} entries but weights[{index}] has {shape[0]} rows; "
            "give every output one bias"
        )


def _same(floats: NDArray[np.float64], exact: Sequence[fmpq]) -> bool:
    if not np.isfinite(floats).all():
        return False
    return all(
        fmpq(*value.as_integer_ratio()) == q
        for value, q in zip(floats.tolist(), exact, strict=True)
    )
