"""Face counts with known values, Euler's relation, volumes and recession cones."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box, Polytope, ReluNetwork, WholeSpace, regions
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.families import gaussian_arrangement, load_traps
from relu_theory.regions.complex import complex_of_cells, polyhedral_complex
from tests.strategies import boxes, networks


def tangents(n: int) -> ReluNetwork:
    """Lines y = k x - k^2 / 4 tangent to a parabola: no two parallel, no three through a point."""
    rows = [[k, -1] for k in range(n)]
    return ReluNetwork([rows, [[1] * n]], [[Fraction(-k * k, 4) for k in range(n)], [0]])


def generic_faces(n: int, d: int, k: int) -> int:
    """Number of k-faces of n hyperplanes of R^d in general position."""
    return comb(n, d - k) * sum(comb(n - d + k, i) for i in range(k + 1))


@pytest.mark.parametrize("n", range(1, 8))
def test_generic_lines(n: int) -> None:
    found = polyhedral_complex(tangents(n))
    assert found.f_vector == (comb(n, 2), n**2, 1 + n + comb(n, 2))
    if n > 1:
        assert found.bounded_f_vector == (comb(n, 2), n * (n - 2), comb(n - 1, 2))


@pytest.mark.parametrize(("n", "d"), [(5, 1), (6, 3), (5, 4), (3, 4)])
def test_generic_hyperplanes(n: int, d: int) -> None:
    found = polyhedral_complex(gaussian_arrangement(n, d, seed=3))
    assert found.f_vector == tuple(
        generic_faces(n, d, k) if d - k <= n else 0 for k in range(d + 1)
    )
    bounded = tuple(comb(n, d - k) * comb(n - d + k - 1, k) if d <= n else 0 for k in range(d + 1))
    assert found.bounded_f_vector == bounded


def test_resonance_and_braid_cells() -> None:
    counts = {c.name: polyhedral_complex(c.network).num_cells for c in load_traps()[-2:]}
    assert counts == {"resonance 4": 370, "braid 4": 24}


def test_grid() -> None:
    (case,) = [case for case in load_traps() if case.name == "grid"]
    found = polyhedral_complex(case.network, Box([-1, -1], [1, 1]))
    assert found.f_vector == (49, 84, 36) == found.bounded_f_vector


def expected_characteristic(domain: object, lines: int, dim: int) -> int:
    if isinstance(domain, WholeSpace):
        return (-1) ** dim
    return 1 if domain.is_bounded else 0


@given(st.data())
def test_euler_relation(data: st.DataObject) -> None:
    dim = data.draw(st.integers(1, 3))
    net = data.draw(networks(dim))
    orthant = Polytope([[-int(i == j) for j in range(dim)] for i in range(dim)], [0] * dim)
    domains = st.one_of(st.just(WholeSpace(dim)), st.just(orthant), boxes(dim, flat=False))
    domain = data.draw(domains)
    found = polyhedral_complex(net, domain)
    assert found.num_cells == regions.count(net, domain)
    assert found.euler_characteristic() == expected_characteristic(domain, len(found.lines), dim)
    if not found.lines:
        assert found.euler_characteristic(bounded=True) == 1
    assert sorted(found.bounded_cells + found.unbounded_cells) == list(range(found.num_cells))


@given(st.data())
def test_volumes_add_up(data: st.DataObject) -> None:
    dim = data.draw(st.integers(1, 3))
    box = data.draw(boxes(dim, flat=False))
    net = data.draw(networks(dim))
    assert sum(cell.volume() for cell in regions.cells(net, box)) == box.volume()


def test_flat_domain_has_the_faces_of_its_hull() -> None:
    net = ReluNetwork([[[1, 0, 0], [0, 1, 0]], [[1, 1]]], [[0, 0], [0]])
    square = Polytope(
        [[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0]], [1] * 4, [[1, 1, 1]], [Fraction(1, 3)]
    )
    found = polyhedral_complex(net, square)
    assert (found.dim, found.f_vector, found.euler_characteristic()) == (2, (9, 12, 4), 1)


def test_faces_of_a_cut_square() -> None:
    found = polyhedral_complex(ReluNetwork([[[1, 0]], [[1]]], [[0], [0]]), Box([-1, 0], [2, 1]))
    assert {face.vertices[0] for face in found.faces(0)} == {
        (x, y) for x in (-1, 0, 2) for y in (0, 1)
    }
    assert {frozenset(face.vertices) for face in found.faces(2)} == {
        frozenset({(a, 0), (b, 0), (a, 1), (b, 1)}) for a, b in ((-1, 0), (0, 2))
    }
    assert all(face.is_bounded and face.dim == 1 for face in found.faces(1))


def test_quadrants_recede_along_their_axes() -> None:
    found = polyhedral_complex(ReluNetwork([[[1, 0], [0, 1]], [[1, 1]]], [[-1, "1/2"], [0]]))
    rays = {frozenset(found.recession_cone(i).rays) for i in range(4)}
    assert rays == {frozenset({(x, 0), (0, y)}) for x in (-1, 1) for y in (-1, 1)}
    assert found.unbounded_cells == (0, 1, 2, 3)
    assert {face.vertices for face in found.faces(0)} == {((Fraction(1), Fraction(-1, 2)),)}


def test_strips_share_their_lines() -> None:
    net = ReluNetwork([[[1, 1], [2, 2]], [[1, 1]]], [[0, -2], [0]])
    found = polyhedral_complex(net)
    assert (found.f_vector, found.bounded_f_vector) == ((0, 2, 3), (0, 0, 0))
    assert found.euler_characteristic() == 1
    assert [sorted(map(abs, line)) for line in found.lines] == [[1, 1]]
    cones = [found.recession_cone(i) for i in range(3)]
    assert sorted(len(cone.rays) for cone in cones) == [0, 1, 1]
    # Rays are known up to the lines, along which x + y is constant.
    signs = [x + y > 0 for cone in cones for x, y in cone.rays]
    assert sorted(signs) == [False, True]
    assert not any(face.is_bounded for face in found.faces(1))


def test_one_cell_without_a_facet() -> None:
    found = polyhedral_complex(ReluNetwork([[[0, 0, 0]], [[1]]], [[1], [0]]))
    assert (found.f_vector, found.euler_characteristic(), len(found.lines)) == ((0, 0, 0, 1), -1, 3)


def test_limits_and_bad_arguments() -> None:
    with pytest.raises(TooLarge, match="limit = 3") as caught:
        polyhedral_complex(tangents(4), limit=3)
    assert caught.value.counted == 3
    assert polyhedral_complex(tangents(4), limit=11).num_cells == 11
    with pytest.raises(InvalidInput, match="must not be empty"):
        complex_of_cells([])
    found = polyhedral_complex(tangents(2))
    with pytest.raises(InvalidInput, match="dim must be between 0 and the complex's 2, got 3"):
        found.faces(3)
    with pytest.raises(InvalidInput, match="cell must be between 0 and 3; got 4"):
        found.recession_cone(4)
