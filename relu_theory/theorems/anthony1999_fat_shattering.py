"""Anthony and Bartlett, *Neural Network Learning: Theoretical Foundations* (1999)."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from relu_theory import vc
from relu_theory.theorems.check import Instance, Measured, theorem

__all__ = ["bounded_linear", "pseudo_dimension", "unit_vectors"]


def _margins(quick: bool) -> Iterator[Instance]:
    cases = [("1/2", 1), ("2/3", 1)]
    cases += [] if quick else [("2/5", 1), ("3/4", Fraction(3, 2))]
    for margin, bound in cases:
        yield Instance(f"gamma = {margin}, B = {bound}", {"margin": margin, "bound": bound})


@theorem(
    statement="Linear functions with |w| <= B fat-shatter at most (B / gamma)^2 points of the unit "
    "ball with margin gamma.",
    hypotheses="Points of the Euclidean unit ball; linear functions without bias, |w| <= B; "
    "margin gamma > 0.",
    latex=r"\mathrm{fat}_\gamma \le (B/\gamma)^2",
    number="classical; number not read",
    paper="anthony1999",
    mark="known",
    relation="<=",
    instances=_margins,
)
def bounded_linear(margin: str, bound: Fraction) -> Measured:
    """The most points of a basis of R^7, or among random rational unit vectors, with certificates.

    Examples
    --------
    >>> bounded_linear.check(Instance("", {"margin": "1/2", "bound": 1})).computed
    4
    """
    best, proof = 0, None
    for points in [_basis(7), *(_random_units(seed) for seed in range(3))]:
        size = 1
        while size <= len(points):
            found = vc.fat_shatters(points[:size], bound, margin)
            kind = found.certificate.check()["kind"]
            if kind != "fat-shattered":
                break
            if size > best:
                best, proof = size, found.certificate
            size += 1
    return Measured(best, (Fraction(bound) / Fraction(margin)) ** 2, proof)


def _basis(count: int) -> list[list[int]]:
    return [[int(i == j) for j in range(count)] for i in range(count)]


def _random_units(seed: int) -> list[list[Fraction]]:
    """Rational points of the unit sphere of R^4, by stereographic projection."""
    rows = np.random.default_rng(seed).integers(-3, 4, (4, 3)).tolist()
    out = []
    for row in rows:
        square = sum(v * v for v in row)
        out.append([Fraction(2 * v, square + 1) for v in row] + [Fraction(square - 1, square + 1)])
    return [p for k, p in enumerate(out) if p not in out[:k]]


def _dimensions(quick: bool) -> Iterator[Instance]:
    for m in range(1, 4 if quick else 6):
        yield Instance(f"m = {m}", {"points": m})


@theorem(
    statement="m orthonormal points are fat-shattered by |w| <= 1 exactly up to margin "
    "1 / sqrt(m), so the bound is attained.",
    hypotheses="m orthonormal points; linear functions without bias, |w| <= 1.",
    latex=r"\gamma^2 = 1/m",
    paper="anthony1999",
    number="not in the book",
    mark="derived",
    relation="==",
    instances=_dimensions,
)
def unit_vectors(points: int) -> Measured:
    """The largest margin, squared; a margin slightly larger is refuted.

    Examples
    --------
    >>> unit_vectors.check(Instance("", {"points": 3})).computed
    Fraction(1, 3)
    """
    square = vc.margin_squared(_basis(points))
    # Some rational margin slightly above 1 / sqrt(m).
    above = Fraction(int((10**12 / points) ** 0.5) + 1, 10**6)
    more = vc.fat_shatters(_basis(points), 1, above)
    refuted = more.certificate.check()["kind"] == "not fat-shattered"
    return Measured(square if refuted else None, Fraction(1, points), more.certificate)


def _inputs(quick: bool) -> Iterator[Instance]:
    for d in (1, 2) if quick else (1, 2, 3, 4):
        yield Instance(f"R^{d}", {"dim": d, "bias": True})
        yield Instance(f"R^{d}, no bias", {"dim": d, "bias": False})


@theorem(
    statement="relu(w . x + b) on R^d has pseudo-dimension d + 1; without b it is d.",
    hypotheses="One ReLU with real weights on R^d, d >= 1.",
    latex=r"\mathrm{Pdim} = d + 1, \quad \mathrm{Pdim} = d",
    paper="anthony1999",
    number="Theorem 11.4, applied to one neuron",
    mark="derived",
    relation="==",
    instances=_inputs,
)
def pseudo_dimension(dim: int, bias: bool) -> Measured:
    """A certified set at thresholds 1; ten sets of one point more, each refuted.

    Examples
    --------
    >>> pseudo_dimension.check(Instance("", {"dim": 2, "bias": True})).computed
    3
    """
    neuron = vc.Neuron(dim, bias)
    corners = [[0] * dim] * bias + _basis(dim)
    found = vc.pseudo_shatters(neuron, corners, [1] * len(corners))
    found.certificate.check()
    rng = np.random.default_rng(dim)
    for _ in range(10):
        larger = rng.permutation(np.unique(rng.integers(-9, 10, (40, dim)), axis=0))
        larger = larger[: len(corners) + 1].tolist()
        levels = rng.integers(0, 9, len(larger)).tolist()
        more = vc.pseudo_shatters(neuron, larger, levels)
        more.certificate.check()
        if more.shattered:
            return Measured(len(larger), len(corners), more.certificate)
    return Measured(len(corners) if found else None, dim + bias, found.certificate)
