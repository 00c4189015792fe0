"""Floating-point traps: inputs on which tools that do not round outward exclude true values.

Other tools' answers, for the networks with exactly these weights: on the pass-through networks
interval arithmetic in float32 (2^24) and float64 (2^53) answers [0, 0], as do float LP solvers; on
the cancelling ones back-substitution answers [0, 0]; on boxes that are points, bounds without
outward rounding miss the exact value by an ulp.
"""

from fractions import Fraction

import numpy as np
import pytest

from relu_theory import Box, ReluNetwork, regions
from relu_theory.relaxation import METHODS, bounds, exactness
from tests.relaxation.test_bounds import LINEAR, A, B, gaussian

UNIT = Box(0, 1, dim=1)
TRAPS = [
    ("pass 2^24", ReluNetwork([[[1]], [[1]]], [[2**24], [-(2**24)]]), UNIT),
    ("pass 2^53", ReluNetwork([[[1]], [[1]]], [[2**53], [-(2**53)]]), UNIT),
    ("pass 2^200", ReluNetwork([[[1]], [[1]]], [[2.0**200], [-(2.0**200)]]), UNIT),
    *(
        (
            f"cancel {k}",
            ReluNetwork([[[k], [1]], [[k, -(k * k - 1)]]], [[0, 0], [0]]),
            Box(0, 1000, dim=1),
        )
        for k in (4097, 94906267)
    ),
]


@pytest.mark.parametrize(("name", "net", "box"), TRAPS, ids=[t[0] for t in TRAPS])
@pytest.mark.parametrize("method", METHODS)
def test_traps(name, net, box, method):
    (true,) = regions.output_range(net, box)
    assert (true.minimum, true.maximum) == (0, box.upper[0])
    found = bounds(net, box, method)
    assert found.lower[0] <= 0
    assert found.upper[0] >= box.upper[0]
    if not (name.startswith("cancel") and method == "ibp"):
        assert exactness(net, box, method).gap == 0
    if method in LINEAR:
        rounded = bounds(net, box, method, arithmetic="float")
        assert rounded.lower[0] <= 0
        assert rounded.upper[0] >= box.upper[0]


def plain_intervals(net, low, up, kind):
    """Interval arithmetic without outward rounding, as tools do it."""
    for layer, (w, b) in enumerate(zip(net.weights, net.biases, strict=True)):
        if layer:
            low, up = np.maximum(low, 0), np.maximum(up, 0)
        w, b = w.astype(kind), b.astype(kind)
        plus, minus = np.maximum(w, 0), np.minimum(w, 0)
        low, up = plus @ low + minus @ up + b, plus @ up + minus @ low + b
    return low[0], up[0]


def plain_substitution(net, up, kind):
    """Back-substitution through active neurons without outward rounding, on [0, up]."""
    first, second = (w.astype(kind) for w in net.weights)
    row = second @ first
    shift = (second @ net.biases[0].astype(kind) + net.biases[1].astype(kind))[0]
    return shift, row[0, 0] * kind(up) + shift


@pytest.mark.parametrize(
    ("trap", "kind"), [(0, np.float32), (1, np.float64), (3, np.float32), (4, np.float64)]
)
def test_what_plain_floats_answer(trap, kind):
    """[0, 0], where the network takes all values up to the end of the box."""
    name, net, box = TRAPS[trap]
    (up,) = box.upper
    if name.startswith("pass"):
        one = np.ones(1, dtype=kind)
        assert plain_intervals(net, 0 * one, one, kind) == (0, 0)
    else:
        assert plain_substitution(net, int(up), kind) == (0, 0)
    assert net.forward_exact([up]) == (up,)


@pytest.mark.parametrize("method", LINEAR)
@pytest.mark.parametrize("net", [A[0], B[0], gaussian([3, 8, 8, 2], 5)], ids=["a", "b", "two"])
def test_points_and_tiny_boxes(net, method):
    rng = np.random.default_rng(7)
    for radius in (0.0, 1e-12, 1e-7):
        for _ in range(8):
            x = rng.uniform(-1, 1, net.input_dim)
            ends = [[Fraction(v) + s * Fraction(radius) for v in x.tolist()] for s in (-1, 1)]
            found = bounds(net, Box(*ends), method, arithmetic="float")
            value = net.forward_exact(x.tolist())
            for low, v, up in zip(found.lower, value, found.upper, strict=True):
                assert Fraction(low) <= v <= Fraction(up)


@pytest.mark.parametrize("scale", [2.0**-1000, 2.0**-300, 2.0**300, 2.0**700])
@pytest.mark.parametrize("method", LINEAR)
def test_extreme_weights(method, scale):
    rng = np.random.default_rng(3)
    weights = [scale * rng.standard_normal(s) for s in ((4, 2), (4, 4), (1, 4))]
    net = ReluNetwork(weights, [scale * rng.standard_normal(n) for n in (4, 4, 1)])
    box = Box(-1, 1, dim=2)
    found = bounds(net, box, method, arithmetic="float")
    exact = bounds(net, box, method, precision=None)
    assert all(a == -np.inf or a <= b for a, b in zip(found.lower, exact.lower, strict=True))
    for x in ([0, 0], [1, -1], ["1/3", "-1/7"]):
        (value,) = net.forward_exact(x)
        assert found.lower[0] <= value <= found.upper[0]


@pytest.mark.parametrize("method", LINEAR)
def test_weights_that_are_no_floats(method):
    net = ReluNetwork(
        [[["1/3", "2/7"], ["-1/3", "1/9"]], [["1/3", "3/7"], ["1/11", "-5/7"]], [["1/3", "-2/3"]]],
        [["1/7", "1/3"], ["1/5", "-1/9"], ["1/13"]],
    )
    box = Box("-1/3", "1/3", dim=2)
    found = bounds(net, box, method, arithmetic="float")
    (true,) = regions.output_range(net, box)
    assert Fraction(found.lower[0]) <= true.minimum
    assert true.maximum <= Fraction(found.upper[0])
    exact = bounds(net, box, method, precision=None)
    assert abs(Fraction(found.upper[0]) - exact.upper[0]) < Fraction(1, 10**12)
