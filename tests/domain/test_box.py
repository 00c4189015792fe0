"""Boxes: exact ends, rows, generators as products."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box
from relu_theory.domain.polyhedron import Polyhedron
from relu_theory.errors import InvalidInput, ShapeError
from tests import strategies as own

DIMS = st.integers(1, 4)


def test_ends_of_every_type() -> None:
    box = Box(["0.1", 0], [np.float32(0.5), Fraction(1, 3)])
    assert box.lower == (Fraction(1, 10), 0)
    assert box.upper == (Fraction(1, 2), Fraction(1, 3))
    assert Box(0.1, 1, dim=1).lower == (Fraction(0.1),)
    assert Box("-1", np.ones(2)) == Box([-1, -1], [1, 1])
    assert hash(Box(0, 1, dim=2)) == hash(Box([0.0, 0.0], ["1", "1"]))


@given(st.data(), DIMS)
def test_product_generators_are_those_of_double_description(data: st.DataObject, dim: int) -> None:
    box = data.draw(own.boxes(dim))
    general = Polyhedron._generators.func(box)
    assert box.generators() == general


@given(st.data(), DIMS)
def test_contains_agrees_with_the_rows(data: st.DataObject, dim: int) -> None:
    box, x = data.draw(own.boxes(dim)), data.draw(own.points(dim))
    assert box.contains(x) == Polyhedron.contains(box, x)
    assert box.contains(box.lower)
    assert box.contains(box.upper)
    assert not box.contains([*box.lower[:-1], box.upper[-1] + Fraction(1, 10**30)])


def test_volume() -> None:
    assert Box([0, "1/3"], [2, "1/2"]).volume() == Fraction(1, 3)
    assert Box([0, 1], [2, 1]).volume() == 0


def test_bounded_and_not_empty() -> None:
    box = Box(0, 1, dim=3)
    assert box.is_bounded
    assert not box.is_empty


def test_many_dimensions_need_no_generators() -> None:
    box = Box(-1, 1, dim=200)
    assert box.contains([0] * 200)
    assert len(box.halfspaces()) == 400


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0, 3], [1, 2]), InvalidInput, r"lower\[1\] = 3 exceeds upper\[1\] = 2"),
        (([0], [math.inf]), InvalidInput, r"upper\[0\]: .*finite"),
        (([math.nan], [1]), InvalidInput, r"lower\[0\]: .*nan"),
        ((0, 1), ShapeError, "needs its dimension"),
        (([0, 0], [1]), ShapeError, "agree on the dimension"),
        (([0], [1], 2), ShapeError, "agree on the dimension"),
        ((0, 1, -1), InvalidInput, "dim must be"),
        ((0, 1, True), InvalidInput, "dim must be"),
        (([[0]], [[1]]), InvalidInput, r"lower\[0\]"),
    ],
)
def test_bad_boxes(arguments: tuple, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        Box(*arguments)


def test_points_of_the_wrong_length() -> None:
    with pytest.raises(ShapeError, match="x must have 2 entries, got 1"):
        Box(0, 1, dim=2).contains([0])
