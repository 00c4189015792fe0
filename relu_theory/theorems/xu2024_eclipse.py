"""Xu and Sivaranjani, *ECLipsE* (2024): layer-by-layer multipliers, and the scale of a layer."""

from collections.abc import Iterator
from fractions import Fraction

from relu_theory import families, lipschitz
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["closed_form"]


def _scaled(quick: bool) -> Iterator[Instance]:
    for seed in range(1 if quick else 3):
        for scale in (1, 16):
            yield _case(seed, 4, scale)
    deep = families.gaussian(2, [16, 16, 16], 0)
    yield Instance("2 inputs, three layers of 16", {"network": deep})


def _case(seed: int, inputs: int = 2, scale: int = 16) -> Instance:
    base = families.gaussian(inputs, [12, 12], seed)
    net = ReluNetwork([base.weights[0] * scale, *base.weights[1:]], base.biases)
    return Instance(f"{inputs} inputs, seed {seed}, first layer times {scale}", {"network": net})


@theorem(
    statement="The closed form with Lambda = 2 / lambda_max times the identity bounds the l_2 "
    "constant from above, whatever the scale of the first layer.",
    latex=r"L_2(f)\le\sqrt{\lambda_{\max}(W_LX_{L-1}^{-1}W_L^\top)}",
    hypotheses="ReLU networks on all of R^d, Euclidean norms; every X_l positive definite, which "
    "is proved for the numbers used.",
    number="number not read",
    paper="xu2024",
    arxiv="2404.04375",
    mark="reconstructed",
    relation=">=",
    arithmetic="certified",
    instances=_scaled,
    seeded=_case,
)
def closed_form(network: ReluNetwork) -> Measured:
    """The proved ECLipsE-Fast bound against the exact constant on R^d.

    Examples
    --------
    >>> net = families.gaussian(2, [4, 4], 0)
    >>> closed_form.check(Instance("small", {"network": net})).verdict.name
    'HOLDS'
    """
    upper = lipschitz.bound(network, "eclipse-fast").upper
    return Measured(Fraction(upper), lipschitz.exact(network).value)
