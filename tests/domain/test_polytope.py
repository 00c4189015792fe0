"""Polytopes: rows, membership, emptiness and boundedness, against an exact simplex oracle."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Polytope
from relu_theory.errors import InvalidInput, ShapeError
from tests import strategies as own

DIMS = st.integers(1, 4)
KINDS = st.sampled_from([own.polytopes, own.flat_polytopes, own.empty_polytopes])


def satisfies(polytope: Polytope, x: list[Fraction]) -> bool:
    def product(row: tuple) -> Fraction:
        return sum((a * v for a, v in zip(row, x, strict=True)), Fraction(0))

    return all(product(r) <= b for r, b in zip(polytope.A, polytope.b, strict=True)) and all(
        product(r) == b for r, b in zip(polytope.A_eq, polytope.b_eq, strict=True)
    )


@given(st.data(), DIMS)
def test_contains(data: st.DataObject, dim: int) -> None:
    polytope, x = data.draw(data.draw(KINDS)(dim)), data.draw(own.points(dim))
    assert polytope.contains(x) == satisfies(polytope, x)


@given(st.data(), DIMS)
def test_generators_lie_in_it(data: st.DataObject, dim: int) -> None:
    polytope = data.draw(data.draw(KINDS)(dim))
    lines, rays, _ = polytope.generators()
    tops = [ray for ray in rays if ray[-1] > 0]
    assert polytope.is_empty == (not tops)
    for ray in tops:
        vertex = [Fraction(v, ray[-1]) for v in ray[:-1]]
        assert satisfies(polytope, vertex)
        for direction in [*lines, *(r for r in rays if r[-1] == 0)]:
            far = [v + 10**6 * d for v, d in zip(vertex, direction[:-1], strict=True)]
            assert satisfies(polytope, far)


@given(st.data(), DIMS)
def test_a_point_inside_means_that_it_is_not_empty(data: st.DataObject, dim: int) -> None:
    polytope, x = data.draw(data.draw(KINDS)(dim)), data.draw(own.points(dim))
    if satisfies(polytope, x):
        assert not polytope.is_empty


@given(st.data(), DIMS)
def test_empty_ones_are_empty_and_bounded(data: st.DataObject, dim: int) -> None:
    polytope = data.draw(own.empty_polytopes(dim))
    assert polytope.is_empty
    assert polytope.is_bounded


def test_bounded() -> None:
    assert Polytope([[-1, 0], [0, -1], [1, 1]], [0, 0, 1]).is_bounded
    assert not Polytope([[-1, 0], [0, -1]], [0, 0]).is_bounded
    assert not Polytope([[1, 0], [-1, 0]], [1, 1]).is_bounded
    assert Polytope([[1, 0], [-1, 0]], [1, 1], [[1, 1]], [0]).is_bounded


def test_a_gap_of_a_billionth_is_empty() -> None:
    assert Polytope([[1], [-1]], [0, "-1e-9"]).is_empty
    assert not Polytope([[1], [-1]], [0, 0]).is_empty


def test_rows_keep_their_order_and_place() -> None:
    polytope = Polytope([["1/2", 0], [0, 0], [-2, 4]], [1, 3, 0], [[3, 3]], [6])
    assert polytope.halfspaces() == [(-1, 0, 2), (0, 0, 1), (1, -2, 0)]
    assert polytope.equalities() == [(1, 1, -2)]


def test_arrays_and_missing_parts() -> None:
    assert Polytope(np.eye(2), np.ones(2)) == Polytope([["1", 0], [0, 1]], [1, Fraction(1)])
    assert Polytope(None, None, [[1, 2]], [0]) == Polytope([], [], [[1, 2]], [0])
    assert Polytope(np.zeros((0, 3)), []).dim == 3


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([[1]], [1, 2]), ShapeError, "one entry per row of A: 1 rows, 2 entries"),
        (([[1]], [1], [[1]], None), ShapeError, "one entry per row of A_eq"),
        (([], []), ShapeError, "at least one row"),
        (([[1]], [1], [[1, 2]], [1]), ShapeError, "as many columns: 1 and 2"),
        (([[float("nan")]], [1]), InvalidInput, r"A\[0\]\[0\]"),
        (([[1]], [float("inf")]), InvalidInput, r"b\[0\]"),
    ],
)
def test_bad_polytopes(arguments: tuple, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        Polytope(*arguments)
