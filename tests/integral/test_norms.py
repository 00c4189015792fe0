"""Norms of networks: merging and cancellation, exact minima, certified bounds, known functions."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb
from hypothesis import given, settings

from relu_theory import Bracket, ReluNetwork, integral
from relu_theory.errors import InvalidInput
from relu_theory.integral import RootSum, norms
from tests import strategies as own
from tests.integral import oracle


def value(norm: RootSum | Bracket | Fraction) -> tuple[float, float]:
    if isinstance(norm, Bracket):
        return float(norm.lower), float(norm.upper)
    return float(norm), float(norm)


@settings(max_examples=40, deadline=None)
@given(net=own.networks(max_depth=1, outputs=1, max_width=5))
def test_ridges_are_the_same_function(net: ReluNetwork) -> None:
    f = norms.ridges(net)
    for x in ([0] * net.input_dim, [1] * net.input_dim, list(range(-1, net.input_dim - 1))):
        total = f.constant + sum(s * v for s, v in zip(f.slope, x, strict=True))
        for row, c in f.jumps.items():
            z = sum(n * v for n, v in zip(row, x, strict=False)) + row[-1]
            total += c * max(z, 0)
        assert total == net.forward_exact(x)[0]


@settings(max_examples=25, deadline=None)
@given(net=own.networks(max_depth=1, outputs=1, max_width=4))
def test_norms_do_not_exceed_those_of_the_weights(net: ReluNetwork) -> None:
    if not net.depth:
        return
    w, b, a = net.exact.weights[0].tolist(), net.exact.biases[0], net.exact.weights[1].table()[0]
    weights = RootSum((abs(c), sum(v * v for v in row)) for c, row in zip(a, w, strict=True))
    assert norms.r_norm(net) <= weights
    low, high = value(norms.r_norm(net, skip=False))
    assert value(norms.r_norm(net))[0] <= high + 1e-9
    assert low <= float(weights) + 1e-9
    assert high - low < 1e-4 * (1 + high)
    constant = abs(Fraction(str(net.exact.biases[1][0])))
    one = sum(
        (abs(c) * (sum(map(abs, row)) + abs(t)) for c, row, t in zip(a, w, b, strict=True)), 0
    )
    low, high = value(norms.barron_norm(net))
    assert low <= float(Fraction(str(one)) + constant) + 1e-9
    assert high - low < 1e-4 * (1 + high)
    rows = [[*row, t] for row, t in zip(w, b, strict=True)]
    two = RootSum((abs(c), sum(v * v for v in row)) for c, row in zip(a, rows, strict=True))
    low, high = value(norms.variation_norm(net))
    assert low <= float(two) + float(constant) + 1e-9
    assert high - low < 1e-3 * (1 + high)


def test_cancelled_neurons_cost_nothing() -> None:
    net = ReluNetwork([[[1, 2], [-2, -4], [0, 1]], [[2, 1, 1]]], [[3, -6, 0], [0]])
    # 2 relu(z) + relu(-2 z) = 2 |z|: the merged jump is 4 on (1, 2, 3), and 1 on (0, 1, 0).
    assert norms.ridges(net).jumps == {(0, 1, 0): 1, (1, 2, 3): 4}
    assert norms.r_norm(net) == RootSum([(4, 5), (1, 1)])
    gone = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    assert norms.r_norm(gone) == 0
    assert norms.r_norm(gone, skip=False) == 2
    assert norms.variation_norm(gone) == RootSum([(2, 1)])
    assert norms.barron_norm(gone) == 2


@pytest.mark.parametrize("seed", range(4))
def test_one_dimension_against_a_linear_programme(seed: int) -> None:
    rng = np.random.default_rng(seed)
    knots = sorted(int(k) for k in rng.choice(range(-3, 4), 3, replace=False))
    jumps, slope = [int(v) for v in rng.integers(-3, 4, 3)], int(rng.integers(-4, 5))
    net = ReluNetwork(
        [[[1]] * 3 + [[1], [-1]], [[*jumps, slope, -slope]]], [[-k for k in knots] + [0, 0], [0]]
    )
    slopes = [slope, *(slope + sum(jumps[: i + 1]) for i in range(3))]
    for skip in (True, False):
        found = oracle.minimal_cost(slopes, knots, skip, lambda s: 1.0)
        assert value(norms.r_norm(net, skip=skip))[0] == pytest.approx(found, abs=1e-6)
    found = oracle.minimal_cost(slopes, knots, True, lambda s: (1 + s * s) ** 0.5)
    assert float(norms.bias_penalised_norm(net)) == pytest.approx(found, abs=1e-6)


def test_path_norm_of_deeper_networks() -> None:
    net = ReluNetwork([[[1, -1]], [[-2]], [[3]]], [[0], [1], [5]])
    assert norms.path_norm(net) == 12
    with pytest.raises(InvalidInput, match="at most one hidden layer"):
        norms.r_norm(net)


def test_root_sums() -> None:
    assert RootSum([(1, 2), (1, 8), (-3, 2)]) == 0
    assert RootSum([(1, 2)]) < RootSum([(1, 3)])
    assert RootSum([(1, 2), (1, 3)]) > Fraction(3)
    assert RootSum([(1, "4/9")]).fraction == Fraction(2, 3)
    assert str(RootSum([(1, 2)]).sympy()) == "sqrt(2)"
    with pytest.raises(InvalidInput, match="negative"):
        RootSum([(1, -1)])
    with pytest.raises(InvalidInput, match="irrational"):
        _ = RootSum([(1, 2)]).fraction


def test_gaussian() -> None:
    # Zeros of He_2 are -1 and 1; the primitive is -b exp(-b^2/2).
    assert integral.gaussian_r_norm(1).overlaps(4 * (-arb(1) / 2).exp())
    b = np.linspace(-12, 12, 400001)
    he4 = np.abs(b**4 - 6 * b**2 + 3) * np.exp(-b * b / 2)
    assert float(integral.gaussian_r_norm(3)) == pytest.approx(he4.sum() * (b[1] - b[0]), rel=1e-8)
    with pytest.raises(InvalidInput, match="odd"):
        integral.gaussian_r_norm(2)
    with pytest.raises(InvalidInput, match="positive integer"):
        integral.r_norm_constant(0)
