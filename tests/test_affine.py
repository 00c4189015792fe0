"""Affine layers: when floats hold the exact values, and exact composition."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq, fmpq_mat
from hypothesis import given
from hypothesis import strategies as st

from relu_theory.affine import AffineLayer

ENTRIES = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False), st.fractions(), st.integers(-(2**70), 2**70)
)


@given(ENTRIES)
def test_float_exact_means_that_the_float_is_the_value(value: float | Fraction | int) -> None:
    layer = AffineLayer.read([[value]], [0], 0)
    exact = Fraction(value)
    try:
        nearest = exact.numerator / exact.denominator
    except OverflowError:
        nearest = float("inf") if exact > 0 else float("-inf")
    assert layer.weight[0, 0] == nearest
    assert layer.float_exact == (np.isfinite(nearest) and Fraction(nearest) == exact)
    assert layer.exact[0][0, 0] == fmpq(exact.numerator, exact.denominator)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_arrays_and_lists_give_equal_layers(value: float) -> None:
    fast = AffineLayer.read(np.array([[value]]), np.zeros(1), 0)
    slow = AffineLayer.read([[value]], [0], 0)
    assert fast == slow
    assert hash(fast) == hash(slow)


def test_after_is_the_composition() -> None:
    outer = AffineLayer.of(fmpq_mat(1, 2, [1, 2]), [fmpq(1, 3)])
    inner = AffineLayer.of(fmpq_mat(2, 1, [3, -1]), [fmpq(0), fmpq(1, 7)])
    both = outer.after(inner)
    assert both.apply([fmpq(5)]) == outer.apply(inner.apply([fmpq(5)]))
    assert both.shape == (1, 1)


def test_layers_differ_from_other_things() -> None:
    assert AffineLayer.read([[1]], [0], 0) != [[1]]


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.int64, np.float16, np.float32])
def test_small_numeric_arrays_take_the_fast_path(dtype: type) -> None:
    layer = AffineLayer.read(np.array([[3]], dtype=dtype), np.zeros(1, dtype=dtype), 0)
    assert layer.float_exact
    assert layer._exact is None
