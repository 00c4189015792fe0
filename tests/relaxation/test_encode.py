"""Encodings: they equal the function, no sub-box refutes them, and what is excluded is."""

from fractions import Fraction
from itertools import accumulate, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import Box, ReluNetwork, Verdict, WholeSpace
from relu_theory.cpwl import CPWL
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.relaxation import bounds, encode, encodes, exact_on_all_subboxes, exactness
from relu_theory.relaxation.constructions import all_signs, convex_by_signs, mirrored
from relu_theory.relaxation.encode import ENCODABLE
from tests.strategies import networks

DOMAIN = Box(-4, 4, dim=1)
LINEAR = ("ibp", "deeppoly0", "deeppoly1", "triangle")
halves = st.builds(Fraction, st.integers(0, 5), st.sampled_from([1, 2]))
steps = st.lists(halves, min_size=1, max_size=4)
signs = st.sampled_from((1, -1))
beyond_ibp = st.sampled_from(ENCODABLE[1:])


def through(heights):
    return CPWL.from_points(
        [Fraction(2 * k - len(heights), 2) for k in range(len(heights))], heights
    )


def summed(values):
    total = [Fraction(0)]
    for value in values:
        total.append(total[-1] + value)
    return total


def check(f, method, data):
    found = encode(f, method, DOMAIN)
    assert found.verdict is Verdict.HOLDS
    assert encodes(found.network, f, DOMAIN)
    for _ in range(4):
        ticks = st.integers(-16, 16)
        low, up = sorted(Fraction(data.draw(ticks), 4) for _ in range(2))
        assert exactness(found.network, Box([low], [up]), method).gap == 0


@settings(max_examples=12)
@given(st.data(), steps, signs, st.sampled_from(ENCODABLE))
def test_monotone(data, rises, sign, method):
    check(through([sign * v for v in summed(rises)]), method, data)


@settings(max_examples=12)
@given(st.data(), steps, st.integers(-6, 3), signs, beyond_ibp)
def test_convex_and_concave(data, jumps, slope, sign, method):
    slopes = [slope + total for total in summed(jumps)]
    check(through([sign * v for v in summed(slopes)]), method, data)


@settings(max_examples=12)
@given(st.data(), steps, steps, signs, beyond_ibp)
def test_one_strict_turn(data, falls, rises, sign, method):
    left = [-(v + 1) for v in falls]
    check(through([sign * v for v in summed(left + [v + 1 for v in rises])]), method, data)


rises = st.lists(st.integers(1, 4), min_size=1, max_size=2)


@settings(max_examples=8)
@given(st.data(), rises, st.integers(1, 5), rises, signs, st.booleans(), beyond_ibp)
def test_two_turns_with_one_end_inside(data, first, fall, last, sign, reverse, method):
    """Up, down, and up no higher than before: a function of one turn of another."""
    low = sum(first) - fall
    after = sorted({min(v, fall) for v in accumulate(last)})
    heights = [*accumulate(first, initial=0), low, *(low + v for v in after)]
    f = through([sign * v for v in (heights[::-1] if reverse else heights)])
    box = Box(-len(heights) / 2, len(heights) / 2 - 1, dim=1)
    found = encode(f, method, box)
    assert found.verdict is Verdict.HOLDS
    assert encodes(found.network, f, box)
    ends = st.integers(0, 8).map(lambda k: box.lower[0] + k * (box.upper[0] - box.lower[0]) / 8)
    low, up = sorted(data.draw(ends) for _ in range(2))
    assert exactness(found.network, Box([low], [up]), method).gap == 0


@pytest.mark.parametrize("method", ["deeppoly0", "deeppoly1", "triangle"])
def test_iterated_tents(method):
    eighths = CPWL.from_points([Fraction(k - 4) for k in range(9)], [0, 1] * 4 + [0])
    found = encode(eighths, method, DOMAIN)
    assert found.verdict is Verdict.HOLDS
    assert encodes(found.network, eighths, DOMAIN)
    for low, up in ((-4, 4), (Fraction(-7, 2), Fraction(1, 3)), (0, Fraction(5, 4)), (-1, 1)):
        assert exactness(found.network, Box([low], [up]), method).gap == 0


def test_what_does_not_fold():
    for heights in ([0, 3, 1, 4], [5, 1, 3, -1], [0, 2, 1, 3, 0], [0, 2, 1, 1, 3]):
        box = Box(-len(heights) / 2, len(heights) / 2 - 1, dim=1)
        assert encode(through(heights), "triangle", box).verdict is Verdict.UNDECIDED


@settings(max_examples=15)
@given(st.data(), st.lists(st.integers(-4, 4), min_size=2, max_size=5))
def test_everything_for_hulls(data, heights):
    check(through(heights), "multineuron", data)


@settings(max_examples=30)
@given(st.lists(st.integers(-4, 4), min_size=2, max_size=6))
def test_intervals_decide(heights):
    f = through(heights)
    found = encode(f, "ibp", DOMAIN)
    knots = sorted({-4, 4, *(k for k in f.knots if -4 < k < 4)})
    moves = [f(b) - f(a) for a, b in pairwise(knots)]
    monotone = all(m >= 0 for m in moves) or all(m <= 0 for m in moves)
    assert found.verdict is (Verdict.HOLDS if monotone else Verdict.FAILS)
    if not monotone:
        a, b, c = map(f, found.witness)
        assert (b - a) * (c - b) < 0
        assert exact_on_all_subboxes(f.to_network(), DOMAIN, "ibp").verdict is Verdict.FAILS


def test_exponentially_many_networks_for_the_triangle():
    """All 2^n signs are exact for the triangle; two or fewer for the other relaxations."""
    x, y = [Fraction(k) for k in (-2, -1, 0, 1, 2)], [Fraction(v) for v in (5, 2, 0, 1, 4)]
    nets = [convex_by_signs(x, y, signs) for signs in all_signs(3)]
    box = Box(-2, 2, dim=1)
    f = CPWL.from_points(x, y)
    assert all(encodes(net, f, box) for net in nets)
    exact = {
        m: sum(exact_on_all_subboxes(net, box, m).verdict is Verdict.HOLDS for net in nets)
        for m in LINEAR
    }
    assert exact == {"ibp": 0, "deeppoly0": 0, "deeppoly1": 0, "triangle": 8}
    assert all(encode(f, m, box).verdict is Verdict.HOLDS for m in LINEAR[1:])


@settings(max_examples=40)
@given(st.data())
def test_mirrored_networks_swap_the_lower_lines(data):
    net = data.draw(networks(1, max_width=3, outputs=1))
    domain = Box(-3, 3, dim=1)
    other = mirrored(net, domain)
    low, up = sorted(Fraction(data.draw(st.integers(-12, 12)), 4) for _ in range(2))
    box = Box([low], [up])
    zero, one = (
        bounds(n, box, m, precision=None) for n, m in ((net, "deeppoly0"), (other, "deeppoly1"))
    )
    assert (zero.lower, zero.upper) == (one.lower, one.upper)
    assert net.forward_exact([low]) == other.forward_exact([low])


def test_open_and_bad_input():
    wiggle = CPWL.from_points([0, 2, 3, 5], [0, 2, 1, 3])
    for method in LINEAR[1:]:
        # Up to 4 the end is no higher than the turn before, and the function folds.
        assert encode(wiggle, method, DOMAIN).verdict is Verdict.HOLDS
        found = encode(wiggle, method, Box(-4, 5, dim=1))
        assert (found.verdict, found.network) == (Verdict.UNDECIDED, None)
        assert "open" in found.reason
    assert not encodes(ReluNetwork([[[1]]], [[0]]), wiggle, DOMAIN)
    assert not encodes(ReluNetwork([[[1, 1]]], [[0]]), wiggle, DOMAIN)
    assert encode(wiggle, "ibp", Box(1, 1, dim=1)).verdict is Verdict.HOLDS
    assert encode(wiggle, "triangle", Box(0, 2, dim=1)).verdict is Verdict.HOLDS
    with pytest.raises(InvalidInput, match="method must be one of ibp"):
        encode(wiggle, "crown", DOMAIN)
    with pytest.raises(InvalidInput, match="f must be a CPWL"):
        encode(abs, "ibp", DOMAIN)
    with pytest.raises(InvalidInput, match="domain must be bounded"):
        encode(wiggle, "ibp", WholeSpace(1))
    with pytest.raises(ShapeError, match="domain has dimension 2"):
        encode(wiggle, "ibp", Box(0, 1, dim=2))
