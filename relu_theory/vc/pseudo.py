"""Pseudo-shattering of given points by one neuron and by networks with one hidden layer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any

from flint import fmpq

from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.exact.numbers import rational_vector
from relu_theory.vc.certificates import refutation_certificate, shattering_certificate
from relu_theory.vc.growth import Shattering
from relu_theory.vc.realise import Refutation, realise
from relu_theory.vc.systems import Point, System, read_points

__all__ = ["Neuron", "pseudo_shatters"]


@dataclass(frozen=True)
class Neuron:
    """The real functions ``relu(w . x + b)`` on R^inputs; b = 0 without ``bias``.

    Raises
    ------
    InvalidInput
        When inputs is not a positive int.

    Examples
    --------
    >>> Neuron(3).parameters
    4
    """

    inputs: int
    bias: bool = True

    def __post_init__(self) -> None:
        if isinstance(self.inputs, bool) or not isinstance(self.inputs, int) or self.inputs < 1:
            raise InvalidInput(f"inputs must be a positive int, got {self.inputs!r}")

    @property
    def parameters(self) -> int:
        """The number of weights and biases."""
        return self.inputs + self.bias

    def system(self, points: tuple[Point, ...]) -> System:
        """The forms on exact points."""
        one = [fmpq(1)] if self.bias else []
        base = tuple((fmpq(0),) * self.parameters for _ in points)
        return System(base, tuple(((*point, *one),) for point in points), (0,), False, None)

    def to_dict(self) -> dict[str, Any]:
        """The description that certificates hold."""
        return {"name": "Neuron", "inputs": self.inputs, "bias": self.bias}


def pseudo_shatters(architecture: Any, points: Any, thresholds: Any) -> Shattering:
    """Whether each set of points is exactly where some function exceeds the thresholds.

    Parameters
    ----------
    architecture : Neuron, OneHidden, Halfspaces or GroupConv
        Its real functions; those of Halfspaces are affine.
    points : m distinct points
    thresholds : m numbers

    Returns
    -------
    Shattering
        With a certificate of either answer.

    Raises
    ------
    InvalidInput
        For a class without a system of linear forms.
    ShapeError
        When there are not as many thresholds as points.
    TooLarge
        For more than 16 points.

    Notes
    -----
    ``f(x_i) > t_i`` is made homogeneous by a parameter s > 0 that multiplies the thresholds; then
    each labeling is decided as in `relu_theory.vc.realises`, positives by exact parameters and
    negatives by exact Farkas multipliers. These classes are closed under multiplication by positive
    numbers, so fat_gamma is the pseudo-dimension for every gamma [anthony1999, Theorem 11.14];
    bounded weights make a difference, see `relu_theory.vc.fat_shatters`.

    Examples
    --------
    The pseudo-dimension of relu(w x + b) on the line is 2:

    >>> pseudo_shatters(Neuron(1), [[0], [1]], [0, 0]).shattered
    True
    >>> found = pseudo_shatters(Neuron(1), [[0], [1], [2]], [0, 0, 0])
    >>> found.missing, found.certificate.check()["kind"]
    ((False, True, False), 'refuted')
    """
    if not hasattr(architecture, "system"):
        raise InvalidInput(f"{type(architecture).__name__} has no system of linear forms")
    exact = read_points(points, architecture.inputs)
    levels = rational_vector(thresholds, name="thresholds")
    if len(levels) != len(exact):
        raise ShapeError(f"thresholds must have {len(exact)} entries, got {len(levels)}")
    if len(exact) > 16:
        raise TooLarge(f"at most 16 points are decided, got {len(exact)}")
    system = _above(architecture.system(exact), levels)
    witnesses = {}
    for word in sorted(product((False, True), repeat=len(exact)), key=_changes):
        result = realise(system, [*(1 if one else -1 for one in word), 1])
        if isinstance(result, Refutation):
            made = refutation_certificate(architecture, exact, word, result, levels)
            return Shattering(False, word, made)
        witnesses[word] = result
    made = shattering_certificate(architecture, exact, witnesses, levels)
    return Shattering(True, None, made)


def _above(system: System, levels: Sequence[fmpq]) -> System:
    """``f_i - t_i s``, and one more row, s, that is to be positive."""
    base = [(*row, -t) for row, t in zip(system.base, levels, strict=True)]
    forms = [tuple((*form, fmpq(0)) for form in rows) for rows in system.forms]
    zero = (fmpq(0),) * system.size
    nothing = tuple((*zero, fmpq(0)) for _ in system.neurons)
    return replace(
        system, base=(*base, (*zero, fmpq(1))), forms=(*forms, nothing), shift=None
    )


def _changes(word: tuple[bool, ...]) -> int:
    """Labelings that change often come first: they are the ones that fail."""
    return -sum(a != b for a, b in pairwise(word))
