"""Two turns: no network with one hidden layer is exact, and what a search says."""

from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product
from math import comb

import numpy as np
import pytest

from relu_theory import Box, ReluNetwork, Verdict
from relu_theory.cpwl import CPWL
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.relaxation import exact_on_all_subboxes, exactness
from relu_theory.relaxation.constructions import canonical
from relu_theory.relaxation.one_layer_census import Census, census, rays
from relu_theory.relaxation.open_cell import (
    has_wiggle,
    refined,
    search_wiggles,
    two_turns,
    worst_box,
)


def test_turns():
    wiggle = canonical([-4, 0, 2, 3, 5], [-4, 0, 2, 1, 3])
    assert two_turns(wiggle) == (2, 3)
    assert two_turns(ReluNetwork([[[1]], [[1]]], [[0], [0]])) == ()
    assert two_turns(CPWL.from_points([-1, 0, 1, 2], [0, 1, 1, 0]).to_network()) == (1,)


def test_wiggles_end_beyond_both_turns():
    wiggle = canonical([-4, 0, 2, 3, 4], [-4, 0, 2, 1, 3])
    assert has_wiggle(wiggle)
    assert has_wiggle(wiggle.scale(-1))
    assert has_wiggle(wiggle, Box(0, 4, dim=1))
    assert not has_wiggle(wiggle, Box(0, "7/2", dim=1))
    assert not has_wiggle(wiggle, Box(1, 4, dim=1))


@pytest.mark.parametrize("seed", range(30))
def test_one_hidden_layer_never_does(seed):
    rng = np.random.default_rng(seed)
    while True:
        weights = [rng.integers(-3, 4, (5, 1)), rng.integers(-3, 4, (1, 5))]
        net = ReluNetwork(weights, [rng.integers(-6, 7, 5), [0]])
        if len(two_turns(net)) >= 2:
            break
    found = exact_on_all_subboxes(net, Box(-4, 4, dim=1), "triangle")
    assert found.verdict is Verdict.FAILS


def test_search_counts_and_goes_on():
    found = search_wiggles([3, 3], 120, seed=3)
    assert found.drawn == 120
    assert 0 < found.examined <= 120
    assert found.survivors == ()
    parts = [search_wiggles([3, 3], 40, seed=3, start=start) for start in (0, 40, 80)]
    assert parts[0] + parts[1] + parts[2] == found
    assert search_wiggles([3, 3], 120, seed=4) != found


def test_a_failure_that_is_found_late():
    """Exact on the boxes that are tried first; the other ones refute it."""
    net = ReluNetwork(
        [[[2], [-2], [-2]], [[2, 0, -2], [-2, -1, 0], [1, 0, -1]], [[-2, -2, 0]]],
        [[-1, -2, 2], [-2, 1, 1], [-1]],
    )
    assert two_turns(net) == (Fraction(1, 2), 1)
    gap, box = worst_box(net, tries=150)
    assert gap > 0
    assert 2 * gap == exactness(net, box, "triangle").gap


def test_an_exact_network_would_survive():
    """The search keeps what no box refutes: here with two turns for hulls, which are exact."""
    found = search_wiggles([4], 400, method="multineuron", seed=1)
    assert len(found.survivors) == found.examined > 0


def test_refinement_never_makes_the_gap_larger():
    net = canonical([-4, 0, 2, 3, 4], [-4, 0, 2, 1, 3])
    assert has_wiggle(net)
    first, _ = worst_box(net)
    other, last = refined(net, 40, seed=2)
    assert 0 < last <= first
    assert last == worst_box(other)[0]
    assert has_wiggle(other)


def turns_by_hand(neurons):
    """Turns of a sum of neurons (w, a, b), from its values at multiples of 1/4."""
    points = [Fraction(k, 4) for k in range(-16, 17)]
    values = [sum(w * max(a * x + b, 0) for w, a, b in neurons) for x in points]
    signs = [b > a for a, b in pairwise(values) if a != b]
    return sum(p != q for p, q in pairwise(signs))


def test_census_against_a_naive_one():
    """All multisets of four neurons with entries in {-1, 0, 1}, and the decision on all boxes."""
    neurons = rays(1)
    assert sorted(neurons) == sorted(
        (w, a, b) for w, a, b in product((-1, 0, 1), repeat=3) if w and a
    )
    turning = 0
    for size in range(1, 5):
        for chosen in combinations_with_replacement(neurons, size):
            if turns_by_hand(chosen) < 2:
                continue
            turning += 1
            w, a, b = ([n[k] for n in chosen] for k in range(3))
            net = ReluNetwork([[[x] for x in a], [w]], [b, [0]])
            found = exact_on_all_subboxes(net, Box(-4, 4, dim=1), "triangle")
            assert found.verdict is Verdict.FAILS
    count = census(4, 1)
    assert (count.networks, count.turning, count.failing) == (comb(16, 4), turning, turning)


def test_different_rays_are_different_functions():
    points = [Fraction(k, 4) for k in range(-16, 17)]
    functions = {tuple(w * max(a * x + b, 0) for x in points) for w, a, b in rays(2)}
    everything = {
        tuple(w * max(a * x + b, 0) for x in points)
        for w, a, b in product(range(-2, 3), repeat=3)
        if w and a
    }
    assert functions == everything
    assert len(functions) == len(rays(2)) == 68


def test_no_network_with_three_neurons_up_to_two():
    found = census(3, 2)
    assert found == Census(rays=68, networks=comb(71, 3), turning=2244, failing=2244)


@pytest.mark.heavy
def test_no_network_with_four_neurons_up_to_two():
    found = census(4, 2)
    assert found == Census(rays=68, networks=comb(72, 4), turning=77466, failing=77466)


def test_bad_input():
    with pytest.raises(InvalidInput, match="width and bound must be at least 1"):
        census(0)
    with pytest.raises(TooLarge, match="networks are more than"):
        census(8)
