"""Interval arithmetic: exact values by definition, and floats that enclose them."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box, Polytope, ReluNetwork, WholeSpace
from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction
from relu_theory.intervals import enclosing_box, interval_bounds, interval_bounds_float
from tests.relaxation.oracle import ibp
from tests.strategies import boxes, networks


@given(st.data(), st.integers(1, 3))
def test_exact_values_and_enclosures(data, dim):
    net, box = data.draw(networks(dim, max_depth=3)), data.draw(boxes(dim))
    exact = [
        list(zip(map(fraction, low), map(fraction, up), strict=True))
        for low, up in interval_bounds(net, box)
    ]
    assert exact == ibp(net, box)
    for layer, (lower, upper) in zip(exact, interval_bounds_float(net, box), strict=True):
        for (low, up), a, b in zip(layer, lower, upper, strict=True):
            assert a <= low <= up <= b
            assert b - a <= float(up - low) + 1e-12 * (1 + abs(a) + abs(b))


@pytest.mark.parametrize("scale", [2.0**-1060, 2.0**-200, 2.0**60, 2.0**400])
def test_extreme_scales(scale):
    rng = np.random.default_rng(0)
    weights = [scale * rng.standard_normal(shape) for shape in ((4, 2), (4, 4), (1, 4))]
    net = ReluNetwork(weights, [scale * rng.standard_normal(n) for n in (4, 4, 1)])
    box = Box(-1, 1, dim=2)
    for exact, enclosure in zip(
        interval_bounds(net, box), interval_bounds_float(net, box), strict=True
    ):
        for low, up, a, b in zip(*exact, *enclosure, strict=True):
            assert a == -math.inf or Fraction(float(a)) <= fraction(low)
            assert b == math.inf or fraction(up) <= Fraction(float(b))


def test_ends_that_are_no_floats():
    net = ReluNetwork([[["1/3"]]], [["1/7"]])
    (exact,) = interval_bounds(net, Box("1/3", "2/3", dim=1))
    (found,) = interval_bounds_float(net, Box("1/3", "2/3", dim=1))
    assert Fraction(float(found.lower[0])) < fraction(exact.lower[0])
    assert fraction(exact.upper[0]) < Fraction(float(found.upper[0]))
    assert found.upper[0] - found.lower[0] < 0.1112


def test_domains():
    assert enclosing_box(Polytope([[1, 1], [-1, 0], [0, -1]], [1, 0, 0]), 2) == Box(0, 1, dim=2)
    with pytest.raises(InvalidInput, match="domain must be bounded"):
        interval_bounds(ReluNetwork([[[1]]], [[0]]), WholeSpace(1))
    with pytest.raises(InvalidInput, match="domain must not be empty"):
        enclosing_box(Polytope([[1], [-1]], [0, -1]), 1)
