"""Generators against all intersections of rows, on degenerate cones of every kind."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory.errors import ShapeError
from relu_theory.exact.cones import Generators, generators
from relu_theory.exact.linalg import nullspace, rank
from relu_theory.exact.numbers import primitive

Row = tuple[int, ...]


@st.composite
def cones(draw: st.DrawFn) -> tuple[list[Row], int]:
    dim = draw(st.integers(0, 5))
    size = draw(st.sampled_from([1, 2, 5]))
    entry = st.integers(-size, size)
    rows = draw(st.lists(st.tuples(*[entry] * dim), max_size=8))
    if rows:
        for _ in range(draw(st.integers(0, 2))):
            factor = draw(st.sampled_from([-1, 0, 1, 3]))
            rows.append(tuple(factor * v for v in draw(st.sampled_from(rows))))
    return rows, dim


def values(rows: list[Row], y: Row) -> list[int]:
    return [sum(a * b for a, b in zip(row, y, strict=True)) for row in rows]


def extreme_values(rows: list[Row], dim: int) -> set[Row]:
    """The values of the rows on each extreme ray, modulo lines: all rank r - 1 row subsets."""
    r = rank(rows)
    found = set()
    for subset in combinations(rows, r - 1) if r else ():
        if rank(subset) < r - 1:
            continue
        direction = next(v for v in nullspace(list(subset), dim) if any(values(rows, v)))
        for sign in (1, -1):
            on_rows = [sign * v for v in values(rows, direction)]
            if min(on_rows) >= 0:
                found.add(primitive(on_rows))
    return found


@given(cones())
def test_generators_are_the_extreme_rays(case: tuple[list[Row], int]) -> None:
    rows, dim = case
    lines, rays, tight = generators(rows, dim)
    assert len(lines) == dim - rank(rows)
    assert rank(lines) == len(lines)
    assert not any(any(values(rows, line)) for line in lines)
    on_rows = [primitive(values(rows, ray)) for ray in rays]
    assert len(set(on_rows)) == len(rays)
    assert set(on_rows) == extreme_values(rows, dim)
    assert all(ray == primitive(ray) and any(ray) for ray in rays)
    for ray, mask in zip(rays, tight, strict=True):
        assert mask == sum(1 << k for k, v in enumerate(values(rows, ray)) if v == 0)


@given(cones(), st.randoms(use_true_random=False))
def test_order_and_scale_of_rows_do_not_matter(case: tuple[list[Row], int], random: object) -> None:
    rows, dim = case
    shuffled = [tuple(3 * v for v in row) for row in rows]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert generators(shuffled, dim)[:2] == generators(rows, dim)[:2]


def cube(dim: int) -> list[Row]:
    """The cone over [-1, 1]^dim."""
    unit = [tuple(int(i == j) for j in range(dim)) for i in range(dim)]
    return [(*(sign * v for v in e), 1) for e in unit for sign in (1, -1)]


def test_cube_and_cross_polytope_are_dual() -> None:
    cross = generators(cube(4), 5).rays
    assert len(cross) == 16
    assert set(generators(cross, 5).rays) == set(cube(4))


def test_a_larger_cube() -> None:
    assert len(generators(cube(9), 10).rays) == 512


def test_no_rows_and_zero_rows() -> None:
    assert generators([], 2) == Generators(((1, 0), (0, 1)), (), ())
    assert generators([(0, 0), (0, 0)], 2) == Generators(((1, 0), (0, 1)), (), ())
    assert generators([(0, 0), (1, 0)], 2).tight == (1,)
    assert generators([], 0) == Generators((), (), ())
    assert generators([()], 0) == Generators((), (), ())


def test_only_the_origin() -> None:
    assert generators([(1, 0), (0, 1), (-1, -1)], 2) == Generators((), (), ())


def test_opposite_rows_leave_a_subspace() -> None:
    assert generators([(1, 1), (-1, -1)], 2) == Generators(((-1, 1),), (), ())


def test_huge_entries() -> None:
    big = 2**300
    assert generators([(big, 1), (-1, big)], 2).rays == ((-1, big), (big, 1))


def test_rows_of_another_length() -> None:
    with pytest.raises(ShapeError, match="row 1 has 3 entries"):
        generators([(1, 2), (1, 2, 3)], 2)
