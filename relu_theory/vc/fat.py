"""Fat-shattering of given points by linear functions and neurons with bounded weights, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from flint import fmpq

from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.exact.farkas import nonnegative_combination
from relu_theory.exact.least_norm import least_norm
from relu_theory.exact.linalg import dot
from relu_theory.exact.numbers import fraction, rational, rational_vector
from relu_theory.vc.certificates import ShatteringCertificate, fat_certificate
from relu_theory.vc.systems import Point, read_points

__all__ = ["FatShattering", "fat_shatters", "margin_squared"]

Word = tuple[bool, ...]


@dataclass(frozen=True)
class FatShattering:
    """Whether points are shattered with a margin; true in a condition exactly when they are.

    Attributes
    ----------
    shattered : bool
    missing : tuple of bool, or None
        A labeling that no function gives with the margin; None also where a threshold is too low
        for a neuron.
    certificate : ShatteringCertificate
        A function for every labeling, or multipliers that refute the missing one.
    """

    shattered: bool
    missing: Word | None
    certificate: ShatteringCertificate

    def __bool__(self) -> bool:
        return self.shattered


def fat_shatters(
    points: Any, bound: Any, margin: Any, *, ord: Any = 2, bias: bool = False,
    neuron: bool = False, thresholds: Any = None,
) -> FatShattering:  # fmt: skip
    """Whether functions ``w . x + b``, or their rectifications, with ``|w| <= bound`` shatter.

    For every set of points some function must be at least ``t_i + margin`` on them, and at most
    ``t_i - margin`` on the others.

    Parameters
    ----------
    points : m distinct points of R^n
    bound, margin : positive numbers
    ord : 1, 2 or inf
        The norm of w.
    bias : bool
        Whether there is b, which is not bounded.
    neuron : bool
        Whether the functions are rectified.
    thresholds : m numbers, optional
        By default any are allowed.

    Returns
    -------
    FatShattering

    Raises
    ------
    InvalidInput
        Unless bound and margin are positive and the norm is one of the three; for a neuron without
        a bias and without thresholds.
    ShapeError
        When there are not as many thresholds as points.
    TooLarge
        For more than 12 points.

    Notes
    -----
    Linear functions may have thresholds 0: half the difference of the functions for opposite labels
    has the same margin. A neuron needs thresholds of at least the margin, and is then decided as a
    linear function; with a bias, all may be moved up. For the Euclidean norm the shortest w of each
    labeling is rational and found exactly (least distance programming; a bias is eliminated by
    pairs of points with different labels); for the others an exact linear program is solved. At
    most ``(bound * radius / margin)^2`` points of norm <= radius are shattered by linear functions
    without a bias, in the Euclidean norm.

    Examples
    --------
    >>> [fat_shatters([[1, 0], [0, 1]], 1, g).shattered for g in ("7/10", "3/4")]
    [True, False]
    >>> found = fat_shatters([[1, 0], [0, 1]], 1, 1, ord=1)
    >>> found.missing, found.certificate.check()["kind"]
    ((False, False), 'not fat-shattered')
    """
    rows = [rational_vector(p, name=f"points[{i}]") for i, p in enumerate(points)]
    exact = read_points(points, len(rows[0]) if rows else 0)
    b, g = rational(bound), rational(margin)
    levels = _checked(exact, b, g, ord, bias, neuron, thresholds)
    about = {
        "points": [[str(v) for v in p] for p in exact], "bound": str(b), "margin": str(g),
        "ord": "inf" if ord == float("inf") else ord, "bias": bias, "neuron": neuron,
        "thresholds": None if thresholds is None else [str(t) for t in levels],
    }  # fmt: skip
    if neuron and thresholds is not None and min(levels) < g:
        at = next(i for i, t in enumerate(levels) if t < g)
        return FatShattering(False, None, fat_certificate(about, ["threshold", at], False))
    functions: dict[str, Any] = {}
    for word in product((False, True), repeat=len(exact)):
        name = "".join("01"[one] for one in word)
        if word[0] and thresholds is None:
            # Minus the function for the opposite labeling, which came before.
            w, shift = functions[name.translate({48: 49, 49: 48})]
            functions[name] = [[str(-fraction(v)) for v in w], str(-fraction(shift))]
            continue
        problem = _Labeling(exact, levels, word, b, g, bias)
        found = problem.euclidean() if ord == 2 else problem.polyhedral(ord)
        if isinstance(found[0], list):
            functions[name] = [[str(v) for v in found[0]], str(found[1])]
        else:
            proof = [name, [str(v) for v in found[1]]]
            return FatShattering(False, word, fat_certificate(about, proof, False))
    return FatShattering(True, None, fat_certificate(about, functions, True))


def margin_squared(points: Any) -> Fraction:
    """The square of the largest margin at which ``x -> w . x``, |w| <= 1, shatters the points.

    It is the least, over all signs, of the squared distance from 0 to the convex hull of the points
    s_i x_i; 0 when they are dependent with some signs.

    Raises
    ------
    TooLarge
        For more than 12 points.

    Notes
    -----
    For fixed signs it is 1 / |w|^2 for the shortest w with s_i w . x_i >= 1.

    Examples
    --------
    >>> margin_squared([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    Fraction(1, 3)
    """
    rows = [rational_vector(p, name=f"points[{i}]") for i, p in enumerate(points)]
    exact = read_points(points, len(rows[0]) if rows else 0)
    _limited(exact)
    longest = fmpq(0)
    for tail in product((1, -1), repeat=len(exact) - 1):
        signed = [[s * v for v in p] for s, p in zip((1, *tail), exact, strict=True)]
        shortest, _ = least_norm(signed, [1] * len(exact))
        if shortest is None:
            return Fraction(0)
        longest = max(longest, dot(shortest, shortest))
    return 1 / fraction(longest)


@dataclass(frozen=True)
class _Labeling:
    """``s_i (w . x_i + b - t_i) >= margin`` with ``|w| <= bound``.

    The methods return (w, b), or (None, multipliers of the rows that refute it).
    """

    points: Sequence[Point]
    levels: Sequence[fmpq]
    word: Word
    bound: fmpq
    margin: fmpq
    bias: bool

    def euclidean(self) -> tuple[list[fmpq], fmpq] | tuple[None, list[fmpq]]:
        groups = list(self._groups())
        if not groups:
            # All labels are the same, and a bias does it.
            w = [fmpq(0)] * len(self.points[0])
            return w, self._bias(w)
        rows, right = [], []
        for group in groups:
            signed = [(1 if self.word[i] else -1, i) for i in group]
            rows.append([sum((s * self.points[i][k] for s, i in signed), fmpq(0))
                         for k in range(len(self.points[0]))])  # fmt: skip
            right.append(sum((self.margin + s * self.levels[i] for s, i in signed), fmpq(0)))
        found, multipliers = least_norm(rows, right)
        if found is not None and dot(found, found) <= self.bound**2:
            return found, self._bias(found)
        spread = [fmpq(0)] * len(self.points)
        for group, multiplier in zip(groups, multipliers, strict=True):
            for i in group:
                spread[i] += multiplier
        return None, spread

    def _groups(self) -> Iterator[tuple[int, ...]]:
        """Rows; with a bias the sums of two rows from which it cancels."""
        names = range(len(self.points))
        if not self.bias:
            return ((i,) for i in names)
        return ((i, j) for i in names for j in names if self.word[i] and not self.word[j])

    def _bias(self, w: list[fmpq]) -> fmpq:
        """A bias that serves, if there is one."""
        if not self.bias:
            return fmpq(0)
        gaps = [t - dot(w, x) for x, t in zip(self.points, self.levels, strict=True)]
        least = [t + self.margin for one, t in zip(self.word, gaps, strict=True) if one]
        most = [t - self.margin for one, t in zip(self.word, gaps, strict=True) if not one]
        return max(least) if least else min(most)

    def polyhedral(self, order: Any) -> tuple[list[fmpq], fmpq] | tuple[None, list[fmpq]]:
        """Nonnegative variables w+, w-, b+, b- and slacks; else Farkas multipliers."""
        n, m = len(self.points[0]), len(self.points)
        table, right = [], []
        for i, (one, x) in enumerate(zip(self.word, self.points, strict=True)):
            s = 1 if one else -1
            row = [s * v for v in x]
            free = [fmpq(s), fmpq(-s)] if self.bias else []
            table.append([*row, *(-v for v in row), *free])
            right.append(self.margin + s * self.levels[i])
        width = len(table[0])
        limits = [range(2 * n)] if order == 1 else [(k,) for k in range(2 * n)]
        for limit in limits:
            table.append([fmpq(-1) if k in limit else fmpq(0) for k in range(width)])
            right.append(-self.bound)
        solution, multipliers = _at_least(table, right)
        if solution is None:
            return None, multipliers[:m]
        w = [solution[k] - solution[n + k] for k in range(n)]
        return w, solution[2 * n] - solution[2 * n + 1] if self.bias else fmpq(0)


def _at_least(table: list[list[fmpq]], right: list[fmpq]) -> tuple[list[fmpq] | None, list[fmpq]]:
    """Some v >= 0 with ``table @ v >= right``, or None and multipliers m >= 0 that refute it:
    ``m @ table <= 0 < m @ right``."""
    count, width = len(table), len(table[0])
    unit = [[fmpq(int(i == j)) for j in range(max(count, width))] for i in range(max(count, width))]
    columns = [[row[k] for row in table] for k in range(width)]
    slack = [[-v for v in unit[i][:count]] for i in range(count)]
    found = nonnegative_combination([*columns, *slack], right)
    if found is not None:
        return found[:width], []
    rows = [[*row, b] for row, b in zip(table, right, strict=True)]
    slack = [[*unit[k][:width], fmpq(0)] for k in range(width)]
    refuting = nonnegative_combination([*rows, *slack], [*[fmpq(0)] * width, fmpq(1)])
    assert refuting is not None, "Farkas' lemma"
    return None, refuting[:count]


def _checked(
    exact: Sequence[Point], bound: fmpq, margin: fmpq, order: Any, bias: bool, neuron: bool,
    thresholds: Any,
) -> list[fmpq]:  # fmt: skip
    _limited(exact)
    if bound <= 0 or margin <= 0:
        raise InvalidInput(f"bound and margin must be positive, got {bound} and {margin}")
    if order not in (1, 2, float("inf")):
        raise InvalidInput(f"ord must be 1, 2 or inf, got {order!r}")
    if thresholds is None:
        if neuron and not bias:
            raise InvalidInput("a neuron without a bias needs thresholds; pass thresholds=")
        return [fmpq(0)] * len(exact)
    levels = rational_vector(thresholds, name="thresholds")
    if len(levels) != len(exact):
        raise ShapeError(f"thresholds must have {len(exact)} entries, got {len(levels)}")
    return list(levels)


def _limited(exact: Sequence[Point]) -> None:
    if len(exact) > 12:
        raise TooLarge(f"at most 12 points are decided, got {len(exact)}")
