"""Characteristic polynomials: classical formulas, enumerated cells, counted points."""

from fractions import Fraction
from itertools import product
from math import comb, factorial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import InvalidInput, TooLarge, families
from relu_theory.regions import (
    bounds,
    characteristic_polynomial,
    count,
    face_numbers,
    flats,
    polyhedral_complex,
    resonance_characteristic,
)
from relu_theory.regions.finite_field import _interpolated, minor_bound
from tests import strategies


def times(*roots):
    """Coefficients of the product of t - root."""
    out = [1]
    for root in roots:
        out = [a - root * b for a, b in zip([0, *out], [*out, 0], strict=True)]
    return tuple(out)


@pytest.mark.parametrize(("net", "roots"), [
    *((families.braid(n), range(n)) for n in range(2, 7)),
    *((families.type_b(n), range(1, 2 * n, 2)) for n in range(1, 6)),
    *((families.type_d(n), [*range(1, 2 * n - 2, 2), n - 1]) for n in range(2, 6)),
    *((families.shi(n), [0] + [n] * (n - 1)) for n in range(2, 6)),
    *((families.catalan(n), [0, *range(n + 1, 2 * n)]) for n in range(2, 6)),
    *((families.grid(2, range(k)), [k, k]) for k in range(1, 4)),
])
def test_polynomials_with_known_roots(net, roots):
    assert characteristic_polynomial(net).coefficients == times(*roots)


@pytest.mark.parametrize("n", range(2, 7))
def test_linial(n):
    found = characteristic_polynomial(families.linial(n))
    assert all(2**n * found(t) == t * sum(comb(n, k) * (t - k) ** (n - 1) for k in range(n + 1))
               for t in range(n + 1))
    assert found.cells == [2, 7, 36, 246, 2104][n - 2]


def test_threshold_graphs():
    """Labelled threshold graphs have the generating function e^x (1 - x) / (2 - e^x)."""
    n = 7
    exp = [Fraction(1, factorial(k)) for k in range(n)]
    top = [a - b for a, b in zip(exp, [0, *exp[:-1]], strict=True)]
    below = [2 - exp[0], *(-a for a in exp[1:])]
    series = []
    for k in range(n):
        series.append(top[k] - sum(series[i] * below[k - i] for i in range(k)))
    for k in range(2, n):
        found = characteristic_polynomial(families.threshold(k)).cells
        assert found == series[k] * factorial(k)


@pytest.mark.parametrize("dim", range(1, 6))
def test_resonance_two_ways(dim):
    found = characteristic_polynomial(families.resonance(dim))
    assert found == resonance_characteristic(dim, spare=1)
    assert found.cells == bounds.resonance(dim)


def test_resonance_in_seven_dimensions():
    found = resonance_characteristic(7, spare=2)
    assert found.cells == bounds.resonance(7) == 347326352
    assert found.bounded_cells == 0


@pytest.mark.heavy
def test_resonance_in_eight_dimensions():
    assert resonance_characteristic(8, spare=1).cells == 419172756930


@pytest.mark.heavy
def test_resonance_in_six_dimensions_by_deletion_and_restriction():
    found = characteristic_polynomial(families.resonance(6))
    assert found == resonance_characteristic(6)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(1, 4))
def test_cells_of_any_arrangement(data, dim):
    net = data.draw(strategies.networks(dim, max_width=6, max_depth=1))
    if net.depth == 1:
        found = characteristic_polynomial(net)
        assert found.cells == count(net)
        assert found.dim == dim


@settings(max_examples=40, deadline=None)
@given(strategies.networks(2, max_width=6, max_depth=1))
def test_bounded_cells_and_vertices(net):
    if net.depth == 1:
        found, faces = characteristic_polynomial(net), polyhedral_complex(net)
        if found.rank == 2:
            assert found.bounded_cells == faces.bounded_f_vector[2]


@pytest.mark.parametrize(("q", "dim"), [(5, 3), (7, 3), (11, 3), (11, 4), (13, 4)])
def test_points_off_the_hyperplanes_one_by_one(q, dim):
    normals = list(product((0, 1), repeat=dim))[1:]
    points = sum(
        all(sum(a * b for a, b in zip(n, x, strict=True)) % q for n in normals)
        for x in product(range(q), repeat=dim)
    )
    assert resonance_characteristic(dim)(q) == points


def test_minors_of_small_matrices_keep_the_bound():
    for k in (2, 3):
        rows = list(product((0, 1), repeat=k))
        largest = max(abs(_determinant(m)) for m in product(rows, repeat=k))
        assert largest <= minor_bound(k)


def _determinant(m):
    if len(m) == 1:
        return m[0][0]
    return sum((-1) ** j * m[0][j] * _determinant([r[:j] + r[j + 1:] for r in m[1:]])
               for j in range(len(m)))


def test_interpolation():
    assert _interpolated({0: 1, 1: 2, 2: 5}) == [1, 0, 1]


@pytest.mark.parametrize(("ask", "error", "message"), [
    (lambda: characteristic_polynomial(families.gaussian(2, [3, 3], 0)), InvalidInput,
     "one hidden"),
    (lambda: characteristic_polynomial([]), InvalidInput, "at least one row"),
    (lambda: characteristic_polynomial([[1, 0], [1, 0, 0]]), InvalidInput, "at least one row"),
    (lambda: characteristic_polynomial(families.resonance(5), limit=2), TooLarge, "limit=2"),
    (lambda: resonance_characteristic(9), InvalidInput, "from 1 to 8"),
])
def test_bad_questions(ask, error, message):
    with pytest.raises(error, match=message):
        ask()


def test_no_hyperplane_at_all():
    assert characteristic_polynomial([[0, 0, 1]]).coefficients == (0, 0, 1)
    assert str(characteristic_polynomial(families.braid(3))) == "t^3 -3 t^2 +2 t^1"


def stirling(n, k):
    if n == k:
        return 1
    return 0 if k in (0, n + 1) else stirling(n - 1, k - 1) + k * stirling(n - 1, k)


@pytest.mark.parametrize("n", range(2, 6))
def test_flats_and_faces_of_the_braid_arrangement(n):
    levels = flats(families.braid(n))
    assert [len(level) for level in levels] == [stirling(n, n - k) for k in range(n)]
    assert face_numbers(families.braid(n)) == (
        0, *(factorial(k) * stirling(n, k) for k in range(1, n + 1)))


@settings(max_examples=30, deadline=None)
@given(st.data(), st.integers(1, 3))
def test_faces_of_any_arrangement(data, dim):
    net = data.draw(strategies.networks(dim, max_width=5, max_depth=1))
    if net.depth == 1:
        assert face_numbers(net) == polyhedral_complex(net).f_vector
        assert sum(map(len, flats(net))) <= 2 ** net.widths[0]


def test_flats_have_a_limit():
    with pytest.raises(TooLarge, match="limit=5"):
        flats(families.braid(4), limit=5)
