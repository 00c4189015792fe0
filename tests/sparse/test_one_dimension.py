"""The one-dimensional solver against known answers, the oracle, and itself."""

import math
import time
from fractions import Fraction
from itertools import accumulate, pairwise, product

import mpmath
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import relu_theory as rt
from relu_theory import InvalidInput, ShapeError, sparse
from relu_theory.cpwl import CPWL
from relu_theory.sparse.lines import function_of, sparsest_lines
from relu_theory.sparse.points import read_points
from tests.sparse import oracle

F = Fraction
PEAK = ([-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0])
CONVEX_WITH_A_TRIPLE = (range(7), [0, 0, 1, 3, 5, 8, 12])
POWERS = [F(1, 2), F(1, 3), F(2, 5), F(9, 10)]


@st.composite
def data(draw: st.DrawFn, largest: int = 9) -> list[tuple[Fraction, Fraction]]:
    """Small data in which equal slopes and collinear triples are common."""
    size = draw(st.integers(2, largest))
    gaps = draw(st.lists(st.sampled_from([F(1), F(2), F(1, 2)]), min_size=size, max_size=size))
    steps = draw(st.lists(st.integers(-3, 3), min_size=size, max_size=size))
    x = [sum(gaps[:i], F(0)) for i in range(size)]
    y = [sum((s * g for s, g in zip(steps[:i], gaps, strict=False)), F(0)) for i in range(size)]
    return list(zip(x, y, strict=True))


def unzip(points: list) -> tuple[list, list]:
    x, y = zip(*points, strict=True)
    return list(x), list(y)


def interpolates(f: CPWL, points: list) -> bool:
    return all(f(x) == y for x, y in points)


def test_peak_and_plateau() -> None:
    result = rt.sparse.interpolate(*PEAK)
    assert result.count == 3
    assert result.function == CPWL.from_relus([-1, F(1, 2), 2], [1, -2, 1])
    assert rt.sparse.interpolate(*PEAK, p="1/2").cost.contains(2 + 2**0.5)
    assert CPWL.from_points(*PEAK).variation("1/2") > result.function.variation("1/2")


def test_a_collinear_triple_breaks_a_run() -> None:
    # splineops 2.2.0 takes the signs +, 0, + for one zone and returns the knots 3/2, 4, 5.
    result = rt.sparse.interpolate(*CONVEX_WITH_A_TRIPLE)
    assert result.count == 2
    assert result.knots == (F(3, 2), F(9, 2))
    assert result.is_unique
    assert oracle.least_knots(list(zip(*CONVEX_WITH_A_TRIPLE, strict=True))) == 2


def test_a_line_needs_no_knot() -> None:
    result = sparse.interpolate([3, 1], ["1/3", 1])
    assert (result.count, result.knots, result.is_unique) == (0, (), True)
    assert result.function(2) == F(2, 3)
    assert sparse.interpolate(range(9), range(9), p="1/2").count == 0


def test_the_isolated_point_slides() -> None:
    family = sparse.interpolate([0, 1, 2], [0, 0, 1]).family
    assert family.count == 1
    assert family.dimension == 1
    assert family.knots == ((sparse.Interval(F(0), F(2)),),)


def test_a_bend_between_straight_lines_does_not_slide() -> None:
    result = sparse.interpolate(range(5), [0, 0, 0, 1, 2])
    assert (result.count, result.is_unique, result.family.is_unique) == (1, True, True)
    assert not sparse.interpolate(range(4), [0, 0, 0, 1]).is_unique
    # Two opposite bends with one such point between them tilt the line together.
    assert not sparse.interpolate(range(7), [0, 0, 0, 1, 2, 2, 2]).is_unique


def test_two_points_of_opposite_curvature_share_a_segment() -> None:
    family = sparse.interpolate([0, 1, 2, 3], [0, 1, 1, 2]).family
    assert family.count == 2
    # Both knots may lie in (1, 2), where they are free: three types with both there or at its ends.
    assert family.dimension == 2
    assert [len(places) for places in family.knots] == [1, 1]
    assert F(5, 4) in family.knots[0][0]
    assert F(5, 4) in family.knots[1][0]


def test_without_a_chord_along_the_axis_one_more_neuron() -> None:
    x, y = range(4), [0, 1, 3, 6]
    unique = sparse.interpolate(x, y)
    assert unique.is_unique
    assert (sparse.min_neurons(x, y).count, sparse.min_neurons(x, y, skip=True).count) == (2, 1)
    assert sparse.min_neurons([0, 1], [2, 2]).count == 0
    line = sparse.min_neurons([1, 2, 3], [5, 7, 9])
    assert (line.count, line.function.knots) == (1, (1,))


@given(data())
def test_counts_agree_with_the_oracle(points: list) -> None:
    result = sparse.interpolate(*unzip(points))
    assert result.count == oracle.least_knots(points) == result.family.count
    assert result.count == result.function.variation(0)
    assert interpolates(result.function, points)
    assert interpolates(CPWL.from_network(result.network()), points)


def random_integer_data(count: int, seed: int) -> list[list[tuple[int, int]]]:
    rng = np.random.default_rng(seed)
    sets = []
    for _ in range(count):
        size = int(rng.integers(2, 10))
        x = np.sort(rng.choice(3 * size, size=size, replace=False)).tolist()
        bound = int(rng.choice([1, 2, 5, 50]))
        y = rng.integers(-bound, bound + 1, size=size)
        if rng.integers(2):
            y = np.cumsum(y)
        sets.append(list(zip(x, y.tolist(), strict=True)))
    return sets


def check_against_the_oracle(sets: list) -> int:
    triples = 0
    for points in sets:
        result = read_points(*unzip(points))
        f = function_of(result, sparsest_lines(result))
        assert f.variation(0) == oracle.least_knots(points)
        assert interpolates(f, points)
        triples += any(a == b for a, b in pairwise(oracle.slopes(points)))
    return triples


def test_random_integer_data() -> None:
    assert check_against_the_oracle(random_integer_data(2_000, 1)) > 200


@pytest.mark.heavy
def test_twenty_thousand_random_integer_data_sets() -> None:
    assert check_against_the_oracle(random_integer_data(20_000, 2)) > 2_000


@given(data(), st.integers(0, 2**32 - 1))
def test_members_of_the_family(points: list, seed: int) -> None:
    family = sparse.interpolate(*unzip(points)).family
    rng = np.random.default_rng(seed)
    for _ in range(4):
        f = family.sample(rng)
        assert family.contains(f)
        for knot, places in zip(f.knots, family.knots, strict=True):
            assert any(knot in place for place in places)


@given(data(7))
def test_uniqueness(points: list) -> None:
    result = sparse.interpolate(*unzip(points))
    lengths = [len(run) for run in oracle.curvature_runs(points)]
    assert result.is_unique == result.family.is_unique
    if not any(n % 2 for n in lengths):
        assert result.is_unique
    if any(n % 2 and n > 1 for n in lengths):
        assert not result.is_unique
    if result.is_unique:
        assert result.family.knots == tuple((sparse.Interval.point(t),) for t in result.knots)
    assert result.family.num_types == sum(1 for _ in result.family.types())


@given(st.data())
def test_the_family_is_complete(draw: st.DataObject) -> None:
    """Data from a function with few knots: if it has the least number, the family holds it."""
    knots = sorted(draw.draw(st.sets(st.sampled_from([F(k, 4) for k in range(21)]), max_size=3)))
    slopes = [F(draw.draw(st.integers(-2, 2))) for _ in range(len(knots) + 1)]
    f = CPWL(knots, slopes)
    points = [(F(x), f(x)) for x in range(6)]
    family = sparse.interpolate(*unzip(points)).family
    assert family.count <= len(f.knots)
    assert family.contains(f) == (family.count == len(f.knots))
    if family.contains(f):
        for knot, places in zip(f.knots, family.knots, strict=True):
            assert any(knot in place for place in places)


def cost_of(blocks: tuple, p: Fraction) -> mpmath.mpf:
    power = mpmath.mpf(p.numerator) / p.denominator
    return sum(((mpmath.mpf(d.numerator) / d.denominator) ** power for d in blocks), mpmath.mpf(0))


def best_of_all(points: list, p: Fraction) -> mpmath.mpf:
    runs = oracle.curvature_runs(points)
    return sum(min(cost_of(blocks, p) for blocks in oracle.blockings(run)) for run in runs)


@given(data(), st.sampled_from(POWERS))
def test_powers_agree_with_all_partitions(points: list, p: Fraction) -> None:
    result = sparse.interpolate(*unzip(points), p=p)
    assert interpolates(result.function, points)
    with mpmath.workdps(40):
        best = best_of_all(points, p)
        assert abs(float(result.cost) - best) < 1e-11
        solutions = list(result.solutions())
        ties = 1
        for run in oracle.curvature_runs(points):
            costs = [cost_of(blocks, p) for blocks in oracle.blockings(run)]
            ties *= sum(c - min(costs) < mpmath.mpf(10) ** -30 for c in costs)
    assert len(solutions) == len(set(solutions)) == result.num_solutions == ties
    assert result.count == min(len(f.knots) for f in solutions)
    for f in solutions:
        assert interpolates(f, points)
        assert f.variation() == CPWL.from_points(*unzip(points)).variation()


@given(data(), st.lists(st.integers(0, 4), min_size=9, max_size=9))
def test_no_mixed_solution_is_better(points: list, shares: list) -> None:
    """Slopes between neighbouring ones, as in Theorem 3.1, cost no less than the solution."""
    jumps = []
    for run in oracle.curvature_runs(points):
        ends = list(accumulate(run, initial=F(0)))
        inner = [a + F(k, 4) * d for a, d, k in zip(ends[1:], run[1:-1], shares, strict=False)]
        jumps += [b - a for a, b in pairwise([F(0), *inner, ends[-1]])]
    cost = CPWL.from_relus(range(len(jumps)), jumps).variation("1/2")
    best = sparse.interpolate(*unzip(points), p="1/2").cost
    assert not cost < best


def test_equal_sums_of_different_radicals_are_a_tie() -> None:
    # Amplitudes 2, 6, 2 over unit gaps: sqrt(2) + sqrt(8) against sqrt(8) + sqrt(2).
    x, y = range(5), [0, 0, 2, 10, 20]
    result = sparse.interpolate(x, y, p="1/2")
    assert result.num_solutions == 2
    assert result.count == 2


def test_l1_keeps_the_total_variation() -> None:
    result = sparse.interpolate(*CONVEX_WITH_A_TRIPLE, p=1)
    assert result.cost == 4
    assert result.num_solutions == math.inf
    with pytest.raises(InvalidInput, match="continuum"):
        next(result.solutions())


@given(data(6))
def test_neurons_without_skip(points: list) -> None:
    x, y = unzip(points)
    knots = oracle.least_knots(points)
    with_skip = sparse.min_neurons(x, y, skip=True)
    assert with_skip.count == knots
    assert all(with_skip.network.forward_exact(a) == b for a, b in points)
    found = sparse.min_neurons(x, y)
    assert found.network.num_neurons == found.count
    assert CPWL.from_network(found.network) == found.function
    assert interpolates(found.function, points)
    assert found.count in (knots, knots + 1)
    if knots:
        assert len(found.function.knots) == knots


def piece_ranges(family: sparse.Family, path: tuple) -> list[sparse.Interval]:
    """The range of the slope of every piece of a type, as `member` asks for them."""
    ranges: dict[int, sparse.Interval] = {}
    rng = np.random.default_rng(0)

    def choose(interval: sparse.Interval, piece: int | None) -> object:
        if piece is not None:
            ranges[piece] = interval
        return interval.draw(rng)

    f = family.member(path, choose)
    # Only pieces behind a single knot of a chord that is left along it are not asked for.
    return [ranges[k] for k in range(f.num_pieces)]


def balances(ranges: list[sparse.Interval]) -> bool:
    """Whether an odd number of slopes can have alternating sum zero: every subset is tried."""
    for mask in range(1, 2 ** len(ranges)):
        picked = [r for k, r in enumerate(ranges) if mask >> k & 1]
        if len(picked) % 2:
            total = sparse.Interval.point(F(0))
            for k, r in enumerate(picked):
                total = total.plus(r.negated() if k % 2 else r)
            if 0 in total:
                return True
    return False


@given(data(7))
def test_neurons_against_every_type_and_subset(points: list) -> None:
    x, y = unzip(points)
    family = sparse.interpolate(x, y).family
    found = any(balances(piece_ranges(family, path)) for path in family.types())
    assert sparse.min_neurons(x, y).count == family.count + (not found)


@given(data(6), st.integers(0, 99))
def test_no_member_needs_fewer_neurons(points: list, seed: int) -> None:
    x, y = unzip(points)
    least = sparse.min_neurons(x, y).count
    family = sparse.interpolate(x, y).family
    rng = np.random.default_rng(seed)
    for _ in range(5):
        assert family.sample(rng).num_relus() >= least


def test_a_network_of_least_size_is_found_for_data_of_small_networks() -> None:
    """Data of a random network with K neurons: at most K neurons are needed."""
    rng = np.random.default_rng(5)
    for _ in range(60):
        size = int(rng.integers(1, 4))
        w, b, v = (rng.integers(-3, 4, size).tolist() for _ in range(3))
        net = rt.ReluNetwork([[[a] for a in w], [v]], [b, [1]])
        x = [F(k, 2) for k in range(-8, 9)]
        y = [net.forward_exact([t])[0] for t in x]
        assert sparse.min_neurons(x, y).count <= size


def test_large_numbers_stay_exact() -> None:
    big = 10**30
    result = sparse.interpolate([0, 1, 2, 3], [0, big, 2 * big + 1, 3 * big + 3])
    assert result.count == 1
    assert result.knots == (F(3, 2),)
    floats = sparse.interpolate([0.0, 0.1, 0.2, 0.30000000000000004], [0.0, 0.1, 0.2, 0.3])
    assert floats.count == oracle.least_knots(
        [
            (F(a), F(b))
            for a, b in zip([0.0, 0.1, 0.2, 0.1 + 0.2], [0.0, 0.1, 0.2, 0.3], strict=True)
        ]
    )


def test_order_and_repetition_do_not_matter() -> None:
    points = list(zip(*PEAK, strict=True))
    shuffled = [points[i] for i in (3, 0, 5, 1, 4, 2, 3)]
    assert sparse.interpolate(*unzip(shuffled)).function == sparse.interpolate(*PEAK).function


def test_numpy_and_lists_agree() -> None:
    x, y = np.array(PEAK[0], dtype=np.int16), np.array(PEAK[1], dtype=np.uint64)
    assert sparse.interpolate(x, y).function == sparse.interpolate(*PEAK).function


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (([0, 1], [0, 1], 2), InvalidInput, r"p must lie in \[0, 1\]"),
        (([0, 1], [0, 1], -0.5), InvalidInput, r"p must lie in \[0, 1\]"),
        (([0], [0]), InvalidInput, "at least two points"),
        (([0, 0], [1, 1]), InvalidInput, "at least two points"),
        (([0, 1, 0], [1, 1, 2]), InvalidInput, "two points above x = 0: y is 1 and 2"),
        (([0, 1], [1]), ShapeError, "same length"),
        (([0, float("nan")], [1, 2]), InvalidInput, r"x\[1\]"),
        ((np.zeros((2, 2)), [1, 2]), ShapeError, "x must have one axis"),
        (("ab", [1, 2]), ShapeError, "sequence of numbers"),
    ],
)
def test_errors(arguments: tuple, error: type, message: str) -> None:
    with pytest.raises(error, match=message):
        sparse.interpolate(*arguments)


def test_undecided_number_of_neurons() -> None:
    with pytest.raises(rt.Undecided) as caught:
        sparse.min_neurons(range(40), [k**3 + 1000 * k for k in range(40)], max_states=10)
    assert caught.value.bracket.upper == caught.value.bracket.lower + 1


def test_family_is_for_counting_knots() -> None:
    with pytest.raises(InvalidInput, match="p = 0"):
        _ = sparse.interpolate(*PEAK, p=1).family


def test_every_type_of_a_small_family_has_its_dimension() -> None:
    family = sparse.interpolate(range(4), [0, 1, 1, 2]).family
    members = {
        family.member(path, lambda s, piece: s.draw(np.random.default_rng(1)))
        for path, _ in product(family.types(), range(2))
    }
    assert len(members) == family.num_types


@pytest.mark.heavy
def test_speed() -> None:
    """A million integer points for p = 0 in 5 s, a hundred thousand for p = 1/2 in 10 s."""
    rng = np.random.default_rng(0)
    start = time.process_time()
    result = sparse.interpolate(np.arange(10**6), rng.integers(-1000, 1001, 10**6))
    assert len(result.knots) == result.count
    assert time.process_time() - start < 5
    for y in (np.arange(10**5) ** 2, rng.integers(-(10**6), 10**6, 10**5)):
        start = time.process_time()
        result = sparse.interpolate(np.arange(10**5), y, "1/2")
        assert result.cost.rad() < 1e-6 * result.cost
        assert time.process_time() - start < 10
