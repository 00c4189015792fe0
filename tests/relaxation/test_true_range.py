"""The pruned range against the enumeration of all regions, and its attaining points."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, ReluNetwork, WholeSpace, regions, relaxation
from relu_theory.errors import InvalidInput
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


@pytest.mark.parametrize("seed", range(3))
def test_random_networks_with_three_layers(seed):
    check(gaussian([3, 5, 5, 4, 2], seed), Box(["-1", "-1/3", 0], [1, "1/3", "1/7"]))


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


@pytest.mark.heavy
def test_reference_networks():
    expected = [(-0.498855, 0.521044), (-0.789110, 0.363620), (-0.502422, 0.144213)]
    for net, ends in zip(B, expected, strict=True):
        (found,) = relaxation.range(net, Box(-1, 1, dim=5))
        assert abs(float(found.minimum) - ends[0]) < 1e-6
        assert abs(float(found.maximum) - ends[1]) < 1e-6
