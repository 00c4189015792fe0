"""The affine hull: dimension, parametrisation and the domain in its coordinates."""

from fractions import Fraction

import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box, Polytope, WholeSpace
from relu_theory.domain import reduce
from relu_theory.domain.polyhedron import Polyhedron
from relu_theory.errors import ShapeError
from relu_theory.exact.linalg import rank
from tests import oracles
from tests import strategies as own

DIMS = st.integers(1, 4)


def all_rows(domain: Polyhedron) -> list[tuple[int, ...]]:
    opposite = [tuple(-v for v in row) for row in domain.equalities()]
    return [*domain.halfspaces(), *domain.equalities(), *opposite]


def affine_dimension(domain: Polyhedron) -> int:
    """By the rank of the generators of the cone over the domain."""
    lines, rays, _ = domain.generators()
    return rank([*lines, *rays]) - 1


@given(st.data(), DIMS)
def test_reduced_domain(data: st.DataObject, dim: int) -> None:
    domain = data.draw(own.domains(dim))
    reduced = reduce(domain)
    if reduced is None:
        assert domain.is_empty
        return
    inner = reduced.domain
    assert not inner.is_empty
    assert inner.equalities() == []
    assert inner.dim == len(reduced.coordinates) == affine_dimension(domain)
    assert (reduced.A is None) == (inner.dim == domain.dim)
    point = oracles.interior_point(oracle_rows(inner), inner.dim) if inner.dim else ()
    assert point is not None, "the reduced domain has no interior"
    assert domain.contains(reduced.lift(point))


def oracle_rows(domain: Polyhedron) -> list[tuple[Fraction, ...]]:
    return [tuple(map(Fraction, row)) for row in domain.halfspaces()]


@given(st.data(), DIMS)
def test_lift_is_a_bijection(data: st.DataObject, dim: int) -> None:
    domain = data.draw(own.domains(dim))
    reduced = reduce(domain)
    if reduced is None:
        return
    t = data.draw(own.points(reduced.domain.dim))
    x = reduced.lift(t)
    assert [x[i] for i in reduced.coordinates] == t
    assert domain.contains(x) == reduced.domain.contains(t)
    y = data.draw(own.points(dim))
    if domain.contains(y):
        assert reduced.lift([y[i] for i in reduced.coordinates]) == tuple(y)


@given(st.data(), DIMS)
def test_rows_of_the_reduced_domain_are_restrictions(data: st.DataObject, dim: int) -> None:
    domain = data.draw(own.domains(dim))
    reduced = reduce(domain)
    if reduced is None:
        return
    t = data.draw(own.points(reduced.domain.dim))
    x = reduced.lift(t)
    halfspaces = domain.halfspaces()
    for row, k in zip(reduced.domain.halfspaces(), reduced.rows, strict=True):
        assert sign(row, t) == sign(halfspaces[k], x)


def sign(row: tuple[int, ...], x: list[Fraction]) -> int:
    value = sum((a * v for a, v in zip(row, [*x, 1], strict=True)), Fraction(0))
    return (value > 0) - (value < 0)


def test_full_dimensional_domains_are_kept() -> None:
    for domain in (WholeSpace(2), Box(0, 1, dim=2), Polytope([[1, 0]], [0])):
        reduced = reduce(domain)
        assert reduced is not None
        assert (reduced.A, reduced.b) == (None, None)
        assert reduced.domain is domain
        assert reduced.lift([1, 2]) == (1, 2)


def test_empty() -> None:
    assert reduce(Polytope([[0, 0]], [-1])) is None
    assert reduce(Polytope([[1, 1]], [0], [[1, 1]], ["1e-300"])) is None


def test_a_point() -> None:
    for domain in (Box(["1/3", 2], ["1/3", 2]), Polytope([], [], [[3, 0], [1, 1]], [1, "7/3"])):
        reduced = reduce(domain)
        assert reduced is not None
        assert reduced.domain.dim == 0
        assert reduced.lift([]) == (Fraction(1, 3), 2)
        assert reduced.domain.contains([])
        assert reduced.domain.is_bounded


def test_flat_boxes_stay_boxes() -> None:
    reduced = reduce(Box([0, 5, "0.5"], [1, 5, 2]))
    assert reduced is not None
    assert reduced.domain == Box([0, "0.5"], [1, 2])
    assert reduced.A.table() == [[1, 0], [0, 0], [0, 1]]
    assert reduced.b == [fmpq(0), fmpq(5), fmpq(0)]


def test_trivial_rows_are_left_out() -> None:
    assert reduce(Polytope([[0, 0]], [1])).domain == WholeSpace(2)
    reduced = reduce(Polytope([[0], [1]], [1, 1], [[0]], [0]))
    assert (reduced.domain, reduced.rows, reduced.A) == (Polytope([[1]], [1]), (1,), None)


def test_lift_of_a_point_of_another_length() -> None:
    with pytest.raises(ShapeError, match="t must have 1 entries"):
        reduce(Box(0, 1, dim=1)).lift([1, 2])
