"""The obvious slow versions: definitions written down, in rational arithmetic or plain loops."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np

INF = float("inf")


def vector_norm(v, order):
    """The l_1 or l_inf norm, or the square of the l_2 norm."""
    sizes = [abs(Fraction(x)) for x in v]
    if order == 2:
        return sum((x * x for x in sizes), Fraction(0))
    return sum(sizes, Fraction(0)) if order == 1 else max(sizes, default=Fraction(0))


def matrix_norm_by_points(matrix, p, q):
    """l_p -> l_q for p in {1, inf} on R^d: the extreme points of the unit ball."""
    dim = len(matrix[0])
    if p == 1:
        points = [[int(i == j) for i in range(dim)] for j in range(dim)]
    else:
        points = list(product((-1, 1), repeat=dim))
    return max(vector_norm([sum(a * x for a, x in zip(row, v, strict=True)) for row in matrix], q)
               for v in points)


def distance(a, b, order):
    """A float distance of two points."""
    gaps = np.abs(np.atleast_1d(a).astype(float) - np.atleast_1d(b).astype(float))
    if order == 2:
        return float(np.sqrt((gaps * gaps).sum()))
    return float(gaps.sum() if order == 1 else gaps.max())


def staircase(x, y, p=2, q=2, truncation=INF):
    """The definition of the discrete modulus: sort all pairs, keep the running maximum."""
    pairs = sorted((distance(x[i], x[j], p), distance(y[i], y[j], q))
                   for i, j in combinations(range(len(x)), 2))
    steps, top = {}, 0.0
    for d, w in pairs:
        if d <= truncation and w > top:
            top = w
            steps[d] = w
    return list(steps.items())
