"""The agnostic-to-realizable reduction on finite classes: exact failure probabilities.

An unlabeled sample S is drawn; a realizable learner A is run on every labeling of S by the class.
The question is whether one of its answers is close to a fixed hypothesis.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.exact.numbers import fraction
from relu_theory.vc.concepts import ConceptClass

__all__ = ["failure_probability"]

Mask = int


def failure_probability(
    matrix: Any, hypothesis: int, sample: int, radius: Any, *, weights: Any = None,
    reduction: bool = True,
) -> Fraction:  # fmt: skip
    """The exact probability that no answer of the learner is within radius of a hypothesis.

    Parameters
    ----------
    matrix : 0/1 matrix or ConceptClass
        Distinct concepts in lexicographic order, on at most 12 points.
    hypothesis : int
        The index of the concept that is to be approximated.
    sample : int
        How many points are drawn, independently.
    radius : number
        The distance is the probability of the points where two concepts differ; > radius fails.
    weights : probabilities of the points, optional
        Uniform by default; exact, with sum 1.
    reduction : bool
        Whether the learner is run on all labelings of the sample (the reduction), or only on that
        of the hypothesis (learning with the hypothesis as target).

    Returns
    -------
    Fraction

    Raises
    ------
    InvalidInput, ShapeError, TooLarge

    Notes
    -----
    The learner answers with the consistent concept that is first in lexicographic order, which
    depends on the set T of points drawn alone. The probability of each T is found by inclusion and
    exclusion: ``P(T) = sum over U in T of (-1)^|T - U| P(all draws in U)``.

    References
    ----------
    Hopkins, Kane, Lovett, Mahajan 2022, Lemma 3: with a sample on which the learner fails with
    probability at most delta, the reduction fails with probability at most delta.

    Examples
    --------
    Thresholds on three points, one draw:

    >>> thresholds = [[0, 0, 0], [0, 0, 1], [0, 1, 1], [1, 1, 1]]
    >>> failure_probability(thresholds, 3, 1, 0, reduction=False)
    Fraction(2, 3)
    """
    concepts = ConceptClass.read(matrix)
    if concepts.points > 12:
        raise TooLarge(f"2^{concepts.points} sets of points are too many; take at most 12 points")
    if not 0 <= hypothesis < concepts.concepts:
        raise InvalidInput(
            f"hypothesis must be an index below {concepts.concepts}, got {hypothesis}"
        )
    if isinstance(sample, bool) or not isinstance(sample, int) or sample < 0:
        raise InvalidInput(f"sample must be an int of at least 0, got {sample!r}")
    probabilities = _weights(weights, concepts.points)
    close = _close(concepts.matrix, hypothesis, probabilities, fraction(radius))
    bad = _misses(concepts.matrix, hypothesis, close, reduction)
    return _probability(bad, probabilities, sample)


def _weights(weights: Any, points: int) -> list[Fraction]:
    if weights is None:
        return [Fraction(1, points)] * points
    found = [fraction(w) for w in weights]
    if len(found) != points:
        raise ShapeError(f"weights must have {points} entries, got {len(found)}")
    if sum(found) != 1 or min(found) < 0:
        raise InvalidInput(
            f"weights must be probabilities with sum 1, got sum {sum(found)}; pass Fractions"
        )
    return found


def _close(
    rows: NDArray[np.uint8], hypothesis: int, weights: Sequence[Fraction], radius: Fraction
) -> list[bool]:
    """Which concepts are within the radius."""
    return [
        sum((w for w, d in zip(weights, row != rows[hypothesis], strict=True) if d), Fraction(0))
        <= radius
        for row in rows
    ]


def _misses(
    rows: NDArray[np.uint8], hypothesis: int, close: Sequence[bool], reduction: bool
) -> Callable[[Mask], bool]:
    """Whether on the points of a set no answer of the learner is close."""
    masks = [sum(1 << i for i, one in enumerate(row.tolist()) if one) for row in rows]

    def bad(seen: Mask) -> bool:
        first: dict[Mask, int] = {}
        for index, mask in enumerate(masks):
            first.setdefault(mask & seen, index)
        answers = first.values() if reduction else [first[masks[hypothesis] & seen]]
        return not any(close[a] for a in answers)

    return bad


def _probability(
    bad: Callable[[Mask], bool], weights: Sequence[Fraction], sample: int
) -> Fraction:
    """The sum of P(T) over the bad sets T of points drawn."""
    size = 1 << len(weights)
    within = [Fraction(0)] * size
    for mask in range(1, size):
        low = mask & -mask
        within[mask] = within[mask ^ low] + weights[low.bit_length() - 1]
    exact = [p**sample for p in within]
    # Moebius transform over the subsets: from "all draws in U" to "exactly the points of T".
    for i in range(len(weights)):
        for mask in range(size):
            if mask >> i & 1:
                exact[mask] -= exact[mask ^ (1 << i)]
    return sum((p for mask, p in enumerate(exact) if p and bad(mask)), Fraction(0))
