"""What a Lipschitz question is answered with: a number, its label, and what proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from relu_theory.certificate import Bracket
from relu_theory.errors import CertificateError, Undecided
from relu_theory.exact import fraction_array, rational_vector
from relu_theory.lipschitz.magnitude import Root
from relu_theory.lipschitz.norms import operator_norm, order_name
from relu_theory.network import Pattern, ReluNetwork

__all__ = ["LABELS", "Constant", "Witness", "exact_gradient", "is_interior"]

#: What a number may be: proved equal, proved above or below, a proved interval, or not proved.
LABELS = ("exact", "upper", "lower", "bracket", "estimate")


@dataclass(frozen=True)
class Witness:
    """A region of the network and its gradient: a proof of a lower bound.

    Attributes
    ----------
    pattern : tuple of tuples of bool
        The activation pattern of a full-dimensional region.
    point : tuple of Fractions
        A point in its (relative) interior.
    gradient : (out, d) object array of Fractions
        The Jacobian of the network there.
    """

    pattern: Pattern
    point: tuple[Fraction, ...]
    gradient: NDArray[np.object_]


@dataclass(frozen=True)
class Constant:
    """A Lipschitz constant, or a bound on one.

    Attributes
    ----------
    lower, upper : Fraction or float
        Proved bounds, except where the label is "estimate"; 0 and inf where nothing is known.
    label : {"exact", "upper", "lower", "bracket", "estimate"}
    method : str
    ord_in, ord_out : 1, 2 or inf
    witness : Witness or None
        What proves the lower bound.
    relative : bool
        Whether the domain has no interior, so that the constant is that on its affine hull.
    details : mapping
        What the method has to tell: the number of regions, nodes, seconds, multipliers.
    """

    lower: Any
    upper: Any
    label: str
    method: str
    ord_in: float = 2
    ord_out: float = 2
    witness: Witness | None = None
    relative: bool = False
    details: Mapping[str, Any] = field(default_factory=dict)
    exact_value: Fraction | Root | None = None

    @property
    def value(self) -> Any:
        """The number that the label speaks of: exact, or the bound, or the estimate.

        Raises
        ------
        Undecided
            For a bracket whose ends differ; it carries them.
        """
        if self.exact_value is not None:
            return self.exact_value
        if self.label == "upper":
            return self.upper
        if self.label in ("lower", "estimate") or self.lower == self.upper:
            return self.lower
        raise Undecided(
            f"the constant is only known to lie in [{self.lower}, {self.upper}]; read .lower and "
            ".upper, or resume the search",
            Bracket(self.lower, self.upper, self.witness, self.method),
        )

    def __float__(self) -> float:
        return float(self.value)

    def check(self, net: ReluNetwork) -> bool:
        """Verify the witness in exact arithmetic: True, or an error that says what is wrong.

        The pattern is recomputed at the point, and the norm from the gradient unless the constant
        is relative to a flat domain. A neuron that
        vanishes at the point must vanish on its whole region, which is where its own gradient is
        zero under the pattern.

        Raises
        ------
        CertificateError
            When there is no witness, or it does not prove the lower bound.
        """
        if self.witness is None:
            raise CertificateError(f"a constant by the method {self.method!r} has no witness")
        pattern, point = self.witness.pattern, self.witness.point
        if not is_interior(net, pattern, point):
            raise CertificateError("the witness point is not in the interior of its region")
        matrix = exact_gradient(net, pattern)
        if (fraction_array(matrix) != self.witness.gradient).any():
            raise CertificateError("the gradient of the witness is not that of its region")
        if not self.relative:
            norm = operator_norm(self.ord_in, self.ord_out, net.output_dim, net.input_dim)
            if norm.exact(matrix) < Fraction(self.lower):
                raise CertificateError("the gradient of the witness is below the lower bound")
        return True

    def __repr__(self) -> str:
        norms = f"l_{order_name(self.ord_in)} -> l_{order_name(self.ord_out)}"
        shown = f"[{float(self.lower):.7g}, {float(self.upper):.7g}]"
        if self.label != "bracket":
            shown = f"{float(self.value):.7g}"
        return f"<Lipschitz constant {norms}: {shown}, {self.label}, by {self.method}>"


def exact_gradient(net: ReluNetwork, pattern: Pattern) -> fmpq_mat:
    """The Jacobian of the network under a pattern, as a rational matrix (out, d)."""
    weights = net.exact.weights
    matrix = weights[0]
    for mask, weight in zip(pattern, weights[1:], strict=True):
        matrix = weight * _switched(matrix, mask)
    return matrix


def _switched(matrix: fmpq_mat, mask: tuple[bool, ...]) -> fmpq_mat:
    columns = matrix.ncols()
    zeros = [fmpq(0)] * columns
    rows = [row if on else zeros for row, on in zip(matrix.tolist(), mask, strict=True)]
    return fmpq_mat(len(rows), columns, [v for row in rows for v in row])


def is_interior(net: ReluNetwork, pattern: Pattern, point: tuple[Fraction, ...]) -> bool:
    """Whether the pattern holds in a neighbourhood of the point."""
    values, slope = rational_vector(point), None
    for mask, weight, bias in zip(pattern, net.exact.weights[:-1], net.exact.biases, strict=False):
        column = weight * fmpq_mat(len(values), 1, values)
        values = [column[i, 0] + b for i, b in enumerate(bias)]
        slope = weight if slope is None else weight * slope
        for i, (on, value) in enumerate(zip(mask, values, strict=True)):
            vanishes = value == 0 and not any(slope[i, j] for j in range(slope.ncols()))
            if ((value > 0) != on and not vanishes) or (value == 0 and not vanishes):
                return False
        slope = _switched(slope, mask)
        values = [value if on else fmpq(0) for value, on in zip(values, mask, strict=True)]
    return True
