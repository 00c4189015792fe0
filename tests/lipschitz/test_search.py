"""Branch and bound: agreement with the enumeration, brackets at any time, resuming."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Ball, Box, Polytope, ReluNetwork, WholeSpace, families, lipschitz
from relu_theory.errors import InvalidInput, TooLarge, Undecided
from relu_theory.lipschitz.ascent import gradient_norms
from relu_theory.lipschitz.leaves import excluded, influential, interior_point
from relu_theory.lipschitz.neighbours import walk
from relu_theory.lipschitz.norms import operator_norm
from relu_theory.lipschitz.ranges import preactivation_ranges
from relu_theory.lipschitz.reachability import Reachability
from tests.strategies import boxes, networks


@settings(max_examples=25)
@given(st.data())
def test_the_search_agrees_with_the_enumeration(data: st.DataObject) -> None:
    net = data.draw(networks(2, max_width=4))
    box = data.draw(boxes(2, flat=False))
    order = data.draw(st.sampled_from([1, 2, math.inf]))
    true = lipschitz.exact(net, box, order, order)
    found = lipschitz.search(net, box, order, order, seconds=600)
    assert found.label == "exact"
    assert found.value == true.value
    assert found.check(net)


@settings(max_examples=10)
@given(networks(2, max_width=3))
def test_brackets_everywhere_hold_the_constant(net: ReluNetwork) -> None:
    true = lipschitz.exact(net)
    found = lipschitz.search(net, seconds=600)
    assert found.lower <= true.upper
    assert found.upper >= true.lower


def test_a_bracket_shrinks_and_the_search_goes_on() -> None:
    net = families.gaussian(5, [8, 8], 0, 2)
    box = Box(-1, 1, dim=5)
    first = lipschitz.search(net, box, nodes=10)
    assert first.label == "bracket"
    with pytest.raises(Undecided) as caught:
        _ = first.value
    assert caught.value.bracket.lower == first.lower
    state = first.details["search"]
    second = state.run(nodes=20)
    assert first.lower <= second.lower <= second.upper <= first.upper
    last = state.run(seconds=600)
    assert last.label == "exact"
    assert second.lower <= last.upper
    assert last.lower <= second.upper
    assert last.check(net)
    assert lipschitz.search(net, box, gap=0.1).upper <= 1.1 * float(last.upper)


def test_an_interruption_loses_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    net, box = families.gaussian(3, [6, 6], 1, 2), Box(-1, 1, dim=3)
    state = lipschitz.Search(net, box)
    state.run(nodes=4)
    before = state.upper

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(state, "_child", interrupted)
        with pytest.raises(KeyboardInterrupt):
            state.run(nodes=10)
    assert state.upper == before
    assert state.run(seconds=600).value == lipschitz.exact(net, box).value


def test_degenerate_leaves_are_decided_exactly() -> None:
    gadget = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    for domain in (Box(-1, 1, dim=1), WholeSpace(1)):
        assert lipschitz.search(gadget, domain).value == 1


def test_degenerate_networks_in_many_dimensions_are_closed() -> None:
    eye = np.eye(8)
    first, second = np.vstack([eye, -eye]), np.hstack([eye, -eye])
    net = ReluNetwork([first, second[:1]], [np.zeros(16), np.zeros(1)])
    found = lipschitz.search(net, Box(-1, 1, dim=8), seconds=600)
    assert found.value == 1
    assert found.details["nodes"] < 100
    # The formal constant is 2: both neurons of a pair are on in one hyperplane only.
    both = ((True,) * 16,)
    assert interior_point(net, both, Box(-1, 1, dim=8)) is None
    with pytest.raises(TooLarge, match="6 dimensions"):
        interior_point(net, ((True,) * 8 + (False,) * 8,), WholeSpace(8))


def test_excluded_states_and_influence() -> None:
    net = ReluNetwork([[[1], [-1]], [[1, -1], [0, 1]], [[1, 0]]], [[0, 0], [-1, -1], [0]])
    box = Box(-1, 1, dim=1)
    assert excluded(net, np.array([2, 2, 0, 0]), box)
    assert not excluded(net, np.array([2, 0, 2, 0]), box)
    assert excluded(net, np.array([2, 1, 2, 0]), box)  # x - 1 > 0
    assert influential(net, np.zeros(4)).tolist() == [True, True, True, False]
    assert influential(net, np.array([0, 0, 1, 0])).tolist() == [False, False, False, False]
    assert influential(net, np.array([1, 0, 0, 2])).tolist() == [False, True, True, False]


def test_switches_that_the_relaxation_excludes_are_fixed() -> None:
    # On [-1, 1]^2: u1 = x, u2 = x - 1/2, u3 = y; with u2 on, u1 is on as well.
    net = ReluNetwork([[[1, 0], [1, 0], [0, 1]], [[1, 1, 1]]], [[0, -0.5, 0], [0]])
    low, high = -np.ones(2), np.ones(2)
    ranges = preactivation_ranges(net, low, high)
    reach = Reachability(net, low, high, ranges, np.zeros((0, 3)))
    seen = np.zeros((3, 2), bool)
    state, points = reach.settle(np.array([0, 2, 0]), np.array([0, 2]), seen)
    assert state.tolist() == [2, 2, 0]
    assert len(points) >= 1
    assert (points[:, 0] > 0.5).all()
    # With a half-space of the domain, x <= 1/4, nothing obeys the state.
    cut = Reachability(net, low, high, ranges, np.array([[-1.0, 0, 0.25]]))
    assert cut.ask(np.array([0, 2, 0])).impossible
    assert not reach.ask(np.array([0, 2, 0])).impossible


def test_walks_reach_better_regions() -> None:
    net, box = families.gaussian(3, [8, 8], 0), Box(-1, 1, dim=3)
    low, high = -np.ones(3), np.ones(3)
    reach = Reachability(net, low, high, preactivation_ranges(net, low, high), np.zeros((0, 4)))
    norm = operator_norm(2, 2, 1, 3)
    starts = np.random.default_rng(0).uniform(-1, 1, (5, 3))
    ends = np.array([walk(net, norm, reach, x) for x in starts])
    before, after = gradient_norms(net, norm, starts), gradient_norms(net, norm, ends)
    assert (after >= before).all()
    assert after.max() > before.max()
    assert after.max() <= float(lipschitz.exact(net, box).upper) * (1 + 1e-12)


def test_polytopes_and_balls() -> None:
    net = families.gaussian(2, [6, 6], 3)
    triangle = Polytope([[-1, 0], [0, -1], [1, 1]], [0, 0, 1])
    assert lipschitz.search(net, triangle).value == lipschitz.exact(net, triangle).value
    disc = Ball([0, 0], 1)
    found, true = lipschitz.search(net, disc), lipschitz.exact(net, disc)
    assert found.lower <= true.upper
    assert found.upper >= true.lower


@pytest.mark.heavy
@pytest.mark.parametrize(("seed", "value"), [(0, "1.382316"), (1, "1.349661"), (2, "1.457303")])
def test_networks_with_a_million_cells(seed: int, value: str) -> None:
    net = families.gaussian(10, [20, 20], seed, 2)
    found = lipschitz.search(net, Box(-1, 1, dim=10), seconds=900)
    assert found.label == "exact"
    assert f"{float(found):.6f}" == value
    assert found.check(net)


def test_bad_input() -> None:
    net = families.gaussian(2, [4], 0)
    with pytest.raises(InvalidInput, match="interior"):
        lipschitz.search(net, Box([0, 0], [1, 0]))
    with pytest.raises(InvalidInput, match="radius"):
        lipschitz.search(net, Ball([0, 0], 0))
    with pytest.raises(InvalidInput, match="empty"):
        lipschitz.search(net, Polytope([[1, 0], [-1, 0]], [0, -1]))
