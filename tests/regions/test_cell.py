"""Cells: pattern, interior point, vertices, facets, volumes, on every kind of domain."""

import math
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box, Polytope, ReluNetwork, WholeSpace, families
from relu_theory.exact import rank
from relu_theory.regions import Cell, cells
from tests.regions import fuzz
from tests.strategies import boxes, domains, networks


def check(cell: Cell, net: ReluNetwork, domain: object) -> None:
    """Everything that a cell says about itself, by its own exact arithmetic."""
    centre = cell.interior_point
    assert domain.contains(centre)
    assert net.pattern(centre) == cell.pattern
    vertices, rays = cell.vertices(), cell.rays()
    assert vertices
    value = net.forward_exact(centre)
    affine = [
        sum((a * x for a, x in zip(row, centre, strict=True)), c)
        for row, c in zip(cell.gradient, cell.offset, strict=True)
    ]
    assert list(value) == affine
    gradient, offset = net.affine_map(cell.pattern)
    assert np.array_equal(cell.gradient, gradient)
    assert np.array_equal(cell.offset, offset)
    check_incidence(*cell.generators(), [(*line, 0) for line in cell.lines()])
    for vertex in vertices:
        assert domain.contains(vertex)
    for facet in cell.facets():
        check_facet(facet, centre, vertices, rays, cell.lines())
    bounded = not rays and not cell.lines()
    assert cell.is_bounded == bounded
    volume = cell.volume()
    assert (volume < math.inf) == bounded
    assert volume > 0


def check_incidence(generators, facets, lines) -> None:
    """Every facet that is listed is one, and none is listed twice."""
    full = rank([*generators, *lines])
    assert len(set(facets)) == len(facets)
    for mask in facets:
        on = [y for i, y in enumerate(generators) if mask >> i & 1]
        assert rank([*on, *lines]) == full - 1


def check_facet(facet, centre, vertices, rays, lines) -> None:
    def slope(u):
        return sum(a * x for a, x in zip(facet.normal, u, strict=True))

    assert slope(centre) + facet.offset > 0
    for vertex in vertices:
        height = slope(vertex) + facet.offset
        assert height >= 0
        assert (height == 0) == (vertex in facet.vertices)
    for ray in rays:
        assert slope(ray) >= 0
        assert (slope(ray) == 0) == (ray in facet.rays)
    assert all(slope(line) == 0 for line in lines)


@given(st.data(), st.integers(1, 3))
def test_cells_of_random_and_degenerate_networks(data, dim):
    net, domain = data.draw(networks(dim, max_width=3)), data.draw(domains(dim))
    for cell in cells(net, domain):
        check(cell, net, domain)


@pytest.mark.parametrize("seed", range(60, 140))
def test_cells_of_hard_questions(seed):
    _, net, domain = fuzz.question(seed)
    for cell in cells(net, domain):
        check(cell, net, domain)


@given(st.data(), st.integers(1, 4))
def test_volumes_add_up(data, dim):
    net, box = data.draw(networks(dim, max_width=3)), data.draw(boxes(dim, flat=False))
    assert sum(cell.volume() for cell in cells(net, box)) == box.volume()


@pytest.mark.parametrize("case", families.load_traps(), ids=lambda case: case.name)
def test_volumes_and_points_of_the_traps(case):
    for domain, count in case.counts:
        found = list(cells(case.network, domain))
        assert len({cell.pattern for cell in found}) == count
        assert all(case.network.pattern(cell.interior_point) == cell.pattern for cell in found)
        if isinstance(domain, Box):
            assert sum(cell.volume() for cell in found) == domain.volume()


@pytest.mark.parametrize("seed", range(140, 170))
def test_shared_vertices_are_those_of_each_cell_alone(seed):
    _, net, domain = fuzz.question(seed)
    found = list(cells(net, domain))
    for cell in found:
        cell.vertices()
    for cell in found[:40]:
        shared = cell.generators()[0]
        space = cell._space
        space.answers._lines.clear()
        space._lifted.clear()
        assert Cell(cell._face, space, cell._known_rays).generators()[0] == shared


@given(st.data(), st.integers(1, 3))
def test_flips_are_the_neurons_that_differ(data, dim):
    net, domain = data.draw(networks(dim, max_width=3)), data.draw(domains(dim))
    found = list(cells(net, domain))[:6]
    for first, second in product(found, repeat=2):
        assert first.flips(second) == tuple(
            (layer, i)
            for layer, pair in enumerate(zip(first.pattern, second.pattern, strict=True))
            for i, (a, b) in enumerate(zip(*pair, strict=True))
            if a != b
        )


def test_flips_across_the_words_of_wide_layers():
    net = families.gaussian(2, [70, 3], seed=1)
    found = list(cells(net, Box(-1, 1, dim=2)))
    for first, second in pairwise(found[::50]):
        flips = first.flips(second)
        assert all(first.pattern[k][i] != second.pattern[k][i] for k, i in flips)
        assert len(flips) == sum(
            a != b for pair in zip(first.pattern, second.pattern, strict=True)
            for a, b in zip(*pair, strict=True)
        )
    assert any(i >= 64 for a, b in pairwise(found) for k, i in a.flips(b))


def test_volume_of_a_simplex_in_a_hyperplane_is_that_of_its_projection():
    triangle = Polytope([[-1, 0, 0], [0, -1, 0], [0, 0, -1]], [0, 0, 0], [[1, 1, 1]], [1])
    net = ReluNetwork([[[1, -1, 0]], [[1]]], [[0], [0]])
    assert [cell.volume() for cell in cells(net, triangle)] == [Fraction(1, 4)] * 2


def test_two_cells_of_a_line():
    low, high = sorted(
        cells(ReluNetwork([[[2]], [[3]]], [[-1], [5]])), key=lambda cell: cell.pattern
    )
    assert (low.pattern, high.pattern) == (((False,),), ((True,),))
    assert (low.gradient.tolist(), low.offset.tolist()) == ([[0]], [5])
    assert (high.gradient.tolist(), high.offset.tolist()) == ([[6]], [2])
    assert low.vertices() == high.vertices() == [(Fraction(1, 2),)]
    assert (low.rays(), high.rays()) == ([(-1,)], [(1,)])
    (facet,) = low.facets()
    assert (facet.source, facet.normal, facet.offset) == (("neuron", 0, 0), (-2,), 1)
    assert not low.is_bounded
    assert low.volume() == math.inf


def test_domain_facets_are_named_by_their_rows():
    net = ReluNetwork([[[1, 0]], [[1]]], [[-1], [0]])
    left, right = sorted(cells(net, Box([0, 0], [2, 1])), key=lambda cell: cell.pattern)
    sources = [{f.source for f in cell.facets()} for cell in (left, right)]
    assert sources[0] == {("neuron", 0, 0), ("domain", 0), ("domain", 2), ("domain", 3)}
    assert sources[1] == {("neuron", 0, 0), ("domain", 1), ("domain", 2), ("domain", 3)}


def test_lines_span_what_nothing_depends_on():
    net = ReluNetwork([[[1, 0, 0], [2, 0, 0]], [[1, 1]]], [[0, -1], [0]])
    for cell in cells(net, WholeSpace(3)):
        assert sorted(cell.lines()) == [(0, 0, 1), (0, 1, 0)]
        check(cell, net, WholeSpace(3))


def test_one_cell_without_hidden_layers_and_on_a_point():
    affine = ReluNetwork([[[1, 2]]], [[3]])
    for domain in (WholeSpace(2), Box(0, 1, dim=2), Polytope([[1, 0]], [0])):
        (cell,) = cells(affine, domain)
        assert cell.pattern == ()
        check(cell, affine, domain)
    net = families.gaussian(2, [4, 3], seed=0)
    at = Box(["1/3", -1], ["1/3", -1])
    (cell,) = cells(net, at)
    assert cell.vertices() == [(Fraction(1, 3), -1)]
    assert cell.pattern == net.pattern(["1/3", -1])
    assert cell.volume() == 1


def test_simplices_triangulate():
    net = families.gaussian(3, [5], seed=4)
    for cell in cells(net, Box(-1, 1, dim=3)):
        assert all(len(set(simplex)) == 4 for simplex in cell.simplices())


def test_generators_read_one_by_one():
    net = families.gaussian(3, [6, 4], seed=8)
    for cell in cells(net):
        generators, _ = cell.generators()
        rays, delta = cell.float_generators()
        assert rays.shape == (len(generators), 4)
        for k, exact in enumerate(generators):
            assert cell.exact_generator(k) == exact
            scale = max(map(abs, exact))
            error = max(abs(Fraction(x) - Fraction(y, scale))
                        for x, y in zip(rays[k].tolist(), exact, strict=True))
            assert error <= 2 * delta[k]


def test_repr_shows_the_pattern():
    net = ReluNetwork([[[1], [1]], [[1, 1]]], [[0, -1], [0]])
    assert sorted(map(repr, cells(net))) == ["Cell(00)", "Cell(10)", "Cell(11)"]
