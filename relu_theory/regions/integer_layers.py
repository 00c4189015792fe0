"""A network with integer matrices: every layer on one common positive scale."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpz, fmpz_mat

from relu_theory.exact import rational_matrix
from relu_theory.network import Pattern, ReluNetwork

__all__ = ["IntegerMaps", "integer_layers"]

Row = tuple[int, ...]


def integer_layers(net: ReluNetwork) -> list[fmpz_mat]:
    """The layers (W b; 0 1), output layer included, each times its least common denominator.

    Examples
    --------
    >>> integer_layers(ReluNetwork([[["1/2", 1]]], [["1/3"]]))
    [[3, 6, 2]
    [0, 0, 6]]
    """
    out = []
    for weights, offsets in zip(net.exact.weights, net.exact.biases, strict=True):
        table = [[*row, b] for row, b in zip(weights.tolist(), offsets, strict=True)]
        numerators, denominator = rational_matrix(table).numer_denom()
        last = [0] * weights.ncols() + [denominator]
        out.append(fmpz_mat([*numerators.tolist(), last]))
    return out


class IntegerMaps:
    """The affine maps of a network for activation patterns, all on one positive scale.

    Patterns that agree in their first layers with the one before share the work of these.
    """

    def __init__(self, net: ReluNetwork) -> None:
        self.layers = integer_layers(net)
        self._steps: list[tuple[Sequence[bool], list[list[fmpz]]]] = []

    def rows(self, pattern: Pattern) -> tuple[Row, ...]:
        """The rows (gradient, offset) of the outputs, as integers."""
        known = 0
        for (bits, _), wanted in zip(self._steps, pattern, strict=False):
            if bits != wanted:
                break
            known += 1
        del self._steps[known:]
        for level in range(known, len(pattern)):
            before = self._steps[-1][1] if self._steps else self.layers[0].tolist()
            zero = [fmpz(0)] * len(before[0])
            masked = [r if bit else zero for r, bit in zip(before, pattern[level], strict=False)]
            state = (self.layers[level + 1] * fmpz_mat([*masked, before[-1]])).tolist()
            self._steps.append((pattern[level], state))
        final = self._steps[-1][1] if self._steps else self.layers[0].tolist()
        return tuple(tuple(map(int, row)) for row in final[:-1])
