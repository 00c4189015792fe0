"""The exact Lipschitz constant of a network: a maximum over its full-dimensional regions."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
from flint import fmpq_mat
from numpy.typing import NDArray

from relu_theory.domain import Ball, Box, Polyhedron, Polytope, reduce, resolve
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.exact import fraction_array
from relu_theory.lipschitz.magnitude import Root, floats_around
from relu_theory.lipschitz.norms import OperatorNorm, Value, check_order, operator_norm
from relu_theory.lipschitz.result import Constant, Witness, exact_gradient
from relu_theory.network import ReluNetwork
from relu_theory.regions.batches import Batch, batches
from relu_theory.regions.cell import Cell
from relu_theory.regions.float_maps import float_maps

__all__ = ["as_polyhedron", "exact", "tangent_of"]

Floats = NDArray[np.float64]
# Cells of one matrix product, and candidates that may wait for an exact decision.
_TOGETHER, _WAITING = 2048, 4096


def exact(
    net: ReluNetwork,
    domain: Polyhedron | Ball | None = None,
    ord_in: Any = 2,
    ord_out: Any = 2,
    *,
    limit: int | None = None,
) -> Constant:
    r"""The smallest L with ``|f(x) - f(y)|_q <= L |x - y|_p`` for all x, y in a convex domain.

    Parameters
    ----------
    net : ReluNetwork
        f from R^d to R^out, any depth.
    domain : Box, Polytope, WholeSpace or Ball, optional
        All of R^d by default. On a domain without interior the constant is that on its affine
        hull (the result says ``relative``).
    ord_in, ord_out : 1, 2 or inf
        p and q.
    limit : int, optional
        Give up once more regions than this were visited.

    Returns
    -------
    Constant
        ``value`` is a Fraction, or where p or q is 2 a `Root` with exact comparisons and
        enclosures; ``witness`` is a region that attains it.

    Raises
    ------
    InvalidInput, ShapeError
        For an empty domain, a single point, a ball of radius zero, an unknown order, or a domain
        of another dimension.
    TooLarge
        When the limit is passed, or the norm needs more than 2^16 sign vectors.

    Notes
    -----
    f is piecewise linear, so on a convex domain its constant is the largest operator norm of a
    Jacobian over the regions that are full-dimensional in the domain; patterns that hold only on a
    lower-dimensional face do not count (see `formal` for the chain rule, which counts them). All
    regions are streamed; float gradients with proved error bounds rule out nearly all, and the
    rest are compared exactly. Time is that of the stream.

    A Euclidean ball is not a polyhedron: regions of its bounding box are taken by decreasing norm
    until one reaches into the open ball, decided in rationals.

    References
    ----------
    Jordan and Dimakis 2020, Theorem 1, for general position; the restriction to full-dimensional
    regions makes it true of every network.

    Examples
    --------
    >>> identity = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    >>> exact(identity).value == 1
    True
    >>> tent = ReluNetwork([[[2], [4]], [[1, -1]]], [[0, -2], [0]])
    >>> exact(tent, Box(0, "1/4", dim=1), 1, 1).value
    Fraction(2, 1)
    """
    if isinstance(domain, Ball) and domain.ord == 2:
        from relu_theory.lipschitz.euclidean_ball import exact_on_ball

        return exact_on_ball(net, domain, ord_in, ord_out, limit=limit)
    p, q = check_order("ord_in", ord_in), check_order("ord_out", ord_out)
    inner = as_polyhedron(domain, net.input_dim)
    tangent, relative = tangent_of(inner)
    norm = operator_norm(p, q, net.output_dim, net.input_dim, tangent)
    best = Largest(net, norm)
    seen = 0
    for batch in batches(net, inner):
        seen += len(batch)
        if limit is not None and seen > limit:
            raise TooLarge(
                f"limit={limit} regions was passed; raise it, ask about a smaller domain, or use "
                "lipschitz.search, which brackets the constant", seen)
        best.visit(batch)
    value, cell, gradient = best.decide()
    lower, upper = value.enclosure() if isinstance(value, Root) else (value, value)
    witness = Witness(cell.pattern, cell.interior_point, fraction_array(gradient))
    return Constant(lower, upper, "exact", "enumeration", p, q, witness, relative,
                    {"regions": seen, "decided_exactly": best.decided}, value)


def as_polyhedron(domain: Any, dim: int) -> Polyhedron:
    """The domain as a nonempty polyhedron; l_1 and l_inf balls are converted."""
    if isinstance(domain, Ball):
        if domain.radius <= 0:
            raise InvalidInput(
                f"radius must be positive, got {domain.radius}: a point has no pairs; "
                "give a ball with interior"
            )
        domain = _ball_as_polyhedron(domain)
    inner = resolve(domain, dim)
    if inner.is_empty:
        raise InvalidInput("domain must not be empty: there are no pairs of points in it")
    return inner


def _ball_as_polyhedron(ball: Ball) -> Polyhedron:
    if ball.ord == math.inf:
        lower = [c - ball.radius for c in ball.center]
        return Box(lower, [c + ball.radius for c in ball.center])
    if ball.ord == 2:
        raise InvalidInput("a Euclidean ball is not a polyhedron; give a Box or a Polytope")
    if ball.dim > 12:
        raise TooLarge(f"an l_1 ball in dimension {ball.dim} has 2^{ball.dim} facets; at most 12")
    signs = np.array(np.meshgrid(*[[1, -1]] * ball.dim)).reshape(ball.dim, -1).T.tolist()
    offsets = [sum((s * c for s, c in zip(row, ball.center, strict=True)), Fraction(0))
               + ball.radius for row in signs]
    return Polytope(signs, offsets)


def tangent_of(domain: Polyhedron) -> tuple[fmpq_mat | None, bool]:
    """A basis of the tangent space as columns (None: everything), and whether it is smaller."""
    reduced = reduce(domain)
    if reduced is None or reduced.A is None:
        return None, False
    if reduced.A.ncols() == 0:
        raise InvalidInput("domain must hold more than one point, got a single one: it has no "
                           "pairs; give a larger domain")
    return reduced.A, True


class _Candidate(NamedTuple):
    """A region that may attain the maximum, and an upper bound on its norm."""

    upper: float
    batch: Batch
    row: int


@dataclass
class Largest:
    """The search for the region with the largest gradient."""

    net: ReluNetwork
    norm: OperatorNorm
    # The maximum is not below this float.
    floor: float = -math.inf
    decided: int = 0
    _best: tuple[Value, Cell, fmpq_mat] | None = None
    _waiting: list[_Candidate] = field(default_factory=list)

    def visit(self, batch: Batch) -> None:
        """Let the regions of a batch wait that may still win."""
        for start in range(0, len(batch), _TOGETHER):
            patterns = batch.patterns[start : start + _TOGETHER]
            lower, upper = gradient_bounds(self.net, self.norm, patterns, batch.pattern_at)
            self.floor = max(self.floor, float(lower.max()))
            chosen = np.flatnonzero(~(upper < self.floor))
            self._waiting += [_Candidate(float(upper[k]), batch, start + int(k)) for k in chosen]
        if len(self._waiting) > _WAITING:
            self.decide()

    def decide(self) -> tuple[Value, Cell, fmpq_mat]:
        """Decide exactly between the regions that wait and may still win."""
        for candidate in sorted(self._waiting, key=lambda c: -c.upper):
            if not candidate.upper < self.floor:
                self._try(candidate)
        self._waiting = []
        assert self._best is not None
        return self._best

    def _try(self, candidate: _Candidate) -> None:
        cell = candidate.batch.cell(candidate.row)
        gradient = exact_gradient(self.net, cell.pattern)
        value = self.norm.exact(gradient)
        self.decided += 1
        if self._best is None or value > self._best[0]:
            self._best = value, cell, gradient
            self.floor = max(self.floor, floats_around(value)[0])


def gradient_bounds(
    net: ReluNetwork, norm: OperatorNorm, patterns: NDArray[np.uint64], pattern_at: Any
) -> tuple[Floats, Floats]:
    """Proved float bounds on the norms of the gradients under several patterns."""
    maps, errors = float_maps(net, patterns, pattern_at)
    return norm.bounds(maps[:, :, :-1], errors[:, :-1])
