"""Reading numbers exactly, writing them correctly rounded."""

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
import sympy
from flint import fmpq, fmpq_mat, fmpz
from hypothesis import given
from hypothesis import strategies as st

from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.exact.numbers import (
    float_of,
    fraction,
    fraction_array,
    primitive,
    rational,
    rational_matrix,
    rational_vector,
)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, Fraction(3)),
        (2**70 + 1, Fraction(2**70 + 1)),
        (0.1, Fraction(3602879701896397, 2**55)),
        (-0.0, Fraction(0)),
        (5e-324, Fraction(1, 2**1074)),
        ("0.1", Fraction(1, 10)),
        ("-3.50e1", Fraction(-35)),
        (" 6/4 ", Fraction(3, 2)),
        (Fraction(2, 6), Fraction(1, 3)),
        (Decimal("3.14"), Fraction(157, 50)),
        (np.float32(0.1), Fraction(13421773, 2**27)),
        (np.float16(0.5), Fraction(1, 2)),
        (np.longdouble(1) / 2, Fraction(1, 2)),
        (np.int8(-7), Fraction(-7)),
        (np.uint64(2**64 - 1), Fraction(2**64 - 1)),
        (np.array(0.25), Fraction(1, 4)),
        (sympy.Rational(1, 3), Fraction(1, 3)),
        (sympy.Integer(5), Fraction(5)),
        (fmpq(1, 7), Fraction(1, 7)),
        (fmpz(9), Fraction(9)),
    ],
)
def test_exact_value(value: object, expected: Fraction) -> None:
    assert fraction(value) == expected
    assert rational(value) == fmpq(expected.numerator, expected.denominator)


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        np.float32("nan"),
        np.float64("-inf"),
        Decimal("NaN"),
        Decimal("Infinity"),
        True,
        np.True_,
        "nan",
        "inf",
        "1/0",
        "two",
        "",
        None,
        1j,
        np.complex128(1),
        [1],
        sympy.pi,
        sympy.oo,
        sympy.nan,
        np.zeros(1),
    ],
    ids=repr,
)
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(InvalidInput):
        rational(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_come_back(x: float) -> None:
    assert float_of(rational(x)) == x
    assert fraction(x) == Fraction(x)


@given(st.fractions())
def test_text_comes_back(q: Fraction) -> None:
    assert fraction(str(q)) == q
    assert fraction(str(rational(q))) == q


@given(st.integers(1, 2**200), st.integers(1, 2**200))
def test_float_of_is_nearest(p: int, q: int) -> None:
    nearest = float_of(fmpq(p, q))
    gap = abs(Fraction(nearest) - Fraction(p, q))
    for other in (math.nextafter(nearest, math.inf), math.nextafter(nearest, 0)):
        assert gap <= abs(Fraction(other) - Fraction(p, q))


def test_float_of_beyond_the_largest_float() -> None:
    assert float_of(-(10**400)) == -math.inf


@given(st.lists(st.fractions(), max_size=5))
def test_primitive_is_a_positive_multiple(row: list[Fraction]) -> None:
    result = primitive(row)
    assert all(type(v) is int for v in result)
    assert math.gcd(*result) == (1 if any(row) else 0)
    pairs = [(a, b) for a, b in zip(row, result, strict=True) if a or b]
    assert len({Fraction(b) / a for a, b in pairs}) <= 1
    assert all(b / a > 0 for a, b in pairs)


def test_primitive_of_integers_keeps_the_sign() -> None:
    assert primitive((-4, 6)) == (-2, 3)
    assert primitive(()) == ()


def test_matrices_keep_their_shape() -> None:
    assert rational_matrix(np.zeros((0, 3))).ncols() == 3
    assert rational_matrix([[], []]).nrows() == 2
    assert rational_matrix([], columns=4).ncols() == 4
    ready = fmpq_mat(1, 2, [1, 2])
    assert rational_matrix(ready) is ready


def test_fraction_array() -> None:
    out = fraction_array(rational_matrix([[0.5, "1/3"]]))
    assert out.shape == (1, 2)
    assert out.tolist() == [[Fraction(1, 2), Fraction(1, 3)]]
    assert fraction_array(fmpq_mat(2, 0)).shape == (2, 0)


@pytest.mark.parametrize(
    ("rows", "error", "message"),
    [
        ([[1, 2], [3]], ShapeError, "row 1 has 1"),
        ([1, 2], ShapeError, r"M\[0\] must be a sequence"),
        (5, ShapeError, "M must be a list of rows"),
        ("12", ShapeError, "M must be a list of rows"),
        (["12"], ShapeError, r"M\[0\] must be a sequence"),
        (np.zeros(3), ShapeError, "two axes"),
        ([[1, math.nan]], InvalidInput, r"M\[0\]\[1\]"),
    ],
)
def test_bad_matrices_are_named(rows: object, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        rational_matrix(rows, name="M")


def test_required_columns() -> None:
    with pytest.raises(ShapeError, match="must have 3 columns, got 2"):
        rational_matrix([[1, 2]], columns=3)


def test_bad_vector_entry_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"b\[1\]"):
        rational_vector([0, math.inf], name="b")
