"""Fazlyab et al., *Efficient and accurate estimation of Lipschitz constants* (2019): LipSDP."""

from collections.abc import Iterator
from fractions import Fraction

from flint import fmpq, fmpq_mat

from relu_theory import families, lipschitz
from relu_theory.network import ReluNetwork
from relu_theory.theorems._instances import small_integers
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["diagonal_multipliers"]


def _networks(quick: bool) -> Iterator[Instance]:
    for seed in range(1 if quick else 3):
        net = families.gaussian(4, [12, 12], seed)
        yield Instance(f"Gaussian, 4 inputs, [12, 12], seed {seed}", {"network": net})
    for seed in range(2 if quick else 6):
        yield small_integers(seed)
    yield Instance("iterated tents", {"network": families.iterated_tent(3, 1)})


@theorem(
    statement="With one multiplier for each neuron the feasible value bounds the l_2 constant from "
    "above.",
    latex=r"\rho I-\|W_Lv\|^2-\sum_i 2t_iv_i(u_i-v_i)\succeq 0\ \Rightarrow\ L_2(f)\le\sqrt\rho",
    hypotheses="ReLU networks on all of R^d, Euclidean norms; nonnegative multipliers t_i, one a "
    "neuron (or of one sign each, with first-order terms).",
    number="the program with diagonal multipliers; number not read",
    paper="fazlyab2019",
    arxiv="1906.04893",
    mark="known",
    relation=">=",
    arithmetic="certified",
    instances=_networks,
    seeded=small_integers,
)
def diagonal_multipliers(network: ReluNetwork) -> Measured:
    """The proved bound by first-order multipliers against the exact constant on R^d.

    Examples
    --------
    >>> line = families.iterated_tent(1, 1)
    >>> diagonal_multipliers.check(Instance("tent", {"network": line})).verdict.name
    'HOLDS'
    """
    upper = lipschitz.bound(network, "lipsdp-first-order").upper
    return Measured(Fraction(upper), lipschitz.exact(network).value)


def positive_semidefinite(matrix: fmpq_mat) -> bool:
    """Whether a symmetric rational matrix is positive semidefinite, by its eigenvalues' signs.

    All coefficients of det(x I + M) must be nonnegative.

    Examples
    --------
    >>> positive_semidefinite(fmpq_mat(2, 2, [1, 1, 1, 1]))
    True
    >>> positive_semidefinite(fmpq_mat(2, 2, [1, 2, 2, 1]))
    False
    """
    size = matrix.nrows()
    coefficients = matrix.charpoly().coeffs()
    signed = [c if (size - k) % 2 == 0 else -c for k, c in enumerate(coefficients)]
    return all(c >= fmpq(0) for c in signed)
