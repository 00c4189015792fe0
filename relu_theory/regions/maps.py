"""Exact affine maps of the neurons under an activation pattern."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from functools import cached_property

from flint import fmpq, fmpq_mat, fmpz, fmpz_mat

from relu_theory.exact import primitive
from relu_theory.network import ReluNetwork
from relu_theory.regions.face import RawFace

__all__ = ["ExactMaps", "LayerMaps"]

Row = tuple[int, ...]
# Layers remembered at a time.
REMEMBERED = 256


class WholeLayer:
    """The matrix [W | b] of a layer in integers over one denominator.

    Attributes
    ----------
    matrix : fmpz_mat of shape (n, m + 1)
    unit : int
    rows : list of fmpz_mat of shape (1, m + 1)
    """

    def __init__(self, weights: fmpq_mat, biases: Sequence[fmpq]) -> None:
        table = [[*row, b] for row, b in zip(weights.table(), biases, strict=True)]
        self.unit = math.lcm(*(int(q.q) for row in table for q in row))
        whole = [[q.p * (self.unit // int(q.q)) for q in row] for row in table]
        self.rows = [fmpz_mat([row]) for row in whole]
        self.matrix = fmpz_mat(whole)


class LayerMaps:
    """The affine maps (coefficients, constant) of a layer's neurons under one pattern.

    Attributes
    ----------
    unit : int
        The maps are integers over this denominator.
    """

    def __init__(self, layer: WholeLayer, inputs: fmpz_mat | None, unit: int) -> None:
        """`inputs` are the maps of the layer below and 1; None for the inputs themselves."""
        self._layer, self._inputs, self.unit = layer, inputs, layer.unit * unit
        self._planes: dict[int, Row] = {}

    @cached_property
    def matrix(self) -> fmpz_mat:
        """The maps times `unit`, of shape (n, d + 1)."""
        weights = self._layer.matrix
        return weights if self._inputs is None else weights * self._inputs

    def numerators(self, neuron: int) -> list[int]:
        """A neuron's map times `unit`."""
        row = self._layer.rows[neuron]
        return list(map(int, (row if self._inputs is None else row * self._inputs).entries()))

    def plane(self, neuron: int) -> Row:
        """The positive multiple of a neuron's map that is a primitive integer vector."""
        found = self._planes.get(neuron)
        if found is None:
            found = self._planes[neuron] = primitive(self.numerators(neuron))
        return found

    def row(self, neuron: int) -> list[fmpq]:
        """A neuron's map."""
        return [fmpq(x, self.unit) for x in self.numerators(neuron)]

    def combined(self, weights: fmpz_mat) -> fmpz_mat:
        """Combinations of the maps, times `unit`; few rows of weights spare the whole matrix."""
        if self._inputs is None or 2 * weights.nrows() > self._inputs.ncols():
            return weights * self.matrix
        return (weights * self._layer.matrix) * self._inputs

    def switched(self, on: Sequence[bool]) -> fmpz_mat:
        """The maps times `unit` with zeros for the neurons that are not on, and the constant 1."""
        size, entries = self.matrix.ncols(), self.matrix.entries()
        nothing = [fmpz(0)] * size
        rows = (entries[j * size : (j + 1) * size] if a else nothing for j, a in enumerate(on))
        last = [*nothing[1:], fmpz(self.unit)]
        whole = [*(x for row in rows for x in row), *last]
        return fmpz_mat(self.matrix.nrows() + 1, size, whole)


class ExactMaps:
    """Affine maps computed from a network's exact weights, remembered by pattern.

    A layer's weights are integers over one common denominator, and so are the maps: a product of
    integer matrices costs a fraction of one of rational matrices.
    """

    def __init__(self, net: ReluNetwork) -> None:
        self._net = net
        self._layers: dict[int, WholeLayer] = {}
        self._known: dict[tuple[int, bytes], LayerMaps] = {}

    def layer(self, face: RawFace, level: int) -> LayerMaps:
        """The maps of a layer where the layers below have the pattern of a face."""
        key = (level, face.prefix(level))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[key] = self._compose(face, level)
        return found

    def output(self, face: RawFace) -> list[list[Fraction]]:
        """The maps of the outputs where the hidden layers have the pattern of a face."""
        layer, level = self._layer(self._net.depth), self._net.depth - 1
        if level < 0:
            return [[Fraction(int(x), layer.unit) for x in row] for row in layer.matrix.tolist()]
        below, width = self.layer(face, level), self._net.widths[level]
        on, rows = face.layer_bits(level, width), layer.matrix.tolist()
        switched = [[w if a else 0 for w, a in zip(r[:-1], on, strict=True)] for r in rows]
        found, unit = below.combined(fmpz_mat(switched)).tolist(), layer.unit * below.unit
        for row, (*_, bias) in zip(found, rows, strict=True):
            row[-1] += bias * below.unit
        return [[Fraction(int(x), unit) for x in row] for row in found]

    def _compose(self, face: RawFace, level: int) -> LayerMaps:
        layer = self._layer(level)
        if level == 0:
            return LayerMaps(layer, None, 1)
        below = self.layer(face, level - 1)
        on = face.layer_bits(level - 1, self._net.widths[level - 1])
        return LayerMaps(layer, below.switched(on), below.unit)

    def _layer(self, level: int) -> WholeLayer:
        if level not in self._layers:
            exact = self._net.exact
            self._layers[level] = WholeLayer(exact.weights[level], exact.biases[level])
        return self._layers[level]
