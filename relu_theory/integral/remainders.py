"""The affine remainder of a ridge sum: certified minima of |v + sum of q_H z_H|, 0 <= q_H <= c_H.

Search in floats, then prove in rationals: any dual vector y gives a lower bound, any q an upper
one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import isqrt
from typing import Any

import numpy as np

from relu_theory.certificate import Bracket
from relu_theory.exact import fraction

__all__ = ["least_l1", "least_l2"]

Columns = Sequence[tuple[Fraction, Sequence[int]]]


def least_l1(v: Sequence[Fraction], columns: Columns, costs: Sequence[int]) -> Bracket:
    """min of sum_j costs_j |(v + sum of q_H z_H)_j|, exactly when the float solution is a vertex.

    Parameters
    ----------
    v : k Fractions
    columns : pairs (c_H, z_H)
        q_H lies between 0 and c_H, whatever the sign of c_H.
    costs : k positive ints
    """
    if not columns:
        value = sum((k * abs(r) for k, r in zip(costs, v, strict=True)), Fraction(0))
        return Bracket(value, value)
    from scipy.optimize import linprog

    k, n = len(v), len(columns)
    z = np.array([[float(c) for c in row] for _, row in columns]).T
    # Variables q, r with |v + z q| <= r.
    A = np.block([[z, -np.eye(k)], [-z, -np.eye(k)]])
    b = np.array([-float(t) for t in v] + [float(t) for t in v])
    limits = [tuple(sorted((0.0, float(c)))) for c, _ in columns] + [(0, None)] * k
    found = linprog([0.0] * n + list(map(float, costs)), A, b, bounds=limits, method="highs")
    q = _vertex(found.x[:n], v, columns)
    upper = min(_l1(v, columns, p, costs) for p in (q, _clipped(found.x[:n], columns)))
    marginals = found.ineqlin.marginals
    candidates = [
        [_rounded(t, 10**6) for t in marginals[k:] - marginals[:k]],
        _supported(v, columns, q, costs, marginals[k:] - marginals[:k]),
    ]
    lower = max(_dual(v, columns, _limited(y, costs)) for y in candidates)
    return Bracket(min(max(lower, Fraction(0)), upper), upper, reason="linear programme")


def _l1(v: Any, columns: Columns, q: Sequence[Fraction], costs: Sequence[int]) -> Fraction:
    return sum((k * abs(r) for k, r in zip(costs, _rest(v, columns, q), strict=True)), Fraction(0))


def _rest(v: Any, columns: Columns, q: Sequence[Fraction]) -> list[Fraction]:
    rest = [Fraction(t) for t in v]
    for (_, row), step in zip(columns, q, strict=True):
        if step:
            rest = [r + step * t for r, t in zip(rest, row, strict=True)]
    return rest


def _dual(v: Any, columns: Columns, y: Sequence[Fraction]) -> Fraction:
    """y.v + sum of min(0, c_H z_H.y): a lower bound whenever |y| is at most 1 in the dual norm."""
    total = _dot(y, v)
    for c, row in columns:
        total += min(Fraction(0), c * _dot(y, row))
    return total


def _dot(a: Sequence[Any], b: Sequence[Any]) -> Fraction:
    return sum((s * t for s, t in zip(a, b, strict=True)), Fraction(0))


def _clipped(q: Any, columns: Columns) -> list[Fraction]:
    out = []
    for value, (c, _) in zip(q, columns, strict=True):
        low, high = sorted((Fraction(0), c))
        out.append(min(max(_rounded(value, 10**9), low), high))
    return out


def _rounded(value: float, limit: int) -> Fraction:
    return fraction(float(value)).limit_denominator(limit)


def _limited(y: Sequence[Fraction], costs: Sequence[int]) -> list[Fraction]:
    return [min(max(t, Fraction(-k)), Fraction(k)) for t, k in zip(y, costs, strict=True)]


def _vertex(q: Any, v: Any, columns: Columns) -> list[Fraction]:
    """The rational q with the same q at their ends and the same coordinates of the rest at zero."""
    from relu_theory.exact import solve

    near = _clipped(q, columns)
    ends = [min((Fraction(0), c), key=lambda e: abs(float(e) - value))
            for value, (c, _) in zip(q, columns, strict=True)]  # fmt: skip
    inside = [i for i, (p, e) in enumerate(zip(near, ends, strict=True))
              if abs(float(p - e)) > 1e-7 * (1 + abs(float(columns[i][0])))]  # fmt: skip
    fixed = [Fraction(0) if i in inside else e for i, e in enumerate(ends)]
    if not inside:
        return fixed
    rest = _rest(v, columns, fixed)
    size = [abs(float(t)) for t in _rest(v, columns, near)]
    zero = [j for j, s in enumerate(size) if s < 1e-7 * (1 + max(map(abs, map(float, v))))]
    matrix = [[columns[i][1][j] for i in inside] for j in zero]
    solution = solve(matrix, [-rest[j] for j in zero]) if zero else None
    if solution is None:
        return near
    for i, value in zip(inside, solution, strict=True):
        low, high = sorted((Fraction(0), columns[i][0]))
        fixed[i] = min(max(fraction(value), low), high)
    return fixed


def _supported(v: Any, columns: Columns, q: Any, costs: Any, near: Any) -> list[Fraction]:
    """The dual vector with its signs where the rest is not zero, and z_H.y = 0 at inner q_H."""
    from relu_theory.exact import solve

    rest = _rest(v, columns, q)
    free = [j for j, r in enumerate(rest) if not r]
    base = [Fraction(k * ((r > 0) - (r < 0))) for k, r in zip(costs, rest, strict=True)]
    if free:
        inner = [row for (c, row), p in zip(columns, q, strict=True) if p not in (0, c)]
        guess = [_rounded(near[j], 10**6) for j in free]
        matrix = [[row[j] for j in free] for row in inner]
        right = [-_dot(row, base) for row in inner]
        found = solve(matrix, right) if inner and len(inner) == len(free) else None
        for j, value in zip(free, guess if found is None else found, strict=True):
            base[j] = fraction(value)
    return base


def least_l2(v: Sequence[Fraction], columns: Columns, constant: bool = False) -> Bracket:
    """Bounds of the square of min |v + sum of q_H z_H|_2.

    With ``constant`` the last coordinate may be corrected at half price: the cost is then
    ``|v_1| + |v_2|/2`` minimised over splits v = v_1 + (0, ..., 0, v_2), and its square is bounded.
    """
    if len(v) == 1 and not constant:
        return _line(v[0], columns)
    y, q, step = _conic(v, columns, constant)
    rest = _rest(v, columns, q)
    rest[-1] -= step
    square, extra = sum((r * r for r in rest), Fraction(0)), abs(step) / 2
    if not square:
        return _closed_bracket(extra**2, y, v, columns, constant)
    root = _root_above(square)
    upper = square if not extra else (root + extra) ** 2
    return _closed_bracket(upper, y, v, columns, constant)


def _closed_bracket(
    upper: Fraction, y: list[Fraction], v: Any, columns: Columns, constant: bool
) -> Bracket:
    norm = sum((t * t for t in y), Fraction(0))
    if constant and abs(y[-1]) > Fraction(1, 2):
        y = [t / (2 * abs(y[-1])) for t in y]
        norm = sum((t * t for t in y), Fraction(0))
    value = max(_dual(v, columns, y), Fraction(0))
    lower = value**2 / max(norm, Fraction(1)) if constant else value**2 / norm if norm else norm
    return Bracket(min(lower, upper), upper, reason="convex programme with a rational dual")


def _line(v: Fraction, columns: Columns) -> Bracket:
    """One coordinate: the distance of -v from the interval of all sums."""
    steps = [c * row[0] for c, row in columns]
    low, high = (sum((s for s in steps if s * side > 0), Fraction(0)) for side in (-1, 1))
    gap = max(Fraction(0), low + v, -(high + v))
    return Bracket(gap**2, gap**2, reason="one dimension")


def _conic(
    v: Sequence[Fraction], columns: Columns, constant: bool
) -> tuple[list[Fraction], list[Fraction], Fraction]:
    """A dual vector, multipliers and a correction of the constant, from floats."""
    import cvxpy as cp

    k, start = len(v), np.array([float(t) for t in v])
    q = cp.Variable(max(len(columns), 1))
    step = cp.Variable()
    z = np.array([[float(t) for t in row] for _, row in columns]).T if columns else np.zeros((k, 1))
    ends = np.array([sorted((0.0, float(c))) for c, _ in columns]) if columns else np.zeros((1, 2))
    unit = np.zeros(k)
    unit[-1] = 1.0
    rest = cp.Variable(k)
    link = rest == start + z @ q - unit * step
    limits = [q >= ends[:, 0], q <= ends[:, 1], link]
    limits += [] if constant else [step == 0]
    cp.Problem(cp.Minimize(cp.norm(rest) + cp.abs(step) / 2), limits).solve()
    found = _clipped(q.value, columns) if columns else []
    shift = _rounded(float(step.value), 10**6) if constant else Fraction(0)
    left = np.array([float(t) for t in _rest(v, columns, found)]) - unit * float(shift)
    size = float(np.linalg.norm(left))
    direction = left / size if size > 1e-6 else -np.asarray(link.dual_value)
    if np.dot(direction, left) < 0:
        direction = -direction
    return [_rounded(t, 10**9) for t in direction], found, shift


def _root_above(square: Fraction) -> Fraction:
    scale = 10**24
    return Fraction(isqrt(square.numerator * scale**2 // square.denominator) + 1, scale)
