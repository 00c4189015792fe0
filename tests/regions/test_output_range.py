"""Exact output ranges: known ones, brute force over the oracle's vertices, unbounded domains."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box, Polytope, ReluNetwork, WholeSpace, regions
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.families import gaussian, iterated_tent, sawtooth
from tests.regions.fuzz import exact_layers, question
from tests.strategies import boxes, domains, networks


def brute_force(net: ReluNetwork, domain: object) -> list[tuple]:
    """Ends of the range from the exact generators of every cell, one by one."""
    ends = [[math.inf, -math.inf] for _ in range(net.output_dim)]
    for cell in regions.cells(net, domain):
        values = [net.forward_exact(v) for v in cell.vertices()]
        lines = [u for line in cell.lines() for u in (line, tuple(-x for x in line))]
        for out, end in enumerate(ends):
            slopes = [
                sum(g * x for g, x in zip(cell.gradient[out], u, strict=True))
                for u in [*cell.rays(), *lines]
            ]
            end[0] = min(end[0], *(v[out] for v in values))
            end[1] = max(end[1], *(v[out] for v in values))
            end[0] = -math.inf if any(s < 0 for s in slopes) else end[0]
            end[1] = math.inf if any(s > 0 for s in slopes) else end[1]
    return [tuple(end) for end in ends]


def check(net: ReluNetwork, domain: object) -> None:
    found = regions.output_range(net, domain)
    assert [(r.minimum, r.maximum) for r in found] == brute_force(net, domain)
    for out, r in enumerate(found):
        for value, point in ((r.minimum, r.argmin), (r.maximum, r.argmax)):
            assert (point is None) == isinstance(value, float)
            if point is not None:
                assert domain.contains(point)
                assert net.forward_exact(point)[out] == value


@given(st.data(), st.integers(1, 3))
def test_brute_force_on_every_kind_of_domain(data, dim):
    net = data.draw(networks(dim, max_width=3))
    domain = data.draw(domains(dim))
    if domain.is_empty:
        with pytest.raises(InvalidInput, match="domain must not be empty"):
            regions.output_range(net, domain)
    else:
        check(net, domain)


@pytest.mark.parametrize("seed", range(0, 120, 3))
def test_hard_questions(seed):
    _, net, domain = question(seed)
    if not domain.is_empty:
        check(net, domain)


@given(st.data(), st.integers(1, 3))
def test_no_point_is_outside_the_range(data, dim):
    net, box = data.draw(networks(dim)), data.draw(boxes(dim))
    found = regions.output_range(net, box)
    for share in (0, Fraction(1, 3), Fraction(1, 2), 1):
        point = [low + share * (up - low) for low, up in zip(box.lower, box.upper, strict=True)]
        for value, r in zip(net.forward_exact(point), found, strict=True):
            assert r.minimum <= value <= r.maximum


def test_sawtooth():
    (found,) = regions.output_range(sawtooth(8), Box(0, 1, dim=1))
    assert (found.minimum, found.maximum) == (0, 1)
    assert found.argmax[0].denominator == 2**8


def test_sum_of_tents_with_a_thousand_maximisers():
    total = ReluNetwork([[[1, 1]]], [[0]]).compose(iterated_tent(6))
    (found,) = regions.output_range(total, Box(0, 1, dim=2))
    assert (found.minimum, found.maximum) == (0, 2)
    assert all(x.denominator == 2**6 for x in found.argmax)


def test_a_maximum_that_floats_cannot_see():
    """Two peaks that differ by 2^-80."""
    tiny = Fraction(1, 2**80)
    net = ReluNetwork(
        [[[1], [1], [1], [1]], [[1, -2, 2 + tiny, -2]]],
        [[0, Fraction(-1, 4), Fraction(-1, 2), Fraction(-3, 4)], [0]],
    )
    (found,) = regions.output_range(net, Box(0, 1, dim=1))
    assert found.maximum == Fraction(1, 4) + tiny / 4
    assert found.argmax == (Fraction(3, 4),)


def test_absolute_value_is_bounded_on_one_side():
    net = ReluNetwork([[[1], [-1]], [[1, 1], [-1, -1]]], [[0, 0], [0, 0]])
    up, down = regions.output_range(net)
    assert up == (0, math.inf, (0,), None)
    assert down == (-math.inf, 0, None, (0,))


def test_a_plateau_at_infinity_is_attained():
    """min(1, relu(x)) in one coordinate, constant in the other."""
    net = ReluNetwork([[[1, 0], [1, 0]], [[1, -1]]], [[0, -1], [0]])
    (found,) = regions.output_range(net, WholeSpace(2))
    assert (found.minimum, found.maximum) == (0, 1)
    assert net.forward_exact(found.argmax) == (1,)


def test_affine_networks():
    net = ReluNetwork([[[1, 2], [0, 0]]], [[1, 5]])
    grows, constant = regions.output_range(net)
    assert grows == (-math.inf, math.inf, None, None)
    assert (constant.minimum, constant.maximum) == (5, 5)
    (low, high, *_), _ = regions.output_range(net, Box(-1, 1, dim=2))
    assert (low, high) == (-2, 4)
    wedge = Polytope([[1, 2], [1, 0]], [3, 7])
    assert regions.output_range(net, wedge)[0].maximum == 4


def test_points_and_flat_boxes():
    net = gaussian(3, [6, 5], seed=1, outputs=2)
    at = ["1/3", "-1/2", "2"]
    (first, second) = regions.output_range(net, Box(at, at))
    assert (first.minimum, second.maximum) == net.forward_exact(at)
    assert first.minimum == first.maximum
    check(net, Box([0, "1/3", -1], [1, "1/3", 1]))


def test_scaled_weights():
    """Weights near the ends of the float range."""
    for c in (2.0**-200, 2.0**60, 1e140):
        net = gaussian(2, [5, 4], seed=2)
        scaled = ReluNetwork([c * w for w in net.weights], [c * b for b in net.biases])
        check(scaled, Box(-1, 1, dim=2))


def test_domain_of_another_dimension():
    with pytest.raises(ShapeError, match="domain has dimension 3"):
        regions.output_range(gaussian(2, [3], seed=0), Box(0, 1, dim=3))


def test_the_exact_layers_are_the_networks():
    weights, biases = exact_layers(ReluNetwork([[["1/3"]]], [["-2/7"]]))
    assert (weights, biases) == ([[[Fraction(1, 3)]]], [[Fraction(-2, 7)]])
