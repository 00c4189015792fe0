"""One labeling: exact parameters that realise it, or a tree that refutes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from relu_theory._kernels.realise import FEASIBLE, INFEASIBLE, LIMIT
from relu_theory._kernels.realise import realise as search
from relu_theory.errors import InvalidInput, TooLarge, Undecided
from relu_theory.exact.farkas import nonnegative_combination
from relu_theory.exact.linalg import dot, solve
from relu_theory.exact.numbers import fraction, primitive, rational
from relu_theory.network import ReluNetwork
from relu_theory.vc.systems import LABEL, OFF, ON, Row, System

__all__ = ["Realisation", "Refutation", "realise"]

_ROUNDINGS = (0, 1, 2, 4, 8, 16, 32, 48, 64)


@dataclass(frozen=True)
class Realisation:
    """Exact parameters, and the signs of the units with which they realise the labeling.

    Attributes
    ----------
    theta : tuple of Fraction
        ``w``, then ``b`` for Halfspaces; ``(w_k, b_k)`` for each unit, then ``c``, then ``a`` for
        OneHidden; ``(w_j, b_j)`` for each unit, then ``c`` for GroupConv.
    signs : tuple of int
        The output weights; those of the units of a group convolution are repeated.
    """

    theta: tuple[Fraction, ...]
    signs: tuple[int, ...]

    def network(self, architecture: Any) -> ReluNetwork:
        """The network f with these parameters; the labels are [f(x) > 0].

        Parameters
        ----------
        architecture : Halfspaces or OneHidden
            The one that the labeling was asked of.

        Raises
        ------
        InvalidInput
            For any other class, and for parameters of another architecture.

        Notes
        -----
        A linear part a . x becomes the two units relu(a . x) - relu(-a . x).

        Examples
        --------
        >>> from relu_theory import vc
        >>> pair, corners = vc.OneHidden(2, 2), [[0, 0], [1, 0], [0, 1], [1, 1]]
        >>> net = vc.realises(pair, corners, [0, 1, 1, 0]).network(pair)
        >>> [net.forward_exact(x)[0] > 0 for x in corners]
        [False, True, True, False]
        """
        layers = getattr(architecture, "layers", None)
        if layers is None:
            raise InvalidInput(
                f"architecture must be Halfspaces or OneHidden, got {architecture!r}; parameters "
                "of another class are read from theta"
            )
        return ReluNetwork(*layers(self.theta, self.signs))


@dataclass(frozen=True)
class Refutation:
    """For each sign pattern a tree: ``["branch", point, units, on, off]`` or ``["leaf", rows]``.

    A row is ``[kind, point, units, multiplier]``; the multipliers of a leaf are positive integers
    with which its rows ``a . theta >= b`` add up to ``0 >= b`` with b > 0.
    """

    trees: tuple[Any, ...]


def realise(
    system: System, labels: Sequence[int], *, limit: int = 10**6
) -> Realisation | Refutation:
    """Decide whether parameters exist with ``f_i > 0`` exactly where the label is 1.

    Parameters
    ----------
    system : System
    labels : m numbers
        1, -1, or 0 where the label does not matter.
    limit : int
        The most nodes of the search for each sign pattern.

    Raises
    ------
    TooLarge
        When the limit is passed.
    Undecided
        When floats stall, or their answer is not confirmed exactly.

    Notes
    -----
    An upper bound of a relu is convex, a lower bound is not: the search branches on the sign of a
    form only where its relu helps a point to its label. Systems are decided in floats by the
    nearest point of a cone; a solution is rounded and evaluated exactly, an infeasible system is
    confirmed by exact Farkas multipliers on the rows that the floats name.
    """
    trees = []
    for signs in system.sign_patterns():
        run = _Run(system, signs, labels, limit)
        status, length = run.search(0)
        if status == FEASIBLE:
            return Realisation(run.exact_solution(), signs)
        run.require(status)
        run.search(length)
        trees.append(run.tree(iter(run.transcript.tolist())))
    return Refutation(tuple(trees))


class _Run:
    """The search for one sign pattern."""

    def __init__(
        self, system: System, signs: tuple[int, ...], labels: Sequence[int], limit: int
    ) -> None:
        self.system, self.signs, self.labels, self.limit = system, signs, labels, limit
        self.theta = np.zeros(system.size + 1)
        self.support = np.zeros(system.size + 4, np.int64)
        self.transcript = np.zeros(0, np.int64)

    def search(self, room: int) -> tuple[int, int]:
        self.transcript = np.zeros(room, np.int64)
        forms, base, _ = self.system.floats
        slack = 1e-9 if self.system.shift is None else 1e-5
        status, length, _ = search(
            forms, base, np.array(self.signs, np.float64), np.array(self.system.kinds, np.int64),
            np.array(self.labels, np.float64), slack, self.limit, self.theta, self.support,
            self.transcript,
        )  # fmt: skip
        return status, length

    def require(self, status: int) -> None:
        if status == LIMIT:
            raise TooLarge(
                f"one labeling of {len(self.labels)} points passed limit={self.limit} nodes; "
                "raise the limit, or take fewer points or units"
            )
        if status != INFEASIBLE:
            raise Undecided("the float search stalled; move or scale the points")

    def exact_solution(self) -> tuple[Fraction, ...]:
        """The float solution, rounded as coarsely as it stands exact evaluation."""
        scale = self.system.floats[2]
        floats: NDArray[np.float64] = self.theta[:-1] / self.theta[-1]
        if self.system.shift is not None:
            # Labels are at most 0 and at least 1 here: the middle leaves room for rounding.
            floats[self.system.shift] -= 0.5 / scale[self.system.shift]
        floats = floats * scale
        for bits in _ROUNDINGS:
            theta = tuple(Fraction(round(Fraction(float(t)) * 2**bits), 2**bits) for t in floats)
            if self._confirmed(theta):
                return theta
        for other in (self._projected(), self._with_pattern(floats)):
            if other is not None and self._confirmed(other):
                return other
        raise Undecided("the parameters found in floats are not confirmed exactly")

    def _projected(self) -> tuple[Fraction, ...] | None:
        """The residual of the exact projection on the rows that the floats found tight.

        In the scaled parameters of the search: another metric has other nearest points.
        """
        scale = [rational(v) for v in self.system.floats[2].tolist()] + [fmpq(1)]
        rows = [self._row(c) for c in self.support[1 : self.support[0] + 1].tolist()]
        columns = [
            [v * s for v, s in zip(self.system.column(row, self.signs, self.labels), scale,
                                   strict=True)]
            for row in rows
        ]  # fmt: skip
        gram = [[dot(a, b) for b in columns] for a in columns]
        weights = solve(gram, [-column[-1] for column in columns]) if rows else []
        residual = [fmpq(0)] * self.system.size + [fmpq(1)]
        for weight, column in zip(weights or (), columns, strict=False):
            residual = [r + weight * v for r, v in zip(residual, column, strict=True)]
        if residual[-1] <= 0:
            return None
        return tuple(fraction(s * r / residual[-1]) for r, s in zip(residual[:-1], scale[:-1],
                     strict=True))  # fmt: skip

    def _with_pattern(self, floats: NDArray[np.float64]) -> tuple[Fraction, ...] | None:
        """Exact parameters with the activation pattern of the floats: a system without units.

        Where labels hold with equality, floats cannot; an inequality is written as a label.
        """
        if not self.system.neurons:
            return None
        rows = []
        for i, label in enumerate(self.labels):
            inner = [sum(float(a) * t for a, t in zip(form, floats, strict=True))
                     for form in self.system.forms[i]]  # fmt: skip
            on = tuple(u for u, value in enumerate(inner) if value > 1e-9)
            rows += [Row(ON if u in on else OFF, i, (u,)) for u in range(len(inner))]
            rows += [Row(LABEL, i, on)] if label else []
        columns = [self.system.column(row, self.signs, self.labels) for row in rows]
        base = tuple(tuple(v if c[-1] else -v for v in c[:-1]) for c in columns)
        linear = System(base, tuple(() for _ in base), (), False, None)
        run = _Run(linear, (), [1 if c[-1] else -1 for c in columns], self.limit)
        return run.exact_solution() if run.search(0)[0] == FEASIBLE else None

    def _confirmed(self, theta: Sequence[Fraction]) -> bool:
        found = self.system.labels_at(theta, self.signs)
        return all(
            label == 0 or (label > 0) == value
            for label, value in zip(self.labels, found, strict=True)
        )

    def tree(self, tokens: Iterator[int]) -> list[Any]:
        """The tree of a transcript in preorder, with exact multipliers."""
        token = next(tokens)
        if token >= 0:
            return ["leaf", self._leaf([self._row(next(tokens)) for _ in range(token)])]
        point = next(tokens)
        units = [next(tokens) for _ in range(next(tokens))]
        on = self.tree(tokens)
        return ["branch", point, units, on, self.tree(tokens)]

    def _leaf(self, rows: Sequence[Row]) -> list[list[Any]]:
        columns = [self.system.column(row, self.signs, self.labels) for row in rows]
        target = [fmpq(0)] * self.system.size + [fmpq(-1)]
        table = [list(line) for line in zip(*columns, strict=True)]
        found = solve(table, target) if rows else None
        if found is None or min(found) < 0:
            found = nonnegative_combination(columns, target)
        if found is None:
            raise Undecided("a system that floats call infeasible is not refuted exactly")
        return [
            [row.kind, row.point, list(row.units), multiplier]
            for row, multiplier in zip(rows, primitive(found), strict=True)
            if multiplier
        ]

    def _row(self, code: int) -> Row:
        kind, rest = code % 3, code // 3
        which, point = divmod(rest, len(self.labels))
        if kind != LABEL:
            return Row(kind, point, (which,))
        units = tuple(u for u in range(len(self.signs)) if which >> u & 1)
        return Row(kind, point, units)
