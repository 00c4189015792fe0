"""Two turns: no network with one hidden layer is exact, and what a search says."""

import numpy as np
import pytest

from relu_theory import Box, ReluNetwork, Verdict
from relu_theory.cpwl import CPWL
from relu_theory.relaxation import exact_on_all_subboxes
from relu_theory.relaxation.constructions import canonical
from relu_theory.relaxation.open_cell import search_two_turns, two_turns


def test_turns():
    wiggle = canonical([-4, 0, 2, 3, 5], [-4, 0, 2, 1, 3])
    assert two_turns(wiggle) == (2, 3)
    assert two_turns(ReluNetwork([[[1]], [[1]]], [[0], [0]])) == ()
    assert two_turns(CPWL.from_points([-1, 0, 1, 2], [0, 1, 1, 0]).to_network()) == (1,)


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


def test_search_counts():
    found = search_two_turns([3, 3], 60, rng=3)
    assert found.drawn == 60
    assert 0 < found.examined <= 60
    assert found.survivors == ()
