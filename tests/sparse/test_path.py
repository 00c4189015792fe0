"""Solution paths in p against single powers, and known thresholds."""

from fractions import Fraction

import numpy as np
import pytest
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import InvalidInput, sparse
from relu_theory.sparse.powers import FixedPower, vanishes

F = Fraction


def with_jumps(jumps: list) -> tuple[list, list]:
    """Data on 0, 1, 2, ... whose changes of slope are the given ones."""
    y, slope = [F(0), F(0)], F(0)
    for jump in jumps:
        slope += F(jump)
        y.append(y[-1] + slope)
    return list(range(len(y))), y


@pytest.mark.parametrize(
    ("epsilon", "threshold"), [("1/10", 0.43691), ("1/100", 0.18072), ("1/1000", 0.11256)]
)
def test_known_thresholds(epsilon: str, threshold: float) -> None:
    # p* solves 2 (1 + e)^p = 2 e^p + 2^p.
    path = sparse.solution_path(*with_jumps([epsilon, 1, 1, epsilon]))
    assert len(path.critical) == 1
    assert path.threshold.upper - path.threshold.lower < F(1, 10**11)
    assert abs(path.threshold.lower - threshold) < 1e-5
    e = float(F(epsilon))
    for p, sign in ((path.threshold.lower, -1), (path.threshold.upper, 1)):
        p = float(p)
        assert sign * (2 * (1 + e) ** p - 2 * e**p - 2**p) > -1e-9


def test_no_crossing() -> None:
    path = sparse.solution_path(*with_jumps(["1/2", 1, 1, "1/2"]))
    assert (path.critical, path.threshold.value) == ((), 1)
    assert sparse.solution_path([0, 1], [0, 1]).threshold.value == 1


@given(st.lists(st.sampled_from([F(1), F(2), F(1, 10), F(7), F(1, 30)]), max_size=7))
@settings(max_examples=25)
def test_segments_agree_with_single_powers(jumps: list) -> None:
    x, y = with_jumps(jumps)
    path = sparse.solution_path(x, y, tolerance=F(1, 2**20))
    least = sparse.interpolate(x, y).count
    for segment in path.segments:
        for share in (F(1, 64), F(1, 2), F(63, 64)):
            p = segment.lower + share * (segment.upper - segment.lower)
            single = sparse.interpolate(x, y, p=p)
            assert single.function == segment.solution.function
            assert single.num_solutions == segment.solution.num_solutions
            if p < path.threshold.lower:
                assert all(len(f.knots) == least for f in single.solutions())


@given(st.lists(st.integers(1, 50), min_size=1, max_size=3))
@settings(max_examples=20)
def test_runs_of_three_are_sparse_for_every_power(jumps: list) -> None:
    path = sparse.solution_path(*with_jumps(jumps), tolerance=F(1, 2**16))
    least = (len(jumps) + 1) // 2
    assert all(segment.solution.count == least for segment in path.segments)


def test_the_path_of_random_data() -> None:
    rng = np.random.default_rng(0)
    y = np.cumsum(np.cumsum(rng.integers(1, 100, size=30))).tolist()
    path = sparse.solution_path(range(30), y)
    counts = [segment.solution.count for segment in path.segments]
    assert counts[0] == sparse.interpolate(range(30), y).count == 14
    assert len(path.segments) == len(path.critical) + 1


def test_signs_of_power_sums() -> None:
    half = FixedPower(fmpq(1, 2))
    assert half.sign({fmpq(2): 1, fmpq(8): 1, fmpq(18): -1}) == 0
    assert half.sign({fmpq(2): 1, fmpq(8): 1, fmpq(18) + fmpq(1, 10**60): -1}) == -1
    assert half.sign({}) == 0
    third = fmpq(1, 3)
    assert vanishes({fmpq(2): 3, fmpq(54): -1}, third)
    assert not vanishes({fmpq(2): 3, fmpq(53): -1}, third)
    assert vanishes({fmpq(8): 1, fmpq(27): 1, fmpq(125): -1}, third)


def test_errors() -> None:
    with pytest.raises(InvalidInput, match="tolerance must lie"):
        sparse.solution_path([0, 1], [0, 1], tolerance=0)
