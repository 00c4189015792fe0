"""Roots: exact comparisons where floats cannot tell, enclosures, rational squares."""

from fractions import Fraction

import pytest
from flint import fmpq_mat, fmpz_poly
from hypothesis import given
from hypothesis import strategies as st

from relu_theory.errors import InvalidInput
from relu_theory.lipschitz.magnitude import Root, floats_around, largest_eigenvalue_root, root_of


def test_equal_roots_of_different_polynomials() -> None:
    # (x - 5)(x - 1) and (x - 5)(x - 2)(x - 3): the same largest root.
    a, b = fmpz_poly([5, -6, 1]), fmpz_poly([-30, 31, -10, 1])
    assert Root(a) == Root(b) == root_of(5)
    assert Root(a).squared == Root(b).squared == 5
    assert Root(fmpz_poly([-2, 0, 1])) != root_of(Fraction(14142135623730951, 10**16))


def test_a_difference_beyond_floats_is_seen() -> None:
    tiny = Fraction(1, 10**60)
    assert root_of(2) < root_of(2 + tiny)
    assert root_of(2 + tiny) > root_of(2)
    assert root_of(Fraction(9, 4)) == Fraction(3, 2)
    assert root_of(2) > -1
    with pytest.raises(InvalidInput):
        root_of(-1)


@given(st.lists(st.lists(st.integers(-5, 5), min_size=3, max_size=3), min_size=1, max_size=4))
def test_enclosures_hold_the_largest_singular_value(rows: list[list[int]]) -> None:
    import numpy as np

    matrix = fmpq_mat(len(rows), 3, [v for row in rows for v in row])
    root = largest_eigenvalue_root(matrix * matrix.transpose())
    assert root == largest_eigenvalue_root(matrix.transpose() * matrix)
    lower, upper = root.enclosure(100)
    assert upper - lower <= Fraction(1, 2**80)
    assert float(lower) == pytest.approx(np.linalg.norm(np.array(rows), 2), abs=1e-12)
    low, high = floats_around(root)
    assert Fraction(low) <= upper
    assert Fraction(high) >= lower
    assert not root < lower
    assert not root > upper
