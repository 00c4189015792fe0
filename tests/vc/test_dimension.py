"""Dimensions of architectures: known values, brackets, and the proofs of their upper ends."""

from itertools import combinations, pairwise
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import vc
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.vc.upper import largest_shattered


@pytest.mark.parametrize(
    ("architecture", "value"),
    [
        (vc.Halfspaces(1), 2),
        (vc.Halfspaces(3), 4),
        (vc.Halfspaces(1, homogeneous=True), 1),
        (vc.Halfspaces(3, homogeneous=True), 3),
        (vc.OneHidden(1, 1), 2),
        (vc.OneHidden(1, 2), 3),
        (vc.OneHidden(1, 3), 5),
        (vc.OneHidden(1, 4), 6),
        (vc.OneHidden(1, 1, skip=True), 3),
        (vc.OneHidden(1, 2, skip=True), 4),
        (vc.OneHidden(1, 3, skip=True), 5),
        (vc.OneHidden(2, 1), 3),
        (vc.OneHidden(4, 1), 5),
        (vc.OneHidden(2, 1, skip=True), 6),
        (vc.Unions(2, 4), 9),
        (vc.GroupConv(vc.cyclic(1)), 2),
        (vc.GroupConv(vc.cyclic(2)), 2),
        (vc.Intersections(1, 3), 2),
        (vc.Intersections(2, 1), 3),
        (vc.Intersections(2, 2), 5),
        (vc.Unions(2, 2), 5),
        (vc.Threshold(1, 1), 2),
        (vc.Threshold(1, 2), 3),
        (vc.Threshold(1, 3), 4),
    ],
    ids=str,
)
def test_known_dimensions(architecture: Any, value: int) -> None:
    found = vc.dimension(architecture, tries=5)
    assert (found.lower, found.upper) == (value, value), found.reason
    assert vc.shatters(architecture, found.witness).shattered
    assert len(found.certificate.check()["points"]) == value
    assert found.upper_certificate.check()["upper"] == value


def test_two_neurons_in_the_plane_have_dimension_eight() -> None:
    found = vc.dimension(vc.OneHidden(2, 2))
    assert found.value == 8
    assert "12767 extensions by a 9th point refuted" in found.reason
    assert found.upper_certificate.check()["upper"] == 8
    assert found.certificate.check()["kind"] == "shattered"


@pytest.mark.heavy
def test_six_neurons_on_the_line() -> None:
    assert vc.dimension(vc.OneHidden(1, 6), tries=0).value == 8


def test_brackets_say_where_their_ends_come_from() -> None:
    found = vc.dimension(vc.OneHidden(2, 2, skip=True), tries=2, certify=False)
    assert found.lower < found.upper < vc.counting_bound(vc.OneHidden(2, 2, skip=True))
    assert "counting unions of intersections" in found.reason
    assert found.certificate is found.upper_certificate is None


def test_a_matrix_is_a_finite_class() -> None:
    assert vc.dimension([[0, 1], [1, 0], [1, 1], [0, 0]]).value == 2


def test_counting_bounds_of_the_sheet() -> None:
    assert [vc.counting_bound(vc.OneHidden(1, k)) for k in (1, 2, 3)] == [13, 27, 43]
    assert [vc.counting_bound(vc.OneHidden(2, k)) for k in (1, 2, 3)] == [21, 47, 75]
    with pytest.raises(InvalidInput, match="no counting bound"):
        vc.counting_bound(3)


@settings(max_examples=20)
@given(
    st.integers(1, 2), st.integers(1, 2), st.booleans(), st.booleans(), st.integers(1, 5),
    st.integers(0, 10**6),
)  # fmt: skip
def test_growth_is_below_its_bound(d: int, k: int, skip: bool, bias: bool, m: int,
                                   seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = np.unique(rng.integers(-4, 5, (m, d)), axis=0).tolist()
    net = vc.OneHidden(d, k, skip, bias)
    assert vc.growth(net, points) <= min(net.growth_bound(len(points)), 2 ** len(points))


def test_alternation_against_the_search() -> None:
    for units in (1, 2, 3, 4):
        points = [[i] for i in range(units + 2)]
        labels = [i % 2 for i in range(units + 2)]
        found = vc.realises(vc.OneHidden(1, units), points, labels)
        assert (vc.alternation(units) is not None) == isinstance(found, vc.Realisation)
    with pytest.raises(TooLarge, match="orientations"):
        vc.alternation(13)


@settings(max_examples=200)
@given(st.integers(0, 10**9))
def test_orientations_of_real_points_change_sign_at_most_once(seed: int) -> None:
    """What `planar_bound` assumes of points sorted by x, and the labelings that it reads off."""
    rng = np.random.default_rng(seed)
    points = sorted(map(tuple, rng.integers(-50, 51, (5, 2)).tolist()))
    if len({p[0] for p in points}) < 5:
        return

    def turn(a: int, b: int, c: int) -> int:
        (ax, ay), (bx, by), (cx, cy) = points[a], points[b], points[c]
        return int(np.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)))

    for a, b, c, d in combinations(range(5), 4):
        signs = [turn(a, b, c), turn(a, b, d), turn(a, c, d), turn(b, c, d)]
        if 0 not in signs:
            assert sum(x != y for x, y in pairwise(signs)) <= 1


def test_planar_bounds_are_those_of_convex_polygons() -> None:
    for parts in (1, 2, 3):
        bound, walked = vc.planar_bound(parts, False)
        assert bound == 2 * parts + 1
        assert walked[-1][1] == 0 < walked[-2][1]
        polygon = [[t, t * t] for t in range(bound)]
        assert vc.shatters(vc.Intersections(2, parts), polygon)
    assert vc.planar_bound(1, True)[0] == 3
    with pytest.raises(InvalidInput, match="1, 2 or 3"):
        vc.planar_bound(4, False)


def test_orientations_without_cuts_are_counted_by_the_known_sequence() -> None:
    # Simple arrangements of pseudolines, OEIS A006245: 1, 1, 2, 8, 62, 908, 24698.
    # Every labeling of at most five points has a convex side, so nothing is cut off before six.
    bound, walked = vc.planar_bound(3, True)
    assert [walked[k][0] for k in (3, 4, 5, 6)] == [2, 8, 62, 908]
    assert bound == vc.order_type_bound(3, True).bound == 8
    assert walked[9] == (1612952, 0)


def test_cover_and_limits() -> None:
    for m, d in [(1, 1), (5, 2), (9, 4)]:
        assert vc.dichotomies(m, d) == 2 * sum(comb(m - 1, i) for i in range(d))
    with pytest.raises(InvalidInput, match="positive"):
        vc.dichotomies(0, 1)
    with pytest.raises(TooLarge, match="limit=50"):
        largest_shattered(lambda m: 2**m, limit=50)


@pytest.mark.parametrize(("n", "count"), [(0, 2), (1, 4), (2, 14), (3, 104), (4, 1882),
                                          (5, 94572), (6, 15028134)])
def test_threshold_functions_by_symmetry(n: int, count: int) -> None:
    assert vc.count_threshold_functions(n) == count


@pytest.mark.heavy
def test_threshold_functions_of_seven_variables() -> None:
    assert vc.count_threshold_functions(7) == 8378070864


def test_threshold_functions_out_of_range() -> None:
    with pytest.raises(InvalidInput, match="at least 0"):
        vc.count_threshold_functions(-1)
    with pytest.raises(TooLarge, match="at most 7"):
        vc.count_threshold_functions(8)


def test_a_trial_set_beyond_the_limit_is_skipped_and_named() -> None:
    found = vc.dimension(vc.OneHidden(2, 2), tries=2, limit=1, certify=False)
    assert 1 <= found.lower < found.upper
    assert "point sets were skipped: they are too large for limit=1 nodes" in found.reason
