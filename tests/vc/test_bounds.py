"""Bounds with constants, bit extraction, teaching, pseudo- and fat-shattering, the reduction."""

from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import vc
from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.vc import bounds

matrices = st.integers(1, 4).flatmap(
    lambda n: st.lists(st.lists(st.integers(0, 1), min_size=n, max_size=n), min_size=1, max_size=9)
)


def test_values_of_the_bounds() -> None:
    assert bounds.bartlett2019_upper([1, 3, 1]) == 130
    assert bounds.bartlett2019_upper([2, 10, 10, 1]) == 3659
    assert bounds.gcnn_upper(1, (1, 4, 1), 16) == 466
    assert bounds.gcnn_growth_upper(1, (1, 4, 1), 16) == 391
    assert bounds.gcnn_weights(9, (1, 2, 1)) == [20, 39]
    assert bounds.anthony_bartlett_programs(2, 3) == 40


def test_sizes_of_the_lower_bound() -> None:
    """Theorem 9 by listing m, n and r, and the order of Theorem 3."""
    for weights, depth in [(100, 8), (300, 13), (500, 20)]:
        best = 0
        for m, n, r in product(range(1, 130), range(1, 40), range(1, 8)):
            k = -(-n // r)
            used = 2 + n + 4 * m + k * ((11 + r) * 2**r + 2 * r + 2)
            if used <= weights and 3 + 5 * k <= depth:
                best = max(best, m * n)
        assert 0.5 * best < bounds.bartlett2019_lower(weights, depth) <= best
    assert bounds.bartlett2019_lower(10, 3) == 0
    assert bounds.bartlett2019_order(2**20, 2**10, 10) == 2**30
    assert bounds.bartlett2019_lower(10**5, 200) <= bounds.bartlett2019_upper([1, *[20] * 200, 1])


def test_bounds_are_above_exact_values() -> None:
    for units in (1, 2, 3):
        assert vc.dimension(vc.OneHidden(1, units)).upper <= bounds.bartlett2019_growth(
            [1, units, 1]
        )
    assert bounds.blumer_intersections(2, 3) >= vc.dimension(vc.Intersections(2, 3)).upper
    assert bounds.goldberg_jerrum(3, 1, 1) >= 3
    for m in range(3, 9):
        assert bounds.warren_sign_vectors(m, 1, 3) >= vc.dichotomies(m, 3)
    for order in (1, 2, 4, 8):
        one = bounds.gcnn_growth_upper(1, (1, 4, 1), order)
        assert bounds.gcnn_lower(order) <= one <= bounds.gcnn_upper(1, (1, 4, 1), order)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: bounds.goldberg_jerrum(0, 1, 1), "parameters must be a positive int"),
        (lambda: bounds.warren_sign_vectors(1, 1, 2), "polynomials >= variables"),
        (lambda: bounds.bartlett2019_upper([2, 3]), "must end in 1 output"),
        (lambda: bounds.bartlett2019_upper([2, 1]), "more than 2 units"),
        (lambda: bounds.bartlett2019_order(100, 9, 10), "W > C L > C"),
        (lambda: bounds.gcnn_upper(1, (1,), 2), "inputs and a layer"),
        (lambda: bounds.gcnn_upper(1, (1, 0), 2), r"widths\[1\]"),
        (lambda: bounds.gcnn_growth(1, (1, 1), 1, 1), "points >= 5"),
    ],
)
def test_hypotheses_are_checked(call: Any, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        call()


@settings(max_examples=25)
@given(st.integers(1, 3), st.integers(1, 5), st.integers(1, 4), st.data())
def test_extraction_networks_return_the_bits(m: int, n: int, r: int, data: Any) -> None:
    bits = data.draw(st.lists(st.lists(st.integers(0, 1), min_size=n, max_size=n), min_size=m,
                              max_size=m))  # fmt: skip
    net = vc.extraction_network(bits, r)
    got = [net.forward_exact(x)[0] for x in vc.extraction_points(m, n)]
    assert got == [b for row in bits for b in row]
    assert net.depth == 2 * -(-n // r)


def test_extraction_networks_of_one_shape_share_all_but_m_weights() -> None:
    nets = [vc.extraction_network([[a, b], [c, d]]) for a, b, c, d in product((0, 1), repeat=4)]
    first, *others = [net.weights[1:] for net in nets]
    assert all(np.array_equal(a, b) for o in others for a, b in zip(first, o, strict=True))
    for wrong in ([], [[]], [[2]], [[0], [0, 1]]):
        with pytest.raises(InvalidInput, match="matrix of 0 and 1"):
            vc.extraction_network(wrong)
    with pytest.raises(InvalidInput, match="at_once"):
        vc.extraction_network([[1]], 0)


@settings(max_examples=25)
@given(matrices)
def test_littlestone_against_the_definition(rows: list) -> None:
    distinct = sorted({tuple(r) for r in rows})
    found = vc.littlestone_dimension(rows)
    assert found == oracle.littlestone(distinct)
    assert vc.class_dimension(rows).value <= found <= len(distinct).bit_length() - 1


@given(matrices)
def test_teaching_sets_single_out_their_concepts(rows: list) -> None:
    distinct = sorted({tuple(r) for r in rows})
    sets = vc.teaching_sets(rows)
    for concept, chosen in zip(distinct, sets, strict=True):
        same = [d for d in distinct if all(d[p] == concept[p] for p in chosen)]
        assert same == [concept]
        smaller = [c for c in product((0, 1), repeat=len(concept)) if sum(c) < len(chosen)]
        for word in smaller:
            points = [p for p, one in enumerate(word) if one]
            assert len([d for d in distinct if all(d[p] == concept[p] for p in points)]) > 1
    assert vc.teaching_dimension(rows) == max(map(len, sets))


def test_limits_of_small_classes() -> None:
    rows = np.random.default_rng(0).integers(0, 2, (300, 20))
    with pytest.raises(TooLarge, match="at most 256"):
        vc.teaching_sets(rows)
    with pytest.raises(TooLarge, match="limit=10 subclasses"):
        vc.littlestone_dimension(rows, limit=10)


@pytest.mark.parametrize("dim", [1, 2, 3])
def test_pseudo_dimension_of_a_neuron(dim: int) -> None:
    simplex = [[0] * dim, *([int(i == j) for j in range(dim)] for i in range(dim))]
    assert vc.pseudo_shatters(vc.Neuron(dim), simplex, [1] * (dim + 1))
    assert vc.pseudo_shatters(vc.Neuron(dim, bias=False), simplex[1:], [1] * dim)
    assert not vc.pseudo_shatters(vc.Neuron(dim, bias=False), simplex, [1] * (dim + 1))
    assert not vc.pseudo_shatters(vc.Neuron(dim), simplex, [-1] + [1] * dim)
    more = [*simplex, [2] * dim]
    assert not any(
        vc.pseudo_shatters(vc.Neuron(dim), more, levels)
        for levels in ([0] * len(more), [1] * len(more), range(len(more)))
    )


def test_margins_and_fat_shattering() -> None:
    for m in range(1, 6):
        unit = [[int(i == j) for j in range(m)] for i in range(m)]
        assert vc.margin_squared(unit) == Fraction(1, m)
        assert vc.fat_shatters(unit, 1, Fraction(1, m))
    assert vc.margin_squared([[1, 0], [2, 0]]) == 0
    assert vc.margin_squared([[3, 4]]) == 25


@settings(max_examples=25)
@given(st.lists(st.tuples(*[st.integers(-4, 4)] * 3), min_size=1, max_size=4, unique=True))
def test_margin_is_that_of_a_quadratic_program(points: list) -> None:
    from scipy.optimize import nnls

    best = np.inf
    for signs in product((1.0, -1.0), repeat=len(points)):
        rows = np.array(signs)[:, None] * np.array(points, float)
        # The distance d of a hull: weights on (rows, 1) near (0, 1) leave r with d^2 = r/(1 - r).
        system = np.vstack([rows.T, np.ones(len(points))])
        _, residual = nnls(system, np.array([0.0, 0, 0, 1]))
        square = residual**2
        best = min(best, square / max(1 - square, 1e-300))
    assert float(vc.margin_squared(points)) == pytest.approx(best, abs=1e-7)
    # The classical bound: m points of norm R are shattered with margin at most R / sqrt(m).
    radius = max(sum(v * v for v in p) for p in points)
    assert vc.margin_squared(points) * len(points) <= radius


def test_errors_of_real_valued_classes() -> None:
    with pytest.raises(ShapeError, match="2 entries"):
        vc.pseudo_shatters(vc.Neuron(1), [[0], [1]], [0])
    with pytest.raises(TooLarge, match="16 points"):
        vc.pseudo_shatters(vc.Neuron(1), [[i] for i in range(17)], [0] * 17)
    with pytest.raises(TooLarge, match="12 points"):
        vc.margin_squared([[i] for i in range(13)])
    with pytest.raises(InvalidInput, match="positive"):
        vc.fat_shatters([[1]], 1, 0)
    with pytest.raises(InvalidInput, match="inputs"):
        vc.Neuron(0)


def simulated(rows: list, h: int, n: int, radius: Fraction, reduction: bool) -> Fraction:
    """Every sequence of draws, one by one."""
    rows = sorted({tuple(r) for r in rows})
    points = range(len(rows[0]))
    bad = 0
    for draws in product(points, repeat=n):
        targets = rows if reduction else [rows[h]]
        answers = [next(r for r in rows if all(r[p] == t[p] for p in draws)) for t in targets]
        gaps = [Fraction(sum(a != b for a, b in zip(r, rows[h], strict=True)), len(points))
                for r in answers]  # fmt: skip
        bad += min(gaps) > radius
    return Fraction(bad, len(points) ** n)


@settings(max_examples=30)
@given(matrices, st.integers(0, 3), st.sampled_from([0, Fraction(1, 4), Fraction(1, 2)]),
       st.booleans(), st.data())  # fmt: skip
def test_failure_probability_by_all_samples(rows: list, n: int, radius: Fraction,
                                            reduction: bool, data: Any) -> None:
    h = data.draw(st.integers(0, len({tuple(r) for r in rows}) - 1))
    found = vc.failure_probability(rows, h, n, radius, reduction=reduction)
    assert found == simulated(rows, h, n, radius, reduction)
    assert found <= vc.failure_probability(rows, h, n, radius, reduction=False)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "says"),
    [
        ((9, 1, 0), {}, InvalidInput, "hypothesis must be an index below 2"),
        ((0, -1, 0), {}, InvalidInput, "sample must be"),
        ((0, 1, 0), {"weights": [1]}, ShapeError, "2 entries"),
        ((0, 1, 0), {"weights": ["1/2", "1/3"]}, InvalidInput, "sum 5/6"),
    ],
)
def test_bad_questions_about_the_reduction(arguments: Any, options: Any, error: type,
                                           says: str) -> None:
    with pytest.raises(error, match=says):
        vc.failure_probability([[0, 1], [1, 1]], *arguments, **options)


def test_too_many_points_for_the_reduction() -> None:
    with pytest.raises(TooLarge, match="12 points"):
        vc.failure_probability(np.eye(13, dtype=int), 0, 1, 0)
