"""Certificates of regions: those of the oracle's cells are accepted, those of fewer refused."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction as Q

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from relu_theory import Box, Polytope, ReluNetwork, WholeSpace
from relu_theory.domain import Polyhedron, reduce
from relu_theory.errors import CertificateError, InvalidInput, ShapeError, TooLarge
from relu_theory.exact.numbers import fraction
from relu_theory.families.tables import load_traps
from relu_theory.regions.certify import certificate_of_cells, certify
from tests import oracles
from tests.strategies import domains, networks

MOST_REGIONS = 40


def exact_lists(net: ReluNetwork) -> tuple[list, list]:
    """The network as the oracle takes it."""
    weights = [[[fraction(q) for q in row] for row in w.table()] for w in net.exact.weights]
    return weights, [[fraction(q) for q in b] for b in net.exact.biases]


def oracle_cells(net: ReluNetwork, domain: Polyhedron) -> Iterator[oracles.Cell]:
    """The cells of a network on any polyhedron, by the oracle on the domain's affine hull."""
    reduced = reduce(domain)
    if reduced is None:
        return
    weights, biases = exact_lists(net)
    if reduced.A is None:
        yield from oracles.cells(weights, biases, reduced.domain.halfspaces())
        return
    matrix = [[fraction(q) for q in row] for row in reduced.A.table()]
    matrix = matrix or [[] for _ in range(domain.dim)]
    shift = [fraction(q) for q in reduced.b]
    if reduced.domain.dim == 0:
        weights[0], biases[0] = constant_layer(weights[0], biases[0], shift)
    else:
        weights, biases = oracles.pull_back(weights, biases, matrix, shift)
    for cell in oracles.cells(weights, biases, reduced.domain.halfspaces()):
        yield oracles.lifted(cell, matrix, shift)


def constant_layer(weights, biases, point):
    """A layer on R^0 with the values of this one at a point."""
    values = [
        sum((w * x for w, x in zip(row, point, strict=True)), b)
        for row, b in zip(weights, biases, strict=True)
    ]
    return [[] for _ in weights], values


@st.composite
def questions(draw):
    dim = draw(st.integers(1, 3))
    net = draw(networks(dim, max_width=4 if dim < 3 else 3, outputs=1))
    domain = draw(domains(dim))
    cells = []
    for cell in oracle_cells(net, domain):
        cells.append(cell)
        assume(len(cells) <= MOST_REGIONS)
    return net, domain, cells


@given(questions())
def test_all_cells_are_accepted(question):
    net, domain, cells = question
    certificate = certificate_of_cells(net, domain, cells)
    assert certificate.check(net, domain)
    assert certificate.claim.count == len(cells)
    assert set(certificate.claim.patterns) == {cell.pattern for cell in cells}
    for pattern, point in certificate.interior_points():
        assert domain.contains(point)
        assert net.pattern(point) == pattern


@given(questions())
def test_the_engine_and_the_oracle_certify_the_same(question):
    net, domain, cells = question
    assert certify(net, domain) == certificate_of_cells(net, domain, cells)


@pytest.mark.parametrize("case", load_traps(), ids=lambda case: case.name)
def test_traps_are_certified(case):
    for domain, count in case.counts:
        certificate = certify(case.network, domain)
        assert certificate.check(case.network, domain)
        assert certificate.claim.count == count


def test_options_are_passed_to_the_search():
    net = ReluNetwork([[[1, 0], [0, 1]], [[1, 1]]], [[0, 0], [0]])
    with pytest.raises(TooLarge):
        certify(net, limit=3)
    assert certify(net, limit=4).check(net, WholeSpace(2))


@given(questions(), st.data())
def test_a_missing_region_is_noticed(question, data):
    net, domain, cells = question
    assume(cells)
    del cells[data.draw(st.integers(0, len(cells) - 1))]
    with pytest.raises(CertificateError):
        certificate_of_cells(net, domain, cells).check()


@given(questions(), st.data())
def test_a_region_without_one_of_its_vertices_is_noticed(question, data):
    net, domain, cells = question
    assume(cells)
    index = data.draw(st.integers(0, len(cells) - 1))
    cell = cells[index]
    kept = list(cell.rays)
    del kept[data.draw(st.integers(0, len(kept) - 1))]
    lines = {ray for ray in kept if tuple(-entry for entry in ray) in cell.rays}
    assume(len(lines) % 2 == 0)  # half a line is still a generator modulo the line
    cells[index] = oracles.Cell(cell.pattern, tuple(kept), ())
    with pytest.raises(CertificateError):
        certificate_of_cells(net, domain, cells).check()


def test_lines_may_be_mixed_into_the_generators():
    net = ReluNetwork([[[1, 1, 0], [2, 2, 0]], [[1, 1]]], [[0, -1], [0]])
    cells = list(oracles.cells(*exact_lists(net)))
    sheared = [
        oracles.Cell(
            cell.pattern, tuple(shear(ray, 3 * i + 1) for i, ray in enumerate(cell.rays)), ()
        )
        for cell in cells
    ]
    assert len(cells) == 3
    certificate = certificate_of_cells(net, None, sheared)
    assert certificate.check(net, WholeSpace(3))
    assert certificate == certificate_of_cells(net, None, cells)


def shear(ray, amount):
    moved = [a + amount * b for a, b in zip(ray, (1, -1, 5, 0), strict=True)]
    return oracles.primitive(moved if ray[-1] or ray[0] + ray[1] else ray)


@pytest.mark.parametrize(
    ("domain", "count"),
    [
        (Polytope([[1, 0], [-1, 0]], [0, -1]), 0),
        (Polytope([[0, 0], [1, 1]], [-1, 5]), 0),
        (Polytope([[1, 0]], [0], [[1, 1], [2, 2]], [0, 1]), 0),
        (Box([1, "1/3"], [1, "1/3"]), 1),
        (Polytope([[1, 1], [-1, -1]], [1, -1]), 3),
        (Polytope([[1, 0]], ["1/2"], [[1, 1], [2, 2]], [1, 2]), 2),
        (Polytope([[1, 2], [-1, 0], [0, -3], [0, 0]], [0, 0, 0, 7]), 1),
    ],
)
def test_empty_and_flat_domains(domain, count):
    net = ReluNetwork([[[1, 0], [0, 1]], [[1, 1]]], [[0, 0], [0]])
    certificate = certificate_of_cells(net, domain, oracle_cells(net, domain))
    assert certificate.check(net, domain)
    assert certificate.claim.count == count


@pytest.mark.parametrize("domain", [WholeSpace(2), Box(-1, 1, dim=2), Polytope([[1, 1]], [1])])
def test_no_cells_prove_nothing_on_a_domain_that_is_not_empty(domain):
    net = ReluNetwork([[[1, 0], [0, 1]], [[1, 1]]], [[0, 0], [0]])
    with pytest.raises(CertificateError, match="missing"):
        certificate_of_cells(net, domain, [])


def test_no_hidden_layer():
    net = ReluNetwork([[["1/3", 2]]], [[0]])
    for domain in (WholeSpace(2), Box(0, 1, dim=2), Polytope([[1, 1]], [0])):
        certificate = certificate_of_cells(net, domain, oracle_cells(net, domain))
        assert certificate.check(net, domain)
        assert certificate.claim.patterns == ((),)


def test_extreme_weights():
    for scale in (Q(1, 2**200), Q(2**60)):
        weights = [[[scale, 1], [1, -scale], [1, 1]], [[1, 1, -1]], [[scale]]]
        net = ReluNetwork(weights, [[0, scale, -1], [-scale], [0]])
        cells = list(oracle_cells(net, WholeSpace(2)))
        assert certificate_of_cells(net, None, cells).check(net, WholeSpace(2))


def test_bad_questions():
    net = ReluNetwork([[[1, 0]]], [[0]])
    with pytest.raises(ShapeError, match="dimension 3"):
        certificate_of_cells(net, WholeSpace(3), [])
    with pytest.raises(InvalidInput, match="domain must be"):
        certificate_of_cells(net, "square", [])
