"""Minibatch estimates, brackets of the true modulus, and comparisons of curves."""

import math

import numpy as np
import pytest

from relu_theory import Box, families, lipschitz
from relu_theory.errors import InvalidInput, ShapeError


def test_minibatches_are_below_and_repeat_with_their_seed() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((400, 3))
    y = np.abs(x[:, 0]) + x[:, 1] ** 2
    true = lipschitz.dmoc(x, y)
    one = lipschitz.minibatch(x, y, 20, seed=1)
    more = lipschitz.minibatch(x, y, 20, seed=1, repeats=4, cross=500)
    times = np.linspace(0, 5, 40)
    assert not one.exact
    assert (one(times) <= more(times)).all()
    assert (more(times) <= true(times)).all()
    again = lipschitz.minibatch(x, y, 20, seed=1)
    assert np.array_equal(one.values, again.values)
    assert np.array_equal(one.pairs, again.pairs)
    assert lipschitz.minibatch(x, y, 400).exact
    gaps = x[more.pairs[:, 0]] - x[more.pairs[:, 1]]
    assert np.allclose(np.sqrt((gaps**2).sum(axis=1)), more.distances)


def test_batches_are_shuffled() -> None:
    """Sorted classes: slices would never see a pair across classes."""
    x = np.repeat([0.0, 1.0], 50) + np.linspace(0, 0.01, 100)
    y = np.repeat([0.0, 1.0], 50)
    assert lipschitz.minibatch(x, y, 10)(2.0) == 1.0


def test_the_statement_about_pairs() -> None:
    found = lipschitz.pair_statement(1000, 10, 0.05)
    assert found.exceeding == pytest.approx(math.log(200) / 1000)
    assert lipschitz.pair_statement(1).exceeding == 1.0
    for bad in ({"pairs": 0}, {"pairs": 5, "grid": 0}, {"pairs": 5, "delta": 1}):
        with pytest.raises(InvalidInput):
            lipschitz.pair_statement(**bad)


def test_brackets_hold_the_modulus_of_a_finer_sample() -> None:
    net = families.gaussian(2, [8, 8], 0)
    box = Box(-1, 1, dim=2)
    constant = float(lipschitz.exact(net, box).upper)
    coarse, fine = (np.stack(np.meshgrid(*[np.linspace(-1, 1, k + 1)] * 2), -1).reshape(-1, 2)
                    for k in (8, 32))
    h = lipschitz.grid_fill_distance(box, 8)
    assert lipschitz.fill_distance(coarse, fine) <= h
    w = lipschitz.dmoc(coarse, net.forward(coarse))
    finer = lipschitz.dmoc(fine, net.forward(fine))
    times = np.linspace(0, 3, 50)
    lower, upper = lipschitz.modulus_bracket(w, times, h, constant)
    assert (lower <= finer(times) + 1e-12).all()
    assert (finer(times) <= upper + 1e-12).all()


def test_comparisons() -> None:
    curves = lipschitz.compare([1, 2, 3], [2, 4, 6])
    assert curves.a_rel == 1
    assert curves.s_rel == 0
    assert curves.pearson == pytest.approx(1)
    assert math.isnan(lipschitz.compare([1, 1], [1, 2]).pearson)


def test_bad_input() -> None:
    w = lipschitz.dmoc([0, 1, 2], [0, 1, 2])
    with pytest.raises(InvalidInput, match="fill and lipschitz"):
        lipschitz.modulus_bracket(w, 1.0, -1, 1)
    with pytest.raises(InvalidInput, match="exact"):
        lipschitz.modulus_bracket(lipschitz.minibatch([0, 1, 2], [0, 1, 2], 2), 1.0, 1, 1)
    with pytest.raises(InvalidInput, match="size must be"):
        lipschitz.minibatch([0, 1, 2], [0, 1, 2], 1)
    with pytest.raises(ShapeError):
        lipschitz.compare([1, 2], [1])
    with pytest.raises(InvalidInput, match="zero everywhere"):
        lipschitz.compare([0, 0], [1, 2])
    with pytest.raises(ShapeError):
        lipschitz.fill_distance(np.zeros((2, 2)), np.zeros((2, 3)))
