"""Exactness on one box and on all of them: known answers, brute force over grids, every outcome."""

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, ReluNetwork, Verdict, WholeSpace, regions
from relu_theory.errors import InvalidInput
from relu_theory.relaxation import METHODS, exact_on_all_subboxes, exactness
from relu_theory.relaxation.interval_ends import decide_intervals, ends_network
from tests.relaxation.oracle import ibp
from tests.strategies import boxes, networks

RAMP = ReluNetwork([[[1]], [[-1]], [[-1]]], [[0], [1], [1]])
ABSOLUTE = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
WIGGLE = ReluNetwork([[[1], [1], [1]], [[1, -2, 2]]], [[0, -2, -3], [0]])
MAX = ReluNetwork([[[1, -1], [0, 1], [0, -1]], [[1, 1, -1]]], [[0, 0, 0], [0]])
LINE = Box(-2, 5, dim=1)
H, F, U = Verdict.HOLDS, Verdict.FAILS, Verdict.UNDECIDED


@pytest.mark.parametrize(
    ("net", "expected"),
    [
        (RAMP, (H, H, F, F, H, U)),
        (ABSOLUTE, (F, H, H, F, H, H)),
        (WIGGLE, (F, F, F, F, F, H)),
        (ReluNetwork([[[2]]], [[1]]), (H,) * 6),
    ],
)
def test_known_verdicts(net, expected):
    for method, verdict in zip(METHODS, expected, strict=True):
        found = exact_on_all_subboxes(net, LINE, method)
        assert found.verdict is verdict, method
        if verdict is F:
            assert exactness(net, found.witness, method).gap == found.gap > 0
            assert found.supremum is None or found.gap <= found.supremum
        else:
            assert found.witness is None
            assert found.gap == 0


def test_one_box():
    found = exactness(MAX, Box(0, 1, dim=2), "triangle")
    assert (found.verdict, found.gap, found.gaps) == (F, Fraction(1, 2), ((0, Fraction(1, 2)),))
    assert found.check()
    assert exactness(MAX, Box([0, 2], [1, 3]), "triangle").verdict is H
    assert exactness(MAX, Box(0, 1, dim=2), "multineuron").verdict is H
    assert exactness(MAX, Box(0, 1, dim=2), "triangle", precision=20).verdict is U


def test_largest_gap_of_the_absolute_value():
    found = exact_on_all_subboxes(ABSOLUTE, Box(-3, 2, dim=1), "ibp")
    assert found.supremum == exactness(ABSOLUTE, found.witness, "ibp").gap == 2
    crown = exact_on_all_subboxes(ABSOLUTE, Box(-1, 1, dim=1), "crown")
    assert Fraction(1, 2) <= crown.gap < crown.supremum == 1


def grid(box, steps):
    for axis in zip(box.lower, box.upper, strict=True):
        ticks = {axis[0] + Fraction(k, steps) * (axis[1] - axis[0]) for k in range(steps + 1)}
        yield [(a, b) for a in ticks for b in ticks if a <= b]


def all_boxes(box, steps):
    for pairs in product(*grid(box, steps)):
        yield Box([a for a, _ in pairs], [b for _, b in pairs])


@settings(max_examples=15)
@given(st.data(), st.sampled_from(("ibp", "deeppoly0", "deeppoly1", "crown", "triangle")))
def test_no_box_contradicts_a_decision_in_one_dimension(data, method):
    net = data.draw(networks(1, max_width=3, max_depth=1 if method != "ibp" else 2))
    box = data.draw(boxes(1))
    found = exact_on_all_subboxes(net, box, method)
    worst = max(exactness(net, b, method).gap for b in all_boxes(box, 6))
    if found.verdict is H:
        assert worst == 0
    elif found.supremum is not None:
        assert found.verdict is F
        assert max(worst, found.gap) <= found.supremum
    if found.verdict is F:
        assert exactness(net, found.witness, method).gap == found.gap > 0


@settings(max_examples=6)
@given(st.data())
def test_no_box_contradicts_a_decision_in_the_plane(data):
    net, box = data.draw(networks(2, max_width=3, outputs=1)), data.draw(boxes(2))
    found = exact_on_all_subboxes(net, box, "ibp")
    if found.verdict is H:
        assert all(exactness(net, b, "ibp").gap == 0 for b in all_boxes(box, 2))
    else:
        assert exactness(net, found.witness, "ibp").gap == found.gap > 0
        inside = zip(found.witness.lower, found.witness.upper, strict=True)
        assert all(
            low <= a <= b <= up
            for (a, b), low, up in zip(inside, box.lower, box.upper, strict=True)
        )


def test_an_extreme_away_from_the_corners():
    """On the first cells the minimum is at no corner, although the bound may be attained there."""
    tent = ReluNetwork([[[1, 0], [-1, 0], [0, 1]], [[1, 1, 1]]], [[0, 0, 0], [0]])
    found = exact_on_all_subboxes(tent, Box(-1, 1, dim=2), "ibp")
    assert found.verdict is F
    assert exactness(tent, found.witness, "ibp").gap > 0


def test_monotone_networks_in_the_plane():
    net = ReluNetwork([[[1, -2], [0, -1]], [[1, 3], [2, 1]], [[1, 2]]], [[0, -1], [0, -1], [0]])
    assert exact_on_all_subboxes(net, Box(-1, 2, dim=2), "ibp").verdict is H
    assert exact_on_all_subboxes(net, Box(-1, 2, dim=2), "triangle").verdict is H
    assert exact_on_all_subboxes(net, Box([0, 1], [0, 1]), "ibp").verdict is H


@given(st.data(), st.integers(1, 3))
def test_ends_network(data, dim):
    net, box = data.draw(networks(dim)), data.draw(boxes(dim))
    size = net.output_dim
    ends = ends_network(net).forward_exact([*box.lower, *box.upper])
    assert list(zip(ends[:size], ends[size:], strict=True)) == ibp(net, box)[-1]


def test_limits_and_bad_input():
    assert decide_intervals(RAMP, LINE, 2) is None
    found = exact_on_all_subboxes(RAMP, LINE, "ibp", limit=2, tries=30)
    assert (found.verdict, found.gap) == (U, 0)
    assert 0 < found.covered <= 30
    with pytest.raises(InvalidInput, match="method must be one of"):
        exact_on_all_subboxes(RAMP, LINE, "delta")
    with pytest.raises(InvalidInput, match="domain must be bounded"):
        exact_on_all_subboxes(RAMP, WholeSpace(1), "ibp")
    with pytest.raises(InvalidInput, match="domain must be bounded"):
        exactness(RAMP, None, "ibp")


def test_wiggle_by_hand():
    """The wiggle (0, 0), (2, 2), (3, 1), (5, 3), as one hidden layer."""
    found = exactness(WIGGLE, Box([0], [4]), "triangle")
    assert found.verdict is F
    (true,) = regions.output_range(WIGGLE, Box([0], [4]))
    assert (true.minimum, true.maximum) == (0, 2)
    pairs = combinations([Fraction(k, 2) for k in range(-4, 11)], 2)
    worst = max(exactness(WIGGLE, Box([a], [b]), "triangle").gap for a, b in pairs)
    assert exact_on_all_subboxes(WIGGLE, LINE, "triangle").gap >= worst / 2
