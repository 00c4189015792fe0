"""Farkas multipliers: every answer of `nonnegative_combination` is checked, both ways."""

from __future__ import annotations

from fractions import Fraction as Q

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from relu_theory.errors import ShapeError
from relu_theory.exact.cones import generators
from relu_theory.exact.farkas import nonnegative_combination

small = st.integers(-3, 3)


@given(st.lists(st.tuples(small, small, small), max_size=7), st.tuples(small, small, small))
def test_multipliers_or_a_separating_vector(vectors, target):
    found = nonnegative_combination(vectors, target)
    if found is not None:
        assert all(m >= 0 for m in found)
        sums = [
            sum((m * v[k] for m, v in zip(found, vectors, strict=True)), fmpq(0)) for k in range(3)
        ]
        assert sums == list(target)
    else:
        lines, rays, _ = generators(vectors, 3)
        separating = [*lines, *(tuple(-v for v in line) for line in lines), *rays]
        assert any(sum(a * b for a, b in zip(y, target, strict=True)) < 0 for y in separating)


def test_degenerate_pivots_end():
    cycling = [(1, 0, 0), (0, 1, 0), (Q(1, 2), Q(1, 2), 1), (-11, -3, 0), (-5, -1, 0), (18, 2, 0)]
    assert nonnegative_combination(cycling, (0, 0, 1)) is not None


def test_no_vectors_and_wrong_sizes():
    assert nonnegative_combination([], (0, 0)) == []
    assert nonnegative_combination([], (0, 1)) is None
    with pytest.raises(ShapeError, match=r"vectors\[1\] must have 2 entries"):
        nonnegative_combination([(1, 2), (1, 2, 3)], (0, 1))
