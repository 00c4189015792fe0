r"""Operator norms from l_p to l_q, p and q in {1, 2, inf}: floats with proved bounds, and exact.

Every one of them is a finite computation. With unit vectors taken over the tangent space of the
domain (all of R^d, or the range of a matrix M), the norm of A is

* p = 1, or p = inf: the largest l_q norm of A v over the extreme points v of the unit ball; for
  p = q = inf on R^d that is the largest l_1 norm of a row;
* p = 2, q = inf: the largest l_2 norm of a row; q = 1: of a signed sum of rows; q = 2: the largest
  singular value. On a subspace A is first multiplied by the orthogonal projection, which is
  rational.

So after exact matrices S and R, which depend on the question only, each is a maximum over the rows
or columns of S A R of one vector norm, or a singular value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.exact import float_of, fraction, generators
from relu_theory.lipschitz.magnitude import Root, largest_eigenvalue_root, root_of

__all__ = ["OperatorNorm", "check_order", "operator_norm", "order_name"]

Floats = NDArray[np.float64]
Value = Fraction | Root
UNIT = 2.0**-53
TINY = 1e-290
INF = float("inf")
# 2^16 sign vectors at most.
_MOST_SIGNS = 16
_SQUARINGS = 40


@dataclass(frozen=True)
class OperatorNorm:
    """The norm of linear maps R^d -> R^out from l_p, on a tangent space, to l_q.

    Attributes
    ----------
    left, right : flint.fmpq_mat or None
        S and R of the module's text; None is the identity.
    axis : {"rows", "columns", "spectral"}
    order : 1, 2 or inf
        The vector norm of each row or column.
    """

    left: fmpq_mat | None
    right: fmpq_mat | None
    axis: str
    order: float

    def exact(self, matrix: fmpq_mat) -> Value:
        """The norm of a rational matrix: a Fraction, or a `Root` where p or q is 2."""
        product_ = self._product(matrix)
        if self.axis == "spectral":
            gram = _smaller_gram(product_)
            return largest_eigenvalue_root(gram)
        lists = product_.tolist() if self.axis == "rows" else product_.transpose().tolist()
        values = [_power(entries, self.order) for entries in lists]
        best = fraction(max(values, default=fmpq(0)))
        return root_of(best) if self.order == 2 else best

    def _product(self, matrix: fmpq_mat) -> fmpq_mat:
        left = matrix if self.left is None else self.left * matrix
        return left if self.right is None else left * self.right

    def bounds(self, maps: Floats, errors: Floats) -> tuple[Floats, Floats]:
        """Proved lower and upper bounds of the norms of many matrices.

        Parameters
        ----------
        maps : (m, out, d) array
        errors : (out, d) array
            Each exact matrix is within this of its float one.
        """
        with np.errstate(all="ignore"):
            for factor, at_left in ((self.left, True), (self.right, False)):
                if factor is not None:
                    maps, errors = _multiplied(maps, errors, factor, at_left)
            axis = {"rows": -1, "columns": -2, "spectral": None}[self.axis]
            if axis is None:
                return _spectral_bounds(maps, errors)
            values = _vector_norm(maps, self.order, axis).max(axis=-1, initial=0.0)
            slack = float(_vector_norm(errors, self.order, axis).max(initial=0.0))
            terms = maps.shape[axis] + 6
        return _around(values, slack, terms)


def operator_norm(
    ord_in: Any, ord_out: Any, out: int, dim: int, tangent: fmpq_mat | None = None
) -> OperatorNorm:
    """The norm from l_p on the range of ``tangent`` (d, k), or on R^d, to l_q on R^out.

    Raises
    ------
    InvalidInput
        When an order is not 1, 2 or inf.
    TooLarge
        When more than 2^16 sign vectors would be needed (the general case is NP-hard).

    Examples
    --------
    >>> matrix = fmpq_mat(2, 2, [1, 2, -3, 1])
    >>> [operator_norm(p, q, 2, 2).exact(matrix) for p, q in [(1, 1), (INF, INF), (INF, 1)]]
    [Fraction(4, 1), Fraction(4, 1), Fraction(5, 1)]
    >>> operator_norm(2, 2, 2, 2).exact(matrix), operator_norm(2, 1, 2, 2).exact(matrix)
    (sqrt(largest root of x^2 + (-15)*x + 49), sqrt(17))
    """
    p, q = check_order("ord_in", ord_in), check_order("ord_out", ord_out)
    if out == 1:
        q = p if p == 2 else INF
    if p == 2:
        projection = None if tangent is None else _projection(tangent)
        if q == 2:
            return OperatorNorm(None, projection, "spectral", 2)
        signs = _signs(out, "outputs") if q == 1 else None
        return OperatorNorm(signs, projection, "rows", 2)
    if p == INF and tangent is None and (q == INF or (q == 1 and out <= dim)):
        return OperatorNorm(_signs(out, "outputs") if q == 1 else None, None, "rows", 1)
    return OperatorNorm(None, _extreme_points(p, dim, tangent), "columns", q)


def check_order(name: str, order: Any) -> float:
    """1, 2 or inf from what a caller may write; an error names the argument."""
    known = {"1": 1, "2": 2, "inf": INF}
    if isinstance(order, str) and order in known:
        return known[order]
    if isinstance(order, bool) or order not in (1, 2, INF):
        raise InvalidInput(
            f"{name} must be 1, 2 or math.inf, got {order!r}; other operator norms have no finite "
            "computation here"
        )
    return INF if order == INF else int(order)


def order_name(order: float) -> str:
    """``1``, ``2`` or ``inf``."""
    return "inf" if order == INF else str(int(order))


def _signs(size: int, what: str) -> fmpq_mat:
    """All sign vectors as rows, one of each opposite pair."""
    if size > _MOST_SIGNS + 1:
        raise TooLarge(
            f"this operator norm is a maximum over 2^{size - 1} sign vectors ({size} {what}); "
            f"at most {_MOST_SIGNS + 1} {what} are supported: choose other norms"
        )
    rows = [(1, *rest) for rest in product((1, -1), repeat=size - 1)] if size else [()]
    return fmpq_mat(len(rows), size, [v for row in rows for v in row])


def _extreme_points(p: float, dim: int, tangent: fmpq_mat | None) -> fmpq_mat | None:
    """Extreme points of the unit ball of the tangent space as columns, one of each pair."""
    if tangent is None:
        return None if p == 1 else _signs(dim, "inputs").transpose()
    size = tangent.ncols()
    if size == 0:
        return fmpq_mat(dim, 1)
    rows = tangent.tolist() if p == INF else (_signs(dim, "inputs") * tangent).tolist()
    halves: Any = [[*(sign * v for v in row), fmpq(1)] for row in rows for sign in (1, -1)]
    rays = generators(halves, size + 1).rays
    points = [[fmpq(v, ray[-1]) for v in ray[:-1]] for ray in rays if ray[-1]]
    return tangent * fmpq_mat(len(points), size, [v for x in points for v in x]).transpose()


def _projection(tangent: fmpq_mat) -> fmpq_mat:
    """The orthogonal projection onto the range of a matrix of full column rank."""
    if tangent.ncols() == 0:
        return fmpq_mat(tangent.nrows(), tangent.nrows())
    transposed = tangent.transpose()
    return tangent * (transposed * tangent).inv() * transposed


def _power(entries: Sequence[fmpq], order: float) -> fmpq:
    """The norm, or its square for order 2."""
    if order == 1:
        return sum((abs(v) for v in entries), fmpq(0))
    if order == 2:
        return sum((v * v for v in entries), fmpq(0))
    return max((abs(v) for v in entries), default=fmpq(0))


def _smaller_gram(matrix: fmpq_mat) -> fmpq_mat:
    transposed = matrix.transpose()
    few_rows = matrix.nrows() <= matrix.ncols()
    return matrix * transposed if few_rows else transposed * matrix


def _multiplied(
    maps: Floats, errors: Floats, factor: fmpq_mat, at_left: bool
) -> tuple[Floats, Floats]:
    """S A or A R in floats, with the error of the rounded factor and of the sums."""
    table = np.array([[float_of(v) for v in row] for row in factor.tolist()])
    table = table.reshape(factor.nrows(), factor.ncols())
    multiply: Callable[[Any, Any], Any] = (
        (lambda a, b: b @ a) if at_left else (lambda a, b: a @ b)
    )
    size = np.abs(maps).max(axis=0, initial=0.0) + errors
    terms = (factor.ncols() if at_left else factor.nrows()) + 6
    slack = multiply(errors, np.abs(table)) + terms * UNIT * multiply(size, np.abs(table)) + TINY
    return multiply(maps, table), slack * (1 + 1e-12)


def _vector_norm(values: Floats, order: float, axis: int) -> Floats:
    if order == 1:
        return np.abs(values).sum(axis=axis)
    if order == 2:
        return np.sqrt((values * values).sum(axis=axis))
    return np.abs(values).max(axis=axis, initial=0.0)


def _around(values: Floats, slack: float, terms: int) -> tuple[Floats, Floats]:
    known = np.isfinite(values) & np.isfinite(slack)
    room = slack * (1 + 1e-12) + terms * UNIT * values + 1e-140
    return (
        np.where(known, np.maximum(values - room, 0.0), 0.0),
        np.where(known, (values + room) * (1 + 4 * UNIT), INF),
    )


def _spectral_bounds(maps: Floats, errors: Floats) -> tuple[Floats, Floats]:
    r"""Largest singular values, by repeated squaring of the Gram matrix.

    For G = A A^T of size n, ||G^N||_F lies between lambda^N and sqrt(n) lambda^N. Each squaring
    commits a relative error of at most n^(3/2) (n + 2) units in that norm, which the later roots
    divide by 2, 4, 8, ...: all of them together cost twice the first.
    """
    if maps.shape[1] > maps.shape[2]:
        maps, errors = maps.swapaxes(1, 2), errors.T
    size = maps.shape[1]
    if size == 1:
        values = _vector_norm(maps, 2, -1)[:, 0]
        return _around(values, float(_vector_norm(errors, 2, -1).max()), maps.shape[2] + 6)
    top = np.abs(maps).max(axis=(1, 2), initial=0.0)
    scale = np.where(top > 0, top, 1.0)
    scaled = maps / scale[:, None, None]
    gram = scaled @ scaled.swapaxes(1, 2)
    logs = np.zeros(len(maps))
    for k in range(_SQUARINGS):
        norm = np.sqrt((gram * gram).sum(axis=(1, 2)))
        norm = np.where(norm > 0, norm, 1.0)
        logs += np.log(norm) / 2.0**k
        gram = gram / norm[:, None, None]
        gram = gram @ gram
    logs += np.log(np.sqrt((gram * gram).sum(axis=(1, 2)))) / 2.0**_SQUARINGS
    values = np.where(top > 0, np.exp(logs / 2) * scale, 0.0)
    terms = 8 * size**2 * (maps.shape[2] + size + 12)
    return _around(values, float(np.sqrt((errors * errors).sum())), int(terms))
