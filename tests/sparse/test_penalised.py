"""Least cost with penalised biases: known answers, a linear programme, proofs and their mutants."""

import dataclasses
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import InvalidInput, ShapeError, sparse
from relu_theory.cpwl import CPWL
from relu_theory.sparse.hyperbola import sign_of_sum
from relu_theory.sparse.penalised import _built
from relu_theory.sparse.points import read_points


def discretised(x: Any, y: Any, more: Any = (), grid: int = 1500) -> float:
    """The least cost with knots on a grid and at given places, by linear programming."""
    from scipy.optimize import linprog

    at, values = (np.array([float(v) for v in row]) for row in zip(*sorted(zip(x, y, strict=True)),
                                                                   strict=True))  # fmt: skip
    knots = np.unique([*np.linspace(at[0], at[-1], grid), *at, *map(float, more)])
    bends = np.diff(np.diff(values) / np.diff(at))
    hats = np.array([
        np.interp(knots, at[j - 1 : j + 2], [0, 1, 0], left=0, right=0)
        for j in range(1, len(at) - 1)
    ])  # fmt: skip
    weights = np.sqrt(1 + knots**2)
    found = linprog([*weights, *weights], A_eq=np.hstack([hats, -hats]), b_eq=bends,
                    bounds=(0, None), method="highs")  # fmt: skip
    return float(found.fun)


def test_peak_and_plateau() -> None:
    found = sparse.interpolate_penalised([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
    assert found.knots == (-1, Fraction(1, 2), 2)
    assert found.cost().overlaps(arb(2).sqrt() + 2 * arb(5).sqrt())


def test_a_knot_in_the_first_interval() -> None:
    """One bend at 3: c hat(u) = 1 with hat(u) = (u + 2)/5; w(u)/hat(u) is least at u = 1/2."""
    found = sparse.interpolate_penalised([-2, 3, 4], [0, 0, 1])
    assert found.knots == (Fraction(1, 2),)
    assert found.squares == (5,)
    assert sparse.interpolate([-2, 3, 4], [0, 0, 1]).function.knots == (3,)
    mirrored = sparse.interpolate_penalised([2, -3, -4], [0, 0, 1])
    assert mirrored.knots == (Fraction(-1, 2),)


def test_two_bends_meet_at_their_barycentre() -> None:
    """At 0 and 1 the bends are 1 and 3: one knot at 3/4 with jump 4."""
    found = sparse.interpolate_penalised([-1, 0, 1, 2], [0, 0, 1, 5])
    assert found.knots == (Fraction(3, 4),)
    assert found.function.jumps == (4,)
    assert found.squares == (25,)


def test_a_reflection() -> None:
    """Three equal bends at -1, 0, 1, by symmetry two knots +-u with jump 3/2: 2 (3/2) u = 2."""
    found = sparse.interpolate_penalised([-2, -1, 0, 1, 2], [4, 1, 0, 1, 4])
    assert found.knots == (Fraction(-2, 3), Fraction(2, 3))
    assert found.function.jumps == (3, 3)
    assert found.squares == (36 * (1 + Fraction(4, 9)),)


def test_trivial_data() -> None:
    for x, y in (([0, 1], [3, 5]), ([0, 1, 2], [1, 2, 3])):
        found = sparse.interpolate_penalised(x, y)
        assert found.count == 0
        assert found.cost() == 0
        assert found.check()


points = st.dictionaries(
    st.fractions(-4, 4, max_denominator=8), st.integers(-5, 5), min_size=2, max_size=9
)


@settings(max_examples=60, deadline=None)
@given(points)
def test_every_answer_is_proved(data: dict) -> None:
    found = sparse.interpolate_penalised(list(data), list(data.values()))
    assert found.check()
    polygon = CPWL.from_points(*zip(*sorted(data.items()), strict=True))
    assert not found.cost() > cost(polygon)
    assert found.cost().overlaps(cost(found.function))
    assert not found.cost() > cost(sparse.interpolate(list(data), list(data.values())).function)


def cost(f: CPWL) -> arb:
    terms = zip(f.knots, f.jumps, strict=True)
    return sum((abs(arb(_q(c))) * arb(_q(1 + u * u)).sqrt() for u, c in terms), arb(0))


def _q(value: Fraction) -> fmpq:
    return fmpq(value.numerator, value.denominator)


@pytest.mark.parametrize("seed", range(12))
def test_against_a_linear_programme(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x = [Fraction(int(v), 5) for v in np.sort(rng.choice(np.arange(-20, 21), 8, replace=False))]
    y = (rng.integers(-4, 5, 8) if seed % 2 else rng.integers(0, 4, 8).cumsum().cumsum()).tolist()
    found = sparse.interpolate_penalised(x, y)
    value = float(found.cost())
    # With its own knots in the grid the programme finds the same value, and nothing cheaper.
    assert discretised(x, y, found.knots) == pytest.approx(value, rel=1e-7)
    assert value <= discretised(x, y) * (1 + 1e-9) <= value * 1.001


def test_altered_answers_are_refused() -> None:
    x, y = [-2, -1, 0, 1, 2], [4, 1, 0, 1, 4]
    found = sparse.interpolate_penalised(x, y)
    (q, d), *rest = found.dual[1:]
    for dual in (
        (found.dual[0], (q + Fraction(1, 100), d), *rest),
        (found.dual[0], (-q, d), *rest),
        ((Fraction(1, 9), Fraction(1)), *found.dual[1:]),
        tuple((Fraction(0), e) for _, e in found.dual),
    ):
        assert not dataclasses.replace(found, dual=dual).check()
    for other in (CPWL.from_points(x, y), sparse.interpolate(x, y).function, CPWL.affine(1)):
        assert not dataclasses.replace(found, function=other).check()


def test_far_from_the_origin() -> None:
    """There the cost hardly distinguishes the candidates: floats miss the optimum, balls do not."""
    x = range(2000, 2040)
    data = read_points(x, [t * t for t in x])
    assert not _built(data, 53).check()
    found = sparse.interpolate_penalised(x, [t * t for t in x])
    assert found.check()
    assert len(x) // 2 - 1 <= found.count <= len(x) - 2


@pytest.mark.parametrize("scale", [10**400, Fraction(1, 10**400), Fraction(1, 10**170)])
def test_scales_that_floats_do_not_hold(scale: Any) -> None:
    found = sparse.interpolate_penalised([t * scale for t in range(-2, 3)], [4, 1, 0, 1, 4])
    assert found.check()
    assert found.network(skip=True).network.num_neurons == found.count == 2


def test_signs_of_sums_of_roots() -> None:
    q = fmpq
    assert sign_of_sum((q(2), q(2)), (q(-1), q(8))) == 0
    assert sign_of_sum((q(0), q(2)), (q(-1), q(8))) == -1
    assert sign_of_sum((q(7), q(2)), (q(-7), q(3))) == -1
    assert sign_of_sum((q(3), q(5)), (q(1), q(7))) == 1


def test_refusals() -> None:
    with pytest.raises(InvalidInput, match="at least two points"):
        sparse.interpolate_penalised([1], [1])
    with pytest.raises(InvalidInput, match="no function passes"):
        sparse.interpolate_penalised([1, 1], [1, 2])
    with pytest.raises(ShapeError, match="same length"):
        sparse.interpolate_penalised([1, 2], [1])
