"""Rescaled layers: exact factors, and bounds that hold for every pattern that occurs."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import Box, ReluNetwork, families
from relu_theory.exact import fraction, rational
from relu_theory.regions import cells
from relu_theory.regions.layers import Layer, scaled_layers
from relu_theory.regions.start import pose
from tests.regions import fuzz
from tests.strategies import networks

UNIT = Fraction(1, 2**53)


def scaled_maps(layers: list[Layer], pattern) -> list[list[list[Fraction]]]:
    """The maps of every layer under a pattern, from the float layers taken exactly."""
    out = []
    for level, layer in enumerate(layers):
        rows = [[Fraction(x) for x in row] for row in layer.affine.tolist()]
        if level:
            below = [m if on else [0 * x for x in m]
                     for m, on in zip(out[-1], pattern[level - 1], strict=True)]
            size = len(below[0])
            rows = [
                [sum(w * m[k] for w, m in zip(row, below, strict=False))
                 + (row[-1] if k == size - 1 else 0) for k in range(size)]
                for row in rows
            ]
        out.append(rows)
    return out


def true_maps(net: ReluNetwork, layers: list[Layer], pattern) -> list[list[list[Fraction]]]:
    """The exact maps of the network's neurons times the factors of the layers."""
    weights, biases = fuzz.exact_layers(net)
    out, below = [], None
    for level, layer in enumerate(layers):
        rows = [[*w, b] for w, b in zip(weights[level], biases[level], strict=True)]
        if below is not None:
            size = len(below[0])
            rows = [
                [sum(w * m[k] for w, m in zip(row, below, strict=False))
                 + (row[-1] if k == size - 1 else 0) for k in range(size)]
                for row in rows
            ]
        below = [m if on else [0 * x for x in m]
                 for m, on in zip(rows, pattern[level], strict=True)]
        out.append([[fraction(s) * x for x in row]
                    for s, row in zip(layer.scale, rows, strict=True)])
    return out


def check(net: ReluNetwork, box: Box | None = None) -> None:
    """Bounds hold at every cell: extents bound the maps, errors bound what rounding did."""
    question = pose(net, box)
    inner = question.network
    layers = scaled_layers(inner, question.corners())
    for cell in cells(net, box):
        exact = true_maps(inner, layers, cell.pattern)
        rounded = scaled_maps(layers, cell.pattern)
        for layer, maps, near in zip(layers, exact, rounded, strict=True):
            for i, row in enumerate(maps):
                for k, value in enumerate(row):
                    assert abs(value) <= Fraction(layer.extent[i, k])
                    assert abs(value - near[i][k]) <= Fraction(layer.error[i, k])
                    if layer.integral:
                        assert value == near[i][k]
                        assert value.denominator == 1


@given(st.data(), st.integers(1, 3))
def test_bounds_over_the_whole_space(data, dim):
    net = data.draw(networks(dim, max_width=3))
    question = pose(net)
    if question.dim == dim and net.depth:
        check(net)


@given(st.data(), st.integers(1, 3))
def test_bounds_on_a_box(data, dim):
    net = data.draw(networks(dim, max_width=3))
    if net.depth:
        check(net, Box(-1, Fraction(7, 3), dim=dim))


@pytest.mark.parametrize("seed", range(60))
def test_bounds_of_hard_networks(seed):
    _, net, domain = fuzz.question(seed)
    if net.depth and isinstance(domain, Box) and pose(net, domain).dim == net.input_dim:
        check(net, domain)


def test_small_integers_stay_integers():
    net = families.random_integer(3, [6, 5, 4], seed=1)
    layers = scaled_layers(net)
    assert all(layer.integral for layer in layers)
    assert all((layer.affine == np.rint(layer.affine)).all() for layer in layers)
    assert all(not layer.error.any() for layer in layers)
    assert all(layer.largest < 2.0**53 for layer in layers)


def test_dyadic_fractions_become_integers_by_powers_of_two():
    (layer,) = scaled_layers(ReluNetwork([[[0.5, 0.75], [-96, 32]], [[1, 1]]], [[0.25, 0], [0]]))
    assert layer.affine.tolist() == [[2, 3, 1], [-3, 1, 0]]
    assert layer.exponents.tolist() == [2, -5]
    assert layer.scale == (fmpq(4), fmpq(1, 32))


def test_rationals_become_integers_by_rational_factors():
    (layer,) = scaled_layers(ReluNetwork([[["1/3", "1/7"]], [[1]]], [["-2/21"], [0]]))
    assert layer.affine.tolist() == [[7, 3, -2]]
    assert layer.integral
    assert layer.scale == (rational("21"),)


@pytest.mark.parametrize("c", [2.0**-200, 2.0**60, 2.0**-1000])
def test_power_of_two_scalings_give_the_same_layers(c):
    net = families.gaussian(3, [5, 4], seed=0)
    scaled = ReluNetwork([c * net.weights[0], net.weights[1] / c, net.weights[2]],
                         [c * net.biases[0], *net.biases[1:]])
    for one, two in zip(scaled_layers(net), scaled_layers(scaled), strict=True):
        assert (one.affine == two.affine).all()
        assert (one.extent == two.extent).all()


def test_generic_floats_are_near_one_and_free_of_rounding():
    net = families.gaussian(4, [8, 8, 8], seed=0)
    layers = scaled_layers(net)
    assert all(0.25 <= layer.magnitude.max() <= 1 + 1e-9 for layer in layers)
    assert not layers[0].error.any()
    assert all(layer.largest == np.inf for layer in layers)


def test_zero_rows_and_dead_inputs_have_structural_zeros():
    net = ReluNetwork([[[0.1, 0], [0, 0]], [[0.3, 5]], [[1]]], [[0, 0], [0.7], [0]])
    first, second = scaled_layers(net)
    assert (first.extent > 0).tolist() == [[True, False, False], [False, False, False]]
    assert (second.extent > 0).tolist() == [[True, False, True]]


def test_a_box_makes_the_bounds_tighter():
    net = families.gaussian(2, [8, 8, 8], seed=0)
    box = Box(0, "1/1000", dim=2)
    question = pose(net, box)
    free = scaled_layers(question.network)[-1]
    tight = scaled_layers(question.network, question.corners())[-1]
    widths = [np.log2((layer.maps.radius / layer.extent).max()) for layer in (free, tight)]
    assert widths[1] < widths[0]


def test_an_entry_lost_to_underflow_counts_as_an_error():
    net = ReluNetwork([[["1", "1e-320", "-1e-400"]], [[1]]], [["1/3"], [0]])
    (layer,) = scaled_layers(net)
    assert (layer.affine[0] != 0).all()
    exact = [fraction(layer.scale[0]) * fraction(x) for x in ("1", "1e-320", "-1e-400", "1/3")]
    for value, near, error in zip(exact, layer.affine[0].tolist(), layer.error[0], strict=True):
        assert abs(value - Fraction(near)) <= Fraction(error)
