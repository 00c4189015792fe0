"""What a verifier's bounds and a Lipschitz bound are asked."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

from relu_theory.domain import Box
from relu_theory.errors import InvalidInput
from relu_theory.network import ReluNetwork
from relu_theory.testing.cases import load_constants, load_ranges
from relu_theory.testing.questions import Judgement, Question, place, spell
from relu_theory.testing.variants import variants

__all__ = ["CLAIMS", "ORDERS", "bound_questions", "lipschitz_questions"]

#: What the number of a Lipschitz subject is said to be.
CLAIMS = ("upper", "lower", "exact")
#: The norms for which constants are known.
ORDERS = (1, 2, math.inf)
_REWRITTEN = ("pass through 2^24", "barrier 1000", "two outputs", "steep 1", "coupled")

Ends = tuple[Sequence[Any], Sequence[Any]]


def bound_questions(
    networks: Iterable[tuple[ReluNetwork, Box]] = (),
) -> Iterator[Question]:
    """Whether bounds enclose the exact range, also that of rewritten networks.

    Parameters
    ----------
    networks : pairs of a network and a Box
        Further networks: bounds must enclose the exact values at the corners and the centre.
    """
    for case in load_ranges():
        judge = partial(_encloses, case.ranges)
        yield Question("bounds", "encloses the range", case.name, [(case.network, case.box)], judge)
        if case.name in _REWRITTEN:
            for name, net, box in variants(case.network, case.box):
                yield Question("bounds", name, case.name, [(net, box)], judge)
    for i, (net, box) in enumerate(networks):
        values = [net.forward_exact(x) for x in _points(box)]
        seen = tuple((min(column), max(column)) for column in zip(*values, strict=True))
        label = f"network {i}, {place(box)}"
        yield Question(
            "bounds", "encloses values", label, [(net, box)], partial(_encloses, seen))


def lipschitz_questions(
    claim: str = "upper", orders: Iterable[float] = (2,), tolerance: float = 0
) -> Iterator[Question]:
    """Whether a constant is on the right side of the exact one, also for rewritten networks.

    Parameters
    ----------
    claim : {"upper", "lower", "exact"}
    orders : norms among `ORDERS`
        Inputs and outputs are measured in the same norm.
    tolerance : float
        A relative error that is forgiven.
    """
    norms = tuple(orders)
    if claim not in CLAIMS:
        raise InvalidInput(f"claim must be one of {', '.join(CLAIMS)}, got {claim!r}")
    if not set(norms) <= set(ORDERS):
        raise InvalidInput(f"orders must be taken from 1, 2 and inf, got {norms!r}")
    for case in load_constants():
        for domain, order, squared in (
            (known.domain, known.ord, known.squared)
            for known in case.constants
            for order in (norms if case.network.input_dim == 1 else (known.ord,))
            if order in norms
        ):
            judge = partial(_beside, claim, squared, Fraction(tolerance))
            label = f"{case.name}, {place(domain)}, l_{order}"
            arguments = (case.network, domain, order)
            yield Question("lipschitz", f"{claim} constant", label, [arguments], judge)
            if case.name in _REWRITTEN:
                for name, net, where in variants(case.network, domain, stretch=1):
                    yield Question("lipschitz", name, label, [(net, where, order)], judge)


def _points(box: Box) -> Iterator[tuple[Fraction, ...]]:
    """The centre, and corners: at most 16 of them."""
    yield tuple((a + b) / 2 for a, b in zip(box.lower, box.upper, strict=True))
    for i in range(min(16, 2**box.dim)):
        ends = zip(box.lower, box.upper, strict=True)
        yield tuple(pair[i >> j & 1] for j, pair in enumerate(ends))


def _encloses(ranges: Sequence[tuple[Fraction, Fraction]], answer: Any) -> Judgement:
    expected = " and ".join(f"[{spell(low)}, {spell(high)}]" for low, high in ranges)
    try:
        lower, upper = _ends(answer)
        if not len(lower) == len(upper) == len(ranges):
            return False, expected, f"{len(ranges)} outputs, and as many bounds, are expected"
        for low, high, (least, most) in zip(lower, upper, ranges, strict=True):
            if not (_number(low) <= least and _number(high) >= most):
                return False, expected, "a true value is outside of the bounds"
    except (TypeError, ValueError) as reason:
        return False, expected, f"no pair of lists of numbers: {reason}"
    return True, expected, ""


def _ends(answer: Any) -> Ends:
    """The pair (lower, upper) of an answer, which may also have attributes of these names."""
    lower, upper = (
        (answer.lower, answer.upper)
        if hasattr(answer, "lower") and hasattr(answer, "upper")
        else answer
    )
    return _listed(lower), _listed(upper)


def _listed(end: Any) -> Sequence[Any]:
    items = end.tolist() if hasattr(end, "tolist") else end
    return items if isinstance(items, (list, tuple)) else [items]


def _number(value: Any) -> Fraction | float:
    """An exact number, or an infinite float.

    Raises
    ------
    ValueError
        For NaN.
    """
    if isinstance(value, float) and math.isinf(value):
        return value
    return Fraction(value)


def _beside(claim: str, squared: Fraction, tolerance: Fraction, answer: Any) -> Judgement:
    expected = f"{spell(_root(squared))} ({claim})"
    try:
        found = _square(answer)
    except (TypeError, ValueError) as reason:
        return False, expected, f"no number: {reason}"
    if found < 0:
        return False, expected, "a constant is not negative"
    factor = (1 + tolerance) ** 2
    if claim != "lower" and found * factor < squared:
        return False, expected, "a slope of the network is larger"
    if claim != "upper" and found > squared * factor:
        return False, expected, "no slope of the network is so large"
    return True, expected, ""


def _square(answer: Any) -> Fraction | float:
    """The square of a number; that of an exact root is its attribute `squared`."""
    if isinstance(getattr(answer, "squared", None), Fraction):
        return Fraction(answer.squared)
    value = _number(answer.item() if hasattr(answer, "item") else answer)
    return value * value if value >= 0 else Fraction(-1)


def _root(squared: Fraction) -> Fraction | float:
    """The square root, exact where it is rational."""
    top, bottom = math.isqrt(squared.numerator), math.isqrt(squared.denominator)
    exact = Fraction(top, bottom)
    return exact if exact * exact == squared else math.sqrt(squared)
