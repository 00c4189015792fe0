"""The constructions do what their docstrings say, counted by the engine and evaluated exactly."""

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, families, regions
from relu_theory.errors import InvalidInput
from relu_theory.exact.linalg import rank
from relu_theory.exact.numbers import rational_matrix
from relu_theory.regions import bounds


def test_gaussian_is_the_documented_stream():
    rng = np.random.default_rng(7)
    expected = []
    for fan_in, width in [(3, 5), (5, 4), (4, 2)]:
        expected.append(rng.standard_normal((width, fan_in)) / np.sqrt(fan_in))
        expected.append(0.1 * rng.standard_normal(width))
    net = families.gaussian(3, [5, 4], seed=7, outputs=2)
    found = [a for pair in zip(net.weights, net.biases, strict=True) for a in pair]
    assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
    assert net.float_exact


def test_hidden_layers_do_not_depend_on_the_outputs():
    one, three = (families.gaussian(2, [4, 4], 0, outputs=k) for k in (1, 3))
    assert all(
        np.array_equal(a, b) for a, b in zip(one.weights[:2], three.weights[:2], strict=True)
    )


@pytest.mark.parametrize("seed", [None, 0, 5])
@pytest.mark.parametrize(("n", "d"), [(6, 1), (6, 2), (6, 3), (7, 4)])
def test_generic_arrangements_are_in_general_position(n, d, seed):
    net = families.generic_arrangement(n, d, seed)
    rows = [
        [*row, bias]
        for row, bias in zip(net.exact.weights[0].tolist(), net.exact.biases[0], strict=True)
    ]
    assert all(rank(rational_matrix([r[:-1] for r in c])) == d for c in combinations(rows, d))
    assert all(rank(rational_matrix(list(c))) == d + 1 for c in combinations(rows, d + 1))


@pytest.mark.parametrize(("n", "d"), [(5, 1), (6, 2), (6, 3), (6, 4)])
def test_inside_the_cube_every_cell_meets_the_cube(n, d):
    net = families.generic_arrangement(n, d, inside_cube=True)
    assert regions.count(net, Box(0, 1, dim=d)) == regions.count(net) == bounds.zaslavsky(n, d)


def test_braid_and_resonance_rows():
    rows = families.braid(3).weights[0].astype(int).tolist()
    assert rows == [[1, -1, 0], [1, 0, -1], [0, 1, -1]]
    resonance = {tuple(row) for row in families.resonance(3).weights[0].astype(int).tolist()}
    assert resonance == set(product((0, 1), repeat=3)) - {(0, 0, 0)}


@given(st.integers(1, 6), st.integers(0, 64))
def test_tents_compute_the_tent_map(k, i):
    x = Fraction(i, 64)
    value = x
    for _ in range(k):
        value = min(2 * value, 2 - 2 * value)
    assert families.sawtooth(k).forward_exact([x]) == (value,)
    assert families.iterated_tent(k, 2).forward_exact([x, 1 - x]) == (value, value)


@given(st.integers(1, 5), st.integers(0, 60))
def test_folding_is_the_zigzag_of_montufar(q, i):
    x = Fraction(i, 60)
    folded = q * x - int(q * x)
    expected = folded if int(q * x) % 2 == 0 else 1 - folded
    assert families.folding(q, 1).forward_exact([x]) == (expected,)


@pytest.mark.parametrize("knots", range(3, 9))
def test_every_piece_of_the_serra_zigzag_covers_the_open_interval(knots):
    net = families.zigzag(knots)
    ends = [Fraction(0)]
    ends += sorted(-b / w for w, b in _first_layer(net))
    ends.append(Fraction(1))
    values = [net.forward_exact([t])[0] for t in ends]
    assert values == [Fraction(k % 2) for k in range(knots + 2)]
    outside = [net.forward_exact([t])[0] for t in (-1, 2)]
    assert outside[0] < 0
    assert not 0 < outside[1] < 1


def test_the_zigzag_with_three_knots_is_the_recorded_one():
    net = families.zigzag(3)
    for x in (Fraction(k, 24) for k in range(-12, 48)):
        relu = [max(t, 0) for t in (x - Fraction(1, 8), x - Fraction(1, 2), Fraction(3, 4) - x)]
        recorded = 6 - Fraction(32, 3) * relu[0] + Fraction(20, 3) * relu[1] - 8 * relu[2]
        assert net.forward_exact([x]) == (recorded,)


@pytest.mark.parametrize(
    ("widths", "inputs"), [([3], 1), ([5, 4, 3], 1), ([2, 2], 2), ([5, 6], 2), ([6, 4], 3)]
)
def test_montufar_attains_its_bound_in_the_cube(widths, inputs):
    count = regions.count(families.montufar(inputs, widths), Box(0, 1, dim=inputs))
    assert count == bounds.montufar2014_lower(inputs, widths)


@pytest.mark.parametrize(
    ("widths", "inputs"), [([3], 1), ([3, 7, 4], 1), ([6], 2), ([7, 6], 2), ([9, 9], 3)]
)
def test_serra_attains_its_bound_everywhere(widths, inputs):
    net = families.serra(inputs, widths)
    expected = bounds.serra2018_lower(inputs, widths)
    assert regions.count(net) == expected
    assert regions.count(net, Box(0, 1, dim=inputs)) == expected


def test_the_44_regions_of_montufar_carry_41_affine_functions():
    net = families.montufar(2, [4, 4])
    cells = list(regions.cells(net, Box(0, 1, dim=2)))
    maps = {(tuple(map(tuple, cell.gradient)), tuple(cell.offset)) for cell in cells}
    assert (len(cells), len(maps)) == (44, 41)


@settings(max_examples=20)
@given(st.integers(0, 10**6), st.sampled_from([(1, (3, 3)), (2, (4, 3)), (3, (4,))]))
def test_transforms_keep_the_regions_and_the_function(seed, shape):
    inputs, widths = shape
    net = families.random_integer(inputs, widths, seed)
    changed = [
        families.duplicate(net, 0, 1, -3),
        families.add_dead_neurons(net, 0),
        families.permute(net, 0, [2, 0, 1, *range(3, widths[0])]),
        families.rescale(net, 0, ["1/3", 2, 5] + [1] * (widths[0] - 3)),
        families.split_neuron(net, 0, 2),
    ]
    count = regions.count(net)
    point = [Fraction(3 * i - 2, 7) for i in range(inputs)]
    assert [regions.count(other) for other in changed] == [count] * len(changed)
    assert {other.forward_exact(point) for other in changed} == {net.forward_exact(point)}


@given(st.sampled_from(["2^-200", 3, "1/7"]))
def test_scaling_keeps_the_regions_and_multiplies_the_output(c):
    c = Fraction(1, 2**200) if c == "2^-200" else Fraction(c)
    net = families.gaussian(2, [6, 5], seed=4)
    changed = families.scaled(net, c)
    assert regions.count(changed) == regions.count(net)
    expected = c**3 * net.forward_exact(["1/3", "-1/2"])[0]
    assert changed.forward_exact(["1/3", "-1/2"]) == (expected,)


def test_a_dead_layer_is_constant_near_the_origin():
    net = families.dead_layer(families.gaussian(2, [8, 8], seed=5), 1)
    assert net.forward_exact([0, 0]) == net.forward_exact([1, -1])


@pytest.mark.parametrize("depth", [20, 24, 40])
@pytest.mark.parametrize("dim", [1, 2])
def test_deep_tents_in_a_small_window(depth, dim):
    # The coefficients outgrow what floats decide, so that many signs in a row are asked exactly.
    corner = Fraction(31, 256)
    window = Box(corner, corner + Fraction(8, 2**depth), dim=dim)
    assert regions.count(families.iterated_tent(depth, dim), window) == 8**dim


@pytest.mark.parametrize(
    ("net", "count"),
    [
        (families.iterated_tent(3, 2), 100),
        (families.serra(2, [6, 6]), 352),
        (families.resonance(3), 32),
        (families.sawtooth(6), 66),
    ],
)
def test_an_unwieldy_change_of_coordinates_keeps_the_count(net, count):
    entries = [[3, 7, 2], [5, 999983, 11], [13, 1, 1000003]]
    dim = net.input_dim
    matrix = [[Fraction(entries[i][j], 177147 + i) for j in range(dim)] for i in range(dim)]
    moved = net.restrict(matrix, [Fraction(1, 7 + i) for i in range(dim)])
    assert regions.count(moved) == len(list(regions.cells(moved))) == count


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: families.gaussian(0, [2], 0), "inputs must be a positive integer, got 0"),
        (lambda: families.gaussian(2, [2, 0], 0), r"widths\[1\] must be a positive integer"),
        (lambda: families.random_integer(2, [2], 0, bound=0), "bound must be a positive integer"),
        (lambda: families.generic_arrangement(0, 2), "hyperplanes must be a positive integer"),
        (lambda: families.resonance(0), "dim must be a positive integer"),
        (lambda: families.braid(1), "n must be at least 2"),
        (lambda: families.grid(2, []), "levels must name at least one level"),
        (lambda: families.sawtooth(0), "iterations must be a positive integer"),
        (lambda: families.montufar(2, []), "at least one hidden layer"),
        (lambda: families.montufar(2, [1]), "at least 1 x inputs = 2"),
        (lambda: families.serra(2, [5]), "at least 3 x inputs = 6"),
        (lambda: families.zigzag(2), "knots must be at least 3"),
        (lambda: families.scaled(families.sawtooth(1), -1), "c must be positive, got -1"),
        (lambda: families.dead_layer(families.sawtooth(1), 1), "layer must be a hidden layer 0..0"),
        (lambda: families.duplicate(families.sawtooth(1), 0, 2), r"neuron must be one of 0..1"),
        (lambda: families.permute(families.sawtooth(1), 0, [0, 0]), "order must be a permutation"),
        (lambda: families.rescale(families.sawtooth(1), 0, [1]), "factors must have one entry"),
        (
            lambda: families.rescale(families.sawtooth(1), 0, [1, 0]),
            r"factors\[1\] must be positive",
        ),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(InvalidInput, match=message):
        call()


def _first_layer(net):
    weights, biases = net.exact.weights[0].tolist(), net.exact.biases[0]
    rows = zip(weights, biases, strict=True)
    return [(Fraction(int(w.p), int(w.q)), Fraction(int(b.p), int(b.q))) for (w,), b in rows]
