"""Branch and bound, and pruned regions, against the enumeration of all regions."""

from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from relu_theory import Box, ReluNetwork, WholeSpace, regions, relaxation
from relu_theory.errors import InvalidInput, Undecided
from relu_theory.relaxation import branching
from relu_theory.relaxation.branching import BranchAndBound
from relu_theory.relaxation.pruned_regions import extreme_over_regions
from tests.relaxation.test_bounds import B, gaussian
from tests.strategies import boxes, networks


def check(net, box):
    found = relaxation.range(net, box)
    for out, (r, full) in enumerate(zip(found, regions.output_range(net, box), strict=True)):
        assert (r.minimum, r.maximum) == (full.minimum, full.maximum)
        for value, point in ((r.minimum, r.argmin), (r.maximum, r.argmax)):
            assert box.contains(point)
            assert net.forward_exact(point)[out] == value


@settings(max_examples=25)
@given(st.data(), st.integers(3, 4))
def test_all_regions(data, dim):
    check(data.draw(networks(dim, max_width=3, max_depth=3)), data.draw(boxes(dim)))


@settings(max_examples=30)
@given(st.data(), st.integers(1, 4), st.integers(0, 3))
def test_both_searches_find_the_maximum(data, dim, few):
    """Leaves on which no more than ``few`` neurons change sign."""
    net = data.draw(networks(dim, max_width=3, max_depth=3)).select(0)
    assume(net.depth)
    expected = regions.output_range(net, Box(-1, 1, dim=dim))[0].maximum
    search = BranchAndBound(net)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(branching, "FEW", few)
        done = search.run(3000)
    assert search.value <= expected <= search.upper
    assert net.forward_exact(search.point) == (search.value,)
    assert Box(-1, 1, dim=dim).contains(search.point)
    if done:
        assert search.value == expected
    value, point = extreme_over_regions(net)
    assert (value,) == (expected,) == net.forward_exact(point)


@pytest.mark.parametrize("seed", range(3))
def test_random_networks_with_three_layers(seed):
    check(gaussian([3, 9, 9, 5, 2], seed), Box(["-1", "-1/3", 0], [1, "1/3", "1/7"]))


def test_plateaus():
    """A network that is cut off at 0 and 1 takes both values on sets with interior."""
    clip = ReluNetwork([[[1], [1]], [[1, -1]]], [[0, -1], [0]])
    net = clip.compose(gaussian([3, 5, 5, 1], 1).scale(40))
    for sign, most in ((-1, 0), (1, 1)):
        search = BranchAndBound(net.scale(sign))
        assert search.run(600) or search.upper > most
        assert search.value == most == extreme_over_regions(net.scale(sign))[0]


def test_a_dead_output_is_proved_at_the_root():
    net = gaussian([5, 20, 20, 1], 0)
    dead = ReluNetwork([[[1]], [[-1]]], [[-10], [Fraction(1, 3)]]).compose(net)
    search = BranchAndBound(dead)
    assert search.run(2)
    assert (search.value, search.examined, search.work) == (Fraction(1, 3), 1, 11)


def test_what_is_known_at_the_limit():
    net = gaussian([5, 20, 20, 1], 0)
    with pytest.raises(Undecided, match="the minimum of output 0 lies in") as caught:
        relaxation.range(net, Box([0, -1, -1, -1, -1], 1), limit=100)
    bracket = caught.value.bracket
    assert relaxation.range(net, Box([0, -1, -1, -1, -1], 1))[0].minimum in bracket
    assert not bracket.is_exact
    assert net.forward_exact(bracket.witness) == (bracket.upper,)


def test_weights_beyond_floats():
    net = gaussian([3, 4, 4, 1], 0)
    huge = ReluNetwork(
        [2.0**600 * net.weights[0], 2.0**600 * net.weights[1], net.weights[2]],
        [2.0**600 * net.biases[0], net.biases[1], net.biases[2]],
    )
    check(huge, Box(-1, 1, dim=3))


def test_bad_input():
    with pytest.raises(InvalidInput, match="domain must be bounded"):
        relaxation.range(B[0], WholeSpace(5))


def test_reference_networks():
    expected = [(-0.498855, 0.521044), (-0.789110, 0.363620), (-0.502422, 0.144213)]
    for net, ends in zip(B, expected, strict=True):
        (found,) = relaxation.range(net, Box(-1, 1, dim=5))
        assert abs(float(found.minimum) - ends[0]) < 1e-6
        assert abs(float(found.maximum) - ends[1]) < 1e-6
