"""Pauli et al., *Training robust neural networks using Lipschitz bounds* (2021): a counterexample.

Multipliers that couple pairs of neurons ("LipSDP-Network") are not valid: two neurons see different
pairs of arguments, and the slope of their difference is not restricted.
"""

from collections.abc import Iterator
from fractions import Fraction

from flint import fmpq, fmpq_mat

from relu_theory import lipschitz
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem
from relu_theory.theorems.fazlyab2019_lipsdp import positive_semidefinite

__all__ = ["couplings_prove_too_much"]


def _gaps(quick: bool) -> Iterator[Instance]:
    for gap in (1, Fraction(1, 7), 100):
        yield Instance(f"gap {gap}", {"gap": gap})


@theorem(
    statement="For relu(x) - relu(x - g) the inequality with a coupling of both neurons is "
    "feasible with rho = 0, while the constant is 1: coupled multipliers give no upper bound.",
    latex=r"\rho x^2-(v_1-v_2)^2-2\lambda(v_1-v_2)(u_1-u_2-(v_1-v_2))\succeq0"
    r"\text{ at }\lambda=\tfrac12,\ \rho=0",
    hypotheses="One input, two neurons with thresholds 0 and g > 0; a multiplier that couples "
    "both.",
    number="not in the paper",
    paper="pauli2021",
    arxiv="2005.02929",
    mark="derived",
    relation="==",
    instances=_gaps,
)
def couplings_prove_too_much(gap: Fraction | int) -> Measured:
    """The squared constant minus the rho that the couplings "prove", both exact.

    Examples
    --------
    >>> couplings_prove_too_much.check(Instance("gap 1", {"gap": 1})).computed
    Fraction(1, 1)
    """
    net = ReluNetwork([[[1], [1]], [[1, -1]]], [[0, -gap], [0]])
    true = lipschitz.exact(net).value.squared
    claimed = next((rho for rho in (Fraction(0), true) if _feasible(net, rho)), None)
    return Measured(None if claimed is None else true - claimed, Fraction(1))


def _feasible(net: ReluNetwork, rho: Fraction) -> bool:
    """The inequality in (x, v_1, v_2) with coupling 1/2 and no other multipliers, exactly."""
    first, last = net.exact.weights
    coupling = fmpq(1, 2)
    difference = [fmpq(1), fmpq(-1)]
    matrix = fmpq_mat(3, 3)
    matrix[0, 0] = fmpq(rho.numerator, rho.denominator)
    slope = first[0, 0] - first[1, 0]
    for i in range(2):
        matrix[0, i + 1] = matrix[i + 1, 0] = -coupling * slope * difference[i]
        for j in range(2):
            matrix[i + 1, j + 1] = (
                2 * coupling * difference[i] * difference[j] - last[0, i] * last[0, j])
    return positive_semidefinite(matrix)
