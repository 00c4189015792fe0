"""Counts where rays are sharpened: the values that are refined then must obey every bound."""

from itertools import pairwise

import numpy as np
import pytest

from relu_theory import Box, ReluNetwork
from relu_theory.regions import cells, count


def widely_scaled(seed: int) -> tuple[ReluNetwork, Box]:
    """A deep, narrow network whose layers differ by powers of ten, and a box of any proportions."""
    rng = np.random.default_rng(seed)
    dim, depth = int(rng.integers(3, 6)), int(rng.integers(2, 6))
    widths = [int(rng.integers(3, 12 - dim - (depth > 3))) for _ in range(depth)]
    sizes = [dim, *widths, 1]
    weights = [1.6 * rng.normal(size=(b, a)) / np.sqrt(a) for a, b in pairwise(sizes)]
    biases = [0.3 * rng.normal(size=b) for b in sizes[1:]]
    weights = [w.astype(np.float32).astype(float) * 10.0 ** rng.integers(-4, 5) for w in weights]
    middle = np.round(0.2 * rng.normal(size=dim), 2)
    sides = [10.0 ** -rng.integers(0, 3) for _ in range(2)]
    return ReluNetwork(weights, biases), Box(middle - sides[0], middle + sides[1])


# The last three were counted too large when a refined value obeyed the coarser bound only.
@pytest.mark.parametrize("seed", [*range(8), 991, 3167, 4069])
def test_counts_are_those_of_the_stream(seed):
    net, box = widely_scaled(seed)
    assert count(net, box) == sum(1 for _ in cells(net, box))
