"""Mixed-integer programs find the exact range, which enumeration proves; errors."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, WholeSpace, regions
from relu_theory.errors import InvalidInput
from relu_theory.relaxation import milp_range
from tests.relaxation.test_bounds import MAX, gaussian
from tests.strategies import boxes, networks


def check(net, box):
    found = milp_range(net, box)
    for out, ((low, high), r) in enumerate(zip(found, regions.output_range(net, box), strict=True)):
        assert r.minimum in low
        assert r.maximum in high
        assert (low.upper, high.lower) == (r.minimum, r.maximum)
        for value, point in ((low.upper, low.witness), (high.lower, high.witness)):
            assert box.contains(point)
            assert net.forward_exact(point)[out] == value


@settings(max_examples=20)
@given(st.data(), st.integers(1, 3))
def test_enumeration(data, dim):
    check(data.draw(networks(dim, max_width=3)), data.draw(boxes(dim)))


@pytest.mark.parametrize("seed", range(2))
def test_random_networks(seed):
    check(gaussian([2, 6, 6, 1], seed), Box(-1, 1, dim=2))


def test_exact_brackets_and_bad_input():
    low, high = milp_range(MAX, Box([0, 2], [1, 3]))[0]
    assert (low.value, high.value) == (2, 3)
    with pytest.raises(InvalidInput, match="seconds must be positive"):
        milp_range(MAX, Box(0, 1, dim=2), seconds=0)
    with pytest.raises(InvalidInput, match="domain must be bounded"):
        milp_range(MAX, WholeSpace(2))
