"""Piecewise-linear functions of one variable against values at points, and against networks."""

import math
from fractions import Fraction
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from relu_theory import InvalidInput, ReluNetwork, ShapeError, TooLarge, Undecided, families
from relu_theory.cpwl import CPWL, subset_with_sum
from tests.strategies import networks, rationals

F = Fraction


@st.composite
def functions(draw: st.DrawFn) -> CPWL:
    knots = sorted(draw(st.sets(rationals(4), max_size=5)))
    slopes = [draw(rationals(3)) for _ in range(len(knots) + 1)]
    return CPWL(knots, slopes, draw(rationals(3)))


def probes(*functions: CPWL) -> list[Fraction]:
    """Points on, between and beyond all knots: they determine a function with these knots."""
    knots = sorted({t for f in functions for t in f.knots} | {F(0)})
    middles = [(a + b) / 2 for a, b in pairwise(knots)]
    return [knots[0] - 2, knots[0] - 1, *knots, *middles, knots[-1] + 1, knots[-1] + 2]


def test_the_hat() -> None:
    hat = CPWL([0, "1/2", 1], [0, 2, -2, 0])
    assert hat.knots == (0, F(1, 2), 1)
    assert hat.jumps == (2, -4, 2)
    assert hat.values == (0, 1, 0)
    assert (hat.left_slope, hat.right_slope, hat.lipschitz, hat.num_pieces) == (0, 0, 2, 4)
    assert (hat.variation(0), hat.variation()) == (3, 8)
    assert hat.extrema() == ((F(1, 2), F(1, 2), "max"),)
    assert [f.is_convex for f in (hat, -hat)] == [False, False]
    assert [f.is_nondecreasing for f in (hat, -hat)] == [False, False]
    assert type(hat(1)) is F


def test_a_knot_without_a_jump_is_no_knot() -> None:
    assert CPWL([0, 1], [1, 1, 2]) == CPWL([1], [1, 2])
    assert hash(CPWL([0], [3, 3], 1)) == hash(CPWL.affine(3, 1))
    assert CPWL.from_relus([1, 1], [2, -2]) == CPWL.affine(0)


def test_frozen() -> None:
    with pytest.raises(AttributeError):
        CPWL.affine(1)._intercept = 2


def test_shape_tests() -> None:
    assert CPWL([0, 1], [-1, 0, 1]).is_convex
    assert CPWL([0, 1], [0, 1, 2]).is_nondecreasing
    falling = -CPWL([0, 1], [0, 1, 2])
    assert [falling.is_convex, falling.is_nondecreasing] == [False, False]
    line = CPWL.affine(0, 1)
    assert [line.is_affine, line.is_convex, line.is_nondecreasing] == [True, True, True]


def test_ranges_with_infinite_ends() -> None:
    v = CPWL([0], [-1, 1])
    assert v.range() == (0, math.inf, 0, None)
    assert v.range(1, 3) == (1, 3, 1, 3)
    assert v.range(None, -1) == (1, math.inf, -1, None)
    assert v.range(2, 2) == (2, 2, 2, 2)
    assert CPWL.affine(0, 5).range() == (5, 5, 0, 0)
    assert CPWL([0], [0, -1], 3).range() == (-math.inf, 3, None, 0)


def test_a_plateau_is_one_extremum() -> None:
    assert CPWL([0, 1], [-1, 0, 1]).extrema() == ((0, 1, "min"),)
    assert CPWL([0, 1], [1, 0, 1]).extrema() == ()


def test_enclosure_of_the_variation() -> None:
    value = CPWL([0, 1], [0, 2, 5]).variation("1/2")
    assert value.contains(2**0.5 + 3**0.5)
    assert value.rad() < 1e-12


@given(functions(), functions(), rationals())
def test_calculus_agrees_with_values(f: CPWL, g: CPWL, c: Fraction) -> None:
    results = {
        "sum": (f + g, lambda x: f(x) + g(x)),
        "difference": (f - g, lambda x: f(x) - g(x)),
        "multiple": (f.scale(c), lambda x: c * f(x)),
        "maximum": (f.maximum(g), lambda x: max(f(x), g(x))),
        "minimum": (f.minimum(g), lambda x: min(f(x), g(x))),
        "relu": (f.relu(), lambda x: max(f(x), F(0))),
        "composition": (f.compose(g), lambda x: f(g(x))),
    }
    for name, (made, expected) in results.items():
        for x in probes(f, g, made):
            assert made(x) == expected(x), name


@given(functions(), functions(), functions())
def test_algebra(f: CPWL, g: CPWL, h: CPWL) -> None:
    assert f + g == g + f
    assert (f + g) - g == f
    assert f.maximum(g) + f.minimum(g) == f + g
    assert f.compose(g).compose(h) == f.compose(g.compose(h))
    assert f.compose(CPWL.affine(1)) == f == CPWL.affine(1).compose(f)


@given(functions(), st.lists(rationals(6), min_size=2, max_size=2))
def test_range_agrees_with_the_candidates(f: CPWL, ends: list[Fraction]) -> None:
    low, high = sorted(ends)
    candidates = [f(x) for x in [low, high, *(t for t in f.knots if low < t < high)]]
    result = f.range(low, high)
    assert result[:2] == (min(candidates), max(candidates))
    assert (f(result.argmin), f(result.argmax)) == result[:2]
    assert all(low <= x <= high for x in result[2:])


@given(functions())
def test_points_and_jumps_rebuild_the_function(f: CPWL) -> None:
    assert CPWL.from_relus(f.knots, f.jumps, f.left_slope, f.intercept) == f
    if f.knots:
        assert CPWL.from_points(f.knots, f.values, f.left_slope, f.right_slope) == f
    x = np.array([-1.5, 0.0, 0.25, 3.0])
    assert np.allclose(f.sample(x), [float(f(t)) for t in x])


@given(functions())
def test_networks_of_functions(f: CPWL) -> None:
    size, net = f.num_relus(), f.to_network()
    assert net.num_neurons == size
    assert CPWL.from_network(net) == f
    skipped = f.to_network(skip=True)
    assert skipped.network.num_neurons == f.num_relus(skip=True) == len(f.knots)
    assert CPWL.from_network(skipped.network) + CPWL.affine(skipped.slope) == f
    assert skipped.forward_exact("1/3") == f("1/3")


@given(functions())
def test_the_subset_rule(f: CPWL) -> None:
    n = len(f.knots)
    sums = {sum(s) for size in range(n + 1) for s in combinations(f.jumps, size)}
    attainable = -f.left_slope in sums
    assert f.num_relus() == (n if attainable else n + 1 if n else 2)


@given(networks(1, outputs=1))
def test_functions_of_networks(net: ReluNetwork) -> None:
    f = CPWL.from_network(net)
    for x in probes(f):
        assert f(x) == net.forward_exact([x])[0]


@given(networks(1, max_depth=1, outputs=2))
def test_each_output(net: ReluNetwork) -> None:
    for output in range(2):
        f = CPWL.from_network(net, output)
        assert all(f(x) == net.forward_exact([x])[output] for x in probes(f))


def test_iterated_tents() -> None:
    f = CPWL.from_network(families.sawtooth(8))
    tent = CPWL.from_network(families.sawtooth(1))
    for _ in range(3):
        tent = tent.compose(tent)
    assert f == tent
    assert f.range(0, 1)[:2] == (0, 1)


def test_every_subset_sum_route_agrees() -> None:
    from relu_theory.cpwl import networks as module

    rng = np.random.default_rng(3)
    for _ in range(200):
        numbers = [int(v) for v in rng.integers(-9, 10, size=int(rng.integers(1, 9)))]
        target = int(rng.integers(-20, 21))
        sums = {sum(s) for n in range(len(numbers) + 1) for s in combinations(numbers, n)}
        low = sum(v for v in numbers if v < 0)
        high = sum(v for v in numbers if v > 0)
        answers = [subset_with_sum(numbers, target), module._by_halves(numbers, target)]
        if low <= target <= high:
            answers.append(module._by_table(numbers, target, low))
        for answer in answers:
            assert (answer is not None) == (target in sums)
            assert answer is None or sum(numbers[i] for i in answer) == target


def test_a_large_subset_sum_is_undecided() -> None:
    jumps = [3**k * 2 + 7**k for k in range(1, 60)]
    f = CPWL(range(len(jumps)), np.cumsum([-(10**40) - 1, *jumps], dtype=object))
    with pytest.raises(Undecided) as caught:
        f.num_relus()
    assert (caught.value.bracket.lower, caught.value.bracket.upper) == (59, 60)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: CPWL([1, 0], [1, 2, 3]), InvalidInput, "knots must increase"),
        (lambda: CPWL([0, 0], [1, 2, 3]), InvalidInput, "knots must increase"),
        (lambda: CPWL([0], [1]), ShapeError, "slopes must have 2 entries"),
        (lambda: CPWL.from_points([], []), ShapeError, "at least one point"),
        (lambda: CPWL.from_points([0, 0], [1, 1]), InvalidInput, "x must increase"),
        (lambda: CPWL.from_relus([0], []), ShapeError, "one entry per knot"),
        (lambda: CPWL.affine(1).variation(2), InvalidInput, r"p must lie in \[0, 1\]"),
        (lambda: CPWL.affine(1).range(1, 0), InvalidInput, "lower must not exceed"),
        (lambda: CPWL.affine(float("nan")), InvalidInput, "finite"),
        (lambda: CPWL.from_network(families.gaussian(2, [4], 0)), ShapeError, "one input"),
    ],
)
def test_errors(make, error, message) -> None:
    with pytest.raises(error, match=message):
        make()


def test_too_many_pieces() -> None:
    with pytest.raises(TooLarge, match="max_pieces = 100"):
        CPWL.from_network(families.sawtooth(10), max_pieces=100)
