"""The oracle on answers known by theorem or from the table of traps."""

from __future__ import annotations

import random
from fractions import Fraction as Q
from itertools import combinations, product
from math import comb, factorial

import pytest

from tests import oracles

SQUARE = [(1, 0, 1), (-1, 0, 1), (0, 1, 1), (0, -1, 1)]
UNIT_SQUARE = [(1, 0, 0), (-1, 0, 1), (0, 1, 0), (0, -1, 1)]


def one_layer(rows):
    """The network with the given hidden rows ``(w, b)`` and the sum of its neurons as output."""
    exact = [tuple(map(Q, row)) for row in rows]
    return [[row[:-1] for row in exact], [[1] * len(rows)]], [[row[-1] for row in exact], [0]]


def tents(layers):
    """The iterated tent map in each of two coordinates."""
    first = [(2, 0), (4, 0), (0, 2), (0, 4)]
    later = [(2, -2, 0, 0), (4, -4, 0, 0), (0, 0, 2, -2), (0, 0, 4, -4)]
    weights = [first] + [later] * (layers - 1) + [[(1, -1, 1, -1)]]
    return weights, [(0, -2, 0, -2)] * layers + [(0,)]


TRAPS = {
    "duplicate": ([(1, 2, ".25")] * 2 + [(3, 6, ".75"), (-1, -2, "-.25"), (2, -1, ".5"),
                                         (".5", "-.25", ".125")], 4, 4),
    "pencil": ([(1, 0, "-.25"), (0, 1, "-.5"), (1, 1, "-.75"), (1, -1, ".25"), (2, 1, -1),
                (1, 2, "-1.25")], 12, 12),
    "gap": ([(1, 0, 0), (1, 0, -1e-9)], 3, 3),
    "sliver": ([(1, 0, 0), (1, 1e-9, 0)], 4, 4),
    "dead": ([(1, 0, ".1"), (0, 0, -1), (0, 0, 1), (0, 0, 0), (0, 1, ".2")], 4, 4),
    "grid": ([(1, 0, Q(-k, 8)) for k in range(-2, 3)] + [(0, 1, Q(-k, 8)) for k in range(-2, 3)],
             36, 36),
    "far": ([(j * Q(1, 2**20), 1, Q(j * j, 8) - 2) for j in range(8)], None, 37),
}  # fmt: skip


@pytest.mark.parametrize("name", TRAPS)
def test_traps_in_the_plane(name):
    rows, in_square, in_plane = TRAPS[name]
    weights, biases = one_layer(rows)
    assert len(oracles.regions(weights, biases)) == in_plane
    if in_square is not None:
        assert len(oracles.regions(weights, biases, SQUARE)) == in_square


def test_identity_gadget():
    signs = [(1, 0), (-1, 0), (0, 1), (0, -1)]
    second = [(1, -1, 1, -1), (1, -1, -1, 1), (1, -1, 0, 0)]
    weights = [signs, second, [(1, 1, 1)]]
    biases = [(0,) * 4, (Q(-1, 2), Q(1, 4), Q(-1, 8)), (0,)]
    assert len(oracles.regions(weights, biases, SQUARE)) == 14
    assert len(oracles.regions(weights, biases)) == 14


@pytest.mark.parametrize(("layers", "inside", "everywhere"), [(1, 4, 9), (2, 16, 36), (3, 64, 100)])
def test_iterated_tents(layers, inside, everywhere):
    assert len(oracles.regions(*tents(layers), UNIT_SQUARE)) == inside
    assert len(oracles.regions(*tents(layers))) == everywhere


@pytest.mark.parametrize(("neurons", "dimension"), [(6, 1), (6, 2), (6, 3), (6, 4)])
def test_zaslavsky(neurons, dimension):
    rng = random.Random(neurons * dimension)
    rows = [[rng.randint(-999, 999) for _ in range(dimension + 1)] for _ in range(neurons)]
    expected = sum(comb(neurons, i) for i in range(dimension + 1))
    assert len(oracles.regions(*one_layer(rows))) == expected


@pytest.mark.parametrize("order", [2, 3, 4])
def test_braid(order):
    rows = []
    for i, j in combinations(range(order), 2):
        rows.append([(k == i) - (k == j) for k in range(order)] + [0])
    assert len(oracles.regions(*one_layer(rows))) == factorial(order)


@pytest.mark.parametrize(("dimension", "expected"), [(1, 2), (2, 6), (3, 32)])
def test_resonance(dimension, expected):
    rows = [(*normal, 0) for normal in product((0, 1), repeat=dimension) if any(normal)]
    assert len(oracles.regions(*one_layer(rows))) == expected


def test_absolute_value_by_hand():
    network = one_layer([(1, 0), (-1, 0)])
    assert oracles.regions(*network) == [((False, True),), ((True, False),)]
    assert oracles.regions(*network, [(1, 3)]) == oracles.regions(*network)
    assert oracles.regions(*network, [(1, 0)]) == [((True, False),)]


def test_no_hidden_layer_and_domains_without_interior():
    network = ([[(1, 1)]], [(0,)])
    assert oracles.regions(*network) == [()]
    assert oracles.regions(*network, [(1, 0, 0), (-1, 0, 0)]) == []
    assert oracles.regions(*network, [(1, 0, -1), (-1, 0, 0)]) == []
    assert oracles.regions(*network, [(0, 0, -1)]) == []


def test_pull_back_to_a_diagonal():
    weights, biases = one_layer([(1, 1, -1), (1, -1, 0)])
    on_line = oracles.pull_back(weights, biases, [(1,), (1,)], (0, 0))
    assert oracles.regions(*on_line) == [((False, False),), ((True, False),)]


@pytest.mark.parametrize("seed", range(12))
def test_points_lie_where_they_say(seed):
    rng = random.Random(seed)
    dimension, widths = rng.randint(1, 3), [rng.randint(1, 4), rng.randint(1, 4), 1]
    shapes = list(zip(widths, [dimension, *widths], strict=False))
    weights = [[[rng.randint(-2, 2) for _ in range(n)] for _ in range(m)] for m, n in shapes]
    biases = [[rng.randint(-2, 2) for _ in range(m)] for m, _ in shapes]
    found = list(oracles.regions_with_points(weights, biases))
    assert len({pattern for pattern, _ in found}) == len(found)
    for pattern, point in found:
        values, bits = point, []
        for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
            values = [
                sum(w * v for w, v in zip(row, values, strict=True)) + b
                for row, b in zip(weight, bias, strict=True)
            ]
            bits.append(tuple(v > 0 for v in values))
            values = [max(v, 0) for v in values]
        assert tuple(bits) == pattern
        rows = [row for row in oracles.cell_rows(weights, biases, pattern) if any(row)]
        assert all(oracles.value(row, point) > 0 for row in rows)


def test_extreme_rays_of_a_square_and_a_quadrant():
    square = oracles.extreme_rays([*SQUARE, (0, 0, 1)], 3)
    assert square == [(-1, -1, 1), (-1, 1, 1), (1, -1, 1), (1, 1, 1)]
    quadrant = oracles.extreme_rays([(2, 0, -1), (0, 1, 0), (0, 0, 1)], 3)
    assert quadrant == [(0, 1, 0), (1, 0, 0), (1, 0, 2)]
