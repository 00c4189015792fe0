"""The resonance arrangement by counting points over finite fields.

Let q be a prime that divides no non-zero minor of the matrix of normals.  Then any set of the
hyperplanes has the same rank over the rationals and over F_q, the two intersection lattices agree,
and chi(q) is the number of points of F_q^d off all hyperplanes [Athanasiadis 1996].  A minor of a
0/1 matrix of order k is at most the largest determinant of a sign matrix of order k + 1, divided by
2^k; every larger prime is therefore good, and this is a proof, not a trial.

The normals are all non-zero 0/1 vectors, so a point is off all hyperplanes exactly when no
non-empty set of its coordinates sums to zero.  Sequences of coordinates are counted up to a common
factor (the first becomes 1) and up to the order of all but the first and the last two, each with
its number of orders, by the sets of their subset sums.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import count, islice
from math import isqrt

import numpy as np

from relu_theory._kernels.zero_sums import zero_sum_free
from relu_theory.errors import InvalidInput, ReluTheoryError
from relu_theory.regions.characteristic import Characteristic, characteristic_polynomial

__all__ = ["minor_bound", "resonance_characteristic"]


def resonance_characteristic(dim: int, *, spare: int = 0, progress: bool = False) -> Characteristic:
    """The characteristic polynomial of the resonance arrangement in R^dim, dim <= 8.

    Parameters
    ----------
    dim : int
        1 to 8.
    spare : int
        Counts over so many further primes, which have to agree with the polynomial found.
    progress : bool
        Show a bar over the primes.

    Raises
    ------
    InvalidInput
        For another dimension.

    Notes
    -----
    The polynomial has degree d, leading coefficients 1 and -(2^d - 1), and the root 1, so d - 2
    primes determine it.  Seconds for d = 7, about half a minute for d = 8.

    References
    ----------
    Athanasiadis, *Characteristic polynomials of subspace arrangements and finite fields*, 1996,
    Theorem 2.2; Brysiewicz, Eble, Kuehne, arXiv 2105.14542, for the numbers up to d = 9.

    Examples
    --------
    >>> resonance_characteristic(4).betti, resonance_characteristic(4).cells
    ((1, 15, 80, 170, 104), 370)
    """
    if isinstance(dim, bool) or not hasattr(dim, "__index__") or not 1 <= dim <= 8:
        raise InvalidInput(f"dim must be an integer from 1 to 8, got {dim!r}")
    if dim < 3:
        return characteristic_polynomial([[1, 0], [1, 0]] if dim == 1 else
                                         [[1, 0, 0], [0, 1, 0], [1, 1, 0]])
    primes = list(islice(_primes_above(minor_bound(dim)), dim - 2 + spare))
    values = {q: _points(q, dim) for q in _bar(primes, progress)}
    chosen = primes[: dim - 2]
    found = Characteristic(_fit(dim, {q: values[q] for q in chosen}))
    for q in primes[dim - 2 :]:
        if found(q) != values[q]:
            raise ReluTheoryError(
                f"the count over F_{q} contradicts the others: please report this")
    return found


def minor_bound(size: int) -> int:
    """An upper bound on the minors of a 0/1 matrix with rows of at most this length.

    A 0/1 determinant of order k is 2^-k times one of a sign matrix of order n = k + 1, which is at
    most n^(n/2) [Hadamard 1893], and sqrt(2n - 1) (n - 1)^((n-1)/2) for odd n [Barba 1933].

    Examples
    --------
    >>> [minor_bound(k) for k in range(1, 9)]
    [1, 1, 2, 3, 6, 12, 32, 65]
    """
    return max(_one_bound(k) for k in range(1, size + 1))


def _one_bound(k: int) -> int:
    n = k + 1
    square = n**n if n % 2 == 0 else (2 * n - 1) * (n - 1) ** (n - 1)
    return isqrt(square // 4**k)


def _points(q: int, dim: int) -> int:
    room = np.zeros((dim, 2), np.uint64), *(np.zeros(dim, np.int64) for _ in range(3))
    return (q - 1) * int(zero_sum_free(q, dim, *room))


def _primes_above(bound: int) -> Iterator[int]:
    return (q for q in count(max(bound + 1, 5)) if all(q % p for p in range(2, isqrt(q) + 1)))


def _fit(dim: int, values: dict[int, int]) -> tuple[int, ...]:
    """The polynomial of degree dim through the values, with two known coefficients and the root 1.

    chi(t) = t^d - (2^d - 1) t^(d-1) + r(t), with r of degree d - 2 through the d - 1 points.
    """
    def known(t: int) -> int:
        return t**dim - (2**dim - 1) * t ** (dim - 1)

    points = {1: -known(1)} | {q: value - known(q) for q, value in values.items()}
    rest = _interpolated(points)
    if any(c.denominator != 1 for c in rest):
        raise ReluTheoryError("the counts give no integer polynomial: please report this")
    return (*map(int, rest), -(2**dim - 1), 1)


def _interpolated(points: dict[int, int]) -> list[Fraction]:
    """Coefficients of the polynomial of least degree through the points (Lagrange)."""
    out = [Fraction(0)] * len(points)
    for x, y in points.items():
        term, scale = [Fraction(1)], Fraction(y)
        for other in points:
            if other != x:
                scale /= x - other
                shifted = [Fraction(0), *term]
                term = [a - other * b for a, b in zip(shifted, [*term, Fraction(0)], strict=True)]
        out = [a + scale * b for a, b in zip(out, term, strict=True)]
    return out


def _bar(primes: list[int], progress: bool) -> Iterable[int]:
    if not progress:
        return primes
    from tqdm.auto import tqdm

    return tqdm(primes, desc="primes", disable=None)
