"""Where an enumeration starts: reduced questions and pointed cones that cover them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box, InvalidInput, Polytope, ReluNetwork, ShapeError, WholeSpace, families
from relu_theory.domain import Ball
from relu_theory.exact import fraction, rank
from relu_theory.regions import start
from relu_theory.regions.start import cones, pose
from tests.strategies import domains, networks


def dot(row, ray):
    return sum(a * x for a, x in zip(row, ray, strict=True))


@given(st.data(), st.integers(1, 4))
def test_cones_are_pointed_full_dimensional_and_record_what_is_tight(data, dim):
    net, domain = data.draw(networks(dim)), data.draw(domains(dim))
    question = pose(net, domain)
    assert (question is None) == domain.is_empty
    if question is None or question.dim == 0 or net.depth == 0:
        return
    for cone in cones(question):
        assert rank(cone.rays) == question.dim + 1
        assert all(ray[-1] >= 0 for ray in cone.rays)
        for ray, tight in zip(cone.rays, cone.tight, strict=True):
            assert [s for s, row in enumerate(cone.rows) if dot(row, ray) == 0] == list(tight)
            assert rank([cone.rows[s] for s in tight] or [(0,)]) == question.dim


@given(st.data(), st.integers(1, 3))
def test_the_way_back(data, dim):
    """The reduced network at t is the given one at lift_matrix t + lift_offset."""
    net, domain = data.draw(networks(dim)), data.draw(domains(dim))
    question = pose(net, domain)
    if question is None or question.dim == 0:
        return
    t = data.draw(st.lists(st.fractions(-2, 2, max_denominator=4), min_size=question.dim,
                           max_size=question.dim))
    if question.lift_matrix is None:
        x = t
    else:
        x = [
            sum((fraction(question.lift_matrix[i, j]) * v for j, v in enumerate(t)),
                fraction(question.lift_offset[i]))
            for i in range(dim)
        ]
    assert question.network.pattern(t) == question.given.pattern(x)
    assert net.pattern(x) == question.given.pattern(x)


def test_a_network_that_ignores_inputs_loses_dimensions():
    net = ReluNetwork([[[1, 0, 1]], [[1]]], [[0], [0]])
    question = pose(net)
    assert question.dim == 1
    assert rank([*question.lines, (1, 0, 1)]) == 3
    assert pose(net, Box(0, 1, dim=3)).dim == 3
    assert pose(net, Polytope([[0, 1, 0]], [3])).dim == 2


def test_flat_and_empty_domains():
    net = families.gaussian(3, [4], seed=0)
    assert pose(net, Box([0, 1, 0], [1, 1, 1])).dim == 2
    assert pose(net, Box(1, 1, dim=3)).dim == 0
    assert pose(net, Polytope([[1, 0, 0], [-1, 0, 0]], [0, -1])) is None


@pytest.mark.parametrize("seed", range(4))
def test_dyadic_cones_of_space_meet_only_in_their_boundaries(seed):
    """A generic point is inside just one cone."""
    net = families.gaussian(3, [5], seed=seed)
    inside = 0
    for cone in cones(pose(net, WholeSpace(3))):
        y = np.array([*(Fraction(k, 7) for k in (3, -5, 11)), 1], dtype=object)
        matrix = [row for row in cone.rows]
        signs = {1 if sum(dot(row, r) for r in cone.rays) > 0 else -1 for row in [matrix[0]]}
        assert signs
        oriented = [
            row if sum(dot(row, r) for r in cone.rays) > 0 else tuple(-v for v in row)
            for row in matrix
        ]
        inside += all(dot(row, y) > 0 for row in oriented)
    assert inside == 1


@pytest.mark.parametrize("box", [
    Box(["1500", "-0.06"], ["1515", "0.06"]), Box([0, 10**9], ["1e-9", 10**9 + 1]),
    Box([Fraction(1, 3), -(10**30)], [Fraction(1, 2), 10**30]),
])  # fmt: skip
def test_thin_and_far_boxes_are_moved_exactly(box):
    net = families.gaussian(2, [6], seed=3)
    question = pose(net, box)
    low, high = question.corners()
    assert np.abs(low).max() < 8
    assert np.abs(high).max() < 8
    (cone,) = cones(question)
    lifted = set()
    for *t, w in cone.rays:
        lifted.add(tuple(
            sum((fraction(question.lift_matrix[i, j]) * Fraction(v, w) for j, v in enumerate(t)),
                fraction(question.lift_offset[i]))
            for i in range(2)
        ))
    assert lifted == {(x, y) for x in (box.lower[0], box.upper[0])
                      for y in (box.lower[1], box.upper[1])}


def test_domains_are_checked():
    net = families.gaussian(2, [3], seed=0)
    with pytest.raises(ShapeError, match="domain has dimension 1"):
        pose(net, Box(0, 1, dim=1))
    for bad in (Ball([0, 0], 1), (0, 1), "box"):
        with pytest.raises(InvalidInput, match="domain must be a Box, a Polytope or a WholeSpace"):
            pose(net, bad)


@pytest.mark.parametrize("net", [families.resonance(3), families.gaussian(4, [6], 2),
                                 families.random_integer(2, [4], seed=1, bound=3)])
def test_orthants_of_the_whole_space_are_the_cones_that_double_description_gives(net):
    question = pose(net, None)
    dim = question.dim
    planes = [start._integer_row(question.network, i) for i in start._splitters(question)]
    base = [(0,) * dim + (1,)]

    def listed(orthants):
        return {(signs, frozenset(zip(map(tuple, rays), tight, strict=True)))
                for signs, rays, tight in orthants(base, planes, dim)}

    assert listed(start._orthants) == listed(start._general_orthants)
    assert len(listed(start._orthants)) == 2**dim
