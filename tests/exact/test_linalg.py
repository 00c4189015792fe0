"""Rank, null space, solutions and independent rows against elimination in Fractions."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory.errors import ShapeError
from relu_theory.exact.linalg import independent_rows, nullspace, rank, solve

Rows = list[list[int]]


@st.composite
def integer_rows(draw: st.DrawFn) -> tuple[Rows, int]:
    columns = draw(st.integers(0, 5))
    row = st.lists(st.integers(-2, 2), min_size=columns, max_size=columns)
    return draw(st.lists(row, max_size=6)), columns


def plain_rank(rows: Rows) -> int:
    work = [list(map(Fraction, row)) for row in rows]
    found = 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((r for r in work[found:] if r[column]), None)
        if pivot is None:
            continue
        work.remove(pivot)
        work.insert(found, pivot)
        found += 1
        for row in work[found:]:
            factor = row[column] / pivot[column]
            row[:] = [a - factor * b for a, b in zip(row, pivot, strict=True)]
    return found


@given(integer_rows())
def test_rank(case: tuple[Rows, int]) -> None:
    assert rank(case[0]) == plain_rank(case[0])


@given(integer_rows())
def test_nullspace_is_a_basis(case: tuple[Rows, int]) -> None:
    rows, dim = case
    basis = nullspace(rows, dim)
    assert len(basis) == dim - plain_rank(rows)
    assert plain_rank([list(v) for v in basis]) == len(basis)
    assert all(sum(a * b for a, b in zip(r, v, strict=True)) == 0 for r in rows for v in basis)


@given(integer_rows(), st.data())
def test_solve_consistent(case: tuple[Rows, int], data: st.DataObject) -> None:
    rows, dim = case
    x = data.draw(st.lists(st.integers(-3, 3), min_size=dim, max_size=dim))
    rhs = [sum(a * b for a, b in zip(row, x, strict=True)) for row in rows]
    if rows:
        found = solve(rows, rhs)
        assert found is not None
        assert [sum(a * b for a, b in zip(r, found, strict=True)) for r in rows] == rhs


@given(integer_rows(), st.data())
def test_solve_finds_none_exactly_when_there_is_none(
    case: tuple[Rows, int], data: st.DataObject
) -> None:
    rows, _ = case
    rhs = [data.draw(st.integers(-2, 2)) for _ in rows]
    extended = [[*row, value] for row, value in zip(rows, rhs, strict=True)]
    consistent = plain_rank(rows) == plain_rank(extended)
    assert (solve(rows, rhs) is not None) == consistent


@given(integer_rows())
def test_independent_rows_are_the_first(case: tuple[Rows, int]) -> None:
    rows, _ = case
    prefixes = [plain_rank(rows[:i]) for i in range(len(rows) + 1)]
    expected = [i for i in range(len(rows)) if prefixes[i + 1] > prefixes[i]]
    assert independent_rows(rows) == expected


def test_rhs_of_another_length() -> None:
    with pytest.raises(ShapeError, match="rhs must have 1 entries"):
        solve([[1, 2]], [1, 2])
