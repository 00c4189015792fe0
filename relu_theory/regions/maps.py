"""Exact affine maps of the neurons under an activation pattern."""

from __future__ import annotations

from flint import fmpq, fmpq_mat

from relu_theory.exact import primitive
from relu_theory.network import ReluNetwork
from relu_theory.regions.face import RawFace

__all__ = ["ExactMaps", "LayerMaps"]

Row = tuple[int, ...]
# Layers remembered at a time.
REMEMBERED = 256


class LayerMaps:
    """The affine maps (coefficients, constant) of a layer's neurons under one pattern.

    Attributes
    ----------
    matrix : fmpq_mat of shape (n, d + 1)
    """

    def __init__(self, matrix: fmpq_mat) -> None:
        self.matrix = matrix
        self._planes: dict[int, Row] = {}

    def plane(self, neuron: int) -> Row:
        """The positive multiple of a neuron's map that is a primitive integer vector."""
        if neuron not in self._planes:
            self._planes[neuron] = primitive(self.row(neuron))
        return self._planes[neuron]

    def row(self, neuron: int) -> list[fmpq]:
        """A neuron's map."""
        return [self.matrix[neuron, k] for k in range(self.matrix.ncols())]


class ExactMaps:
    """Affine maps computed from a network's exact weights, remembered by pattern."""

    def __init__(self, net: ReluNetwork) -> None:
        self._net = net
        self._augmented: dict[int, fmpq_mat] = {}
        self._known: dict[tuple[int, bytes], LayerMaps] = {}

    def layer(self, face: RawFace, level: int) -> LayerMaps:
        """The maps of a layer where the layers below have the pattern of a face."""
        key = (level, face.prefix(level))
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[key] = LayerMaps(self._compose(face, level))
        return found

    def _compose(self, face: RawFace, level: int) -> fmpq_mat:
        """[W | b] times the masked maps of the layer below, with the row (0, ..., 0, 1) added."""
        augmented = self._layer(level)
        if level == 0:
            return augmented
        below = self.layer(face, level - 1).matrix
        size, entries = below.ncols(), below.entries()
        nothing = [fmpq(0)] * size
        masked: list[fmpq] = []
        for j in range(below.nrows()):
            active = face.active(level - 1, j)
            masked += entries[j * size : (j + 1) * size] if active else nothing
        masked += [*nothing[1:], fmpq(1)]
        return augmented * fmpq_mat(below.nrows() + 1, size, masked)

    def _layer(self, level: int) -> fmpq_mat:
        if level not in self._augmented:
            weights, biases = self._net.exact.weights[level], self._net.exact.biases[level]
            rows = [[*row, b] for row, b in zip(weights.table(), biases, strict=True)]
            self._augmented[level] = fmpq_mat(
                len(rows), weights.ncols() + 1, [q for row in rows for q in row]
            )
        return self._augmented[level]
