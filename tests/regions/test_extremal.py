"""Extremal networks, shrinking and expectations."""

import math
import random
from itertools import pairwise

import pytest

from relu_theory import InvalidInput, ReluNetwork, families
from relu_theory.regions import (
    all_counts,
    bounds,
    count,
    expected_breakpoints,
    extremal_networks,
    hanin2019_density,
    minimise,
)


@pytest.mark.parametrize(("inputs", "widths", "size", "best"), [
    (2, (2, 1), 1, 7), (2, (2, 2), 2, 11), (2, (3, 1), 2, 13), (2, (2, 3), 2, 15),
    (1, (1, 1), 1, 3), (1, (2, 1), 2, 5), (1, (2, 2), 2, 7),
])
def test_best_of_small_weights(inputs, widths, size, best):
    found = extremal_networks(inputs, widths, size)
    assert found.count == count(found.network) == best
    assert found.upper == bounds.hinz2019_upper(inputs, widths) >= best
    assert found.network.widths == widths


def test_no_random_network_of_the_space_beats_the_search():
    rng, best = random.Random(0), extremal_networks(2, (2, 2), 1).count
    for _ in range(300):
        rows = [[rng.randint(-1, 1) for _ in range(3)] for _ in range(2)]
        net = ReluNetwork([[[1, 0], [0, 1]], [r[:2] for r in rows], [[1, 1]]],
                          [[0, 0], [r[2] for r in rows], [0]])
        assert count(net) <= best


def test_the_whole_space_of_one_neuron_by_counting_each():
    best = max(
        count(ReluNetwork([[[1, 0], [0, 1]], [[a, b]], [[1]]], [[0, 0], [c], [0]]))
        for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1)
    )
    assert extremal_networks(2, (2, 1), 1).count == best


@pytest.mark.heavy
@pytest.mark.parametrize(("widths", "best"), [((3, 2), 21), ((3, 3), 30)])
def test_best_of_three_neurons(widths, best):
    assert extremal_networks(2, widths).count == best == count(families.maximal(2, widths))


@pytest.mark.parametrize(("widths", "inputs"), [
    ([2, 2], 2), ([2, 3], 2), ([3, 2], 2), ([3, 3], 2), ([4, 4], 2), ([6, 6], 2), ([3, 3], 1),
    ([5], 3),
])
def test_best_known_networks(widths, inputs):
    net = families.maximal(inputs, widths)
    assert (net.input_dim, net.widths) == (inputs, tuple(widths))
    found = count(net)
    assert found <= bounds.hinz2019_upper(inputs, widths)
    assert found >= max([0, *bounds.lower_bounds(inputs, widths).values()])


def test_minimised_examples_are_local_minima():
    example = next(e for e in families.separating_examples() if e.name == "bent border")

    def keeps(net):
        counts = all_counts(net)
        return isinstance(counts["convex"], int) and counts["convex"] > counts["open_connected"]

    assert minimise(example.network, keeps) == example.network


@pytest.mark.heavy
def test_no_step_keeps_six_different_counts():
    example = next(e for e in families.separating_examples() if e.name == "all six")
    assert minimise(example.network, _six) == example.network


def _six(net):
    values = [(getattr(v, "lower", v), getattr(v, "upper", v)) for v in all_counts(net).values()]
    return all(more[0] > less[1] for more, less in pairwise(values))


def test_shrinking_takes_neurons_out_and_makes_weights_small():
    net = families.random_integer(2, [4, 3], 3, bound=9)
    small = minimise(net, lambda n: count(n) >= 3)
    assert count(small) >= 3
    assert small.num_neurons <= 3
    assert max(abs(w).max() for w in small.weights) <= 1


def test_expected_breakpoints():
    assert expected_breakpoints(10, -math.inf, math.inf).contains(10)
    assert expected_breakpoints(10, 0, math.inf, 3, "1/7").contains(5)
    assert expected_breakpoints(6, 1, 1).contains(0)
    assert expected_breakpoints(12, 0, 1, 2, 2).contains(3)
    assert expected_breakpoints(1, 0, "1/2", 2).rad() < 1e-30


def test_density_bound():
    assert hanin2019_density(4, 2, "1/32", 1) == 8
    assert hanin2019_density(3, 4, 1, 1) == 8
    assert hanin2019_density(20, 3, 1, 1) == 8 * hanin2019_density(10, 3, 1, 1)


@pytest.mark.parametrize(("ask", "message"), [
    (lambda: extremal_networks(3, (2, 2)), "inputs must be 1 or 2"),
    (lambda: extremal_networks(2, (4, 2)), "widths must be from"),
    (lambda: families.maximal(2, [1, 3]), "at least inputs"),
    (lambda: minimise(families.braid(3), lambda n: False), "has not the property"),
    (lambda: expected_breakpoints(3, 2, 1), "lower <= upper"),
    (lambda: expected_breakpoints(3, math.inf, -math.inf), "lower <= upper"),
    (lambda: expected_breakpoints(3, 0, 1, 0), "sigma_weight must be positive"),
    (lambda: hanin2019_density(3, 0, 1, 1), "inputs be positive"),
    (lambda: hanin2019_density(3, 1, -1, 1), "gradient must be positive"),
])
def test_bad_questions(ask, message):
    with pytest.raises(InvalidInput, match=message):
        ask()
