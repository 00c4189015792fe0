"""Labelings of points by architectures: known counts, the pattern oracle, certificates."""

from copy import deepcopy
from fractions import Fraction
from itertools import product
from math import comb
from typing import Any

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import vc
from relu_theory.errors import CertificateError, InvalidInput, ShapeError, TooLarge
from relu_theory.vc.realise import Realisation, Refutation

EIGHT = [[-2, -2], [2, 0], [2, 1], [-1, 2], [-2, 1], [1, 1], [1, 2], [1, -2]]
OCTAGON = [[2, 1], [1, 2], [-1, 2], [-2, 1], [-2, -1], [-1, -2], [1, -2], [2, -1]]


def distinct_points(dim: int, most: int) -> st.SearchStrategy:
    coordinate = st.sampled_from([Fraction(k, 2) for k in range(-4, 5)])
    point = st.tuples(*[coordinate] * dim)
    return st.lists(point, min_size=1, max_size=most, unique=True)


@pytest.mark.parametrize(("n", "count"), [(1, 4), (2, 14), (3, 104), (4, 1882), (5, 94572)])
def test_threshold_functions_on_the_cube(n: int, count: int) -> None:
    cube = list(product((0, 1), repeat=n))
    assert vc.growth(vc.Halfspaces(n), cube) == count
    if n < 4:
        assert vc.growth(vc.Halfspaces(n), cube, method="labelings") == count


@settings(max_examples=25)
@given(st.integers(1, 3).flatmap(lambda d: distinct_points(d, 7)))
def test_two_routes_to_the_growth_of_halfspaces(points: list) -> None:
    halfspaces = vc.Halfspaces(len(points[0]))
    listed = list(vc.labelings(halfspaces, points))
    assert len(listed) == len(set(listed)) == vc.growth(halfspaces, points, method="regions")


@pytest.mark.parametrize(("m", "d"), [(5, 1), (6, 2), (8, 2), (7, 3)])
def test_cover(m: int, d: int) -> None:
    points = [[t**j for j in range(1, d + 1)] for t in range(m)]
    expected = 2 * sum(comb(m - 1, i) for i in range(d + 1))
    assert vc.growth(vc.Halfspaces(d), points, method="labelings") == expected


def test_homogeneous_halfspaces_and_the_closed_side() -> None:
    line = vc.Halfspaces(1, homogeneous=True)
    # w x > 0 is false for both points when w = 0.
    assert vc.growth(line, [[1], [-1]]) == 3
    assert vc.growth(line, [[1], [2], [0]]) == 2
    assert vc.shatters(line, [[1]]).shattered
    found = vc.shatters(vc.Halfspaces(2, homogeneous=True), [[1, 0], [0, 1], [1, 1]])
    assert not found
    assert found.certificate.check()["labeling"] == "".join("01"[b] for b in found.missing)


@settings(max_examples=25)
@given(distinct_points(1, 4) | distinct_points(2, 3), st.data())
def test_one_hidden_layer_against_all_patterns(points: list, data: st.DataObject) -> None:
    labels = data.draw(st.lists(st.sampled_from([1, -1]), min_size=len(points),
                                max_size=len(points)))
    units, skip, bias = data.draw(st.sampled_from([(1, False, True), (1, False, False),
                                                   (1, True, False), (2, False, False)]))
    found = vc.realises(vc.OneHidden(len(points[0]), units, skip, bias), points, labels)
    assert isinstance(found, Realisation) == oracle.one_hidden(points, labels, units, skip, bias)


@settings(max_examples=40)
@given(distinct_points(1, 6) | distinct_points(2, 6), st.integers(1, 3), st.booleans(),
       st.booleans())
def test_shattering_has_certificates_on_both_sides(
    points: list, units: int, skip: bool, bias: bool
) -> None:
    found = vc.shatters(vc.OneHidden(len(points[0]), units, skip, bias), points)
    proved = found.certificate.check()
    assert proved["kind"] == ("shattered" if found else "refuted")
    assert len(proved["points"]) == len(points)


@settings(max_examples=20)
@given(distinct_points(2, 5), st.sampled_from([[[2, 1], [1, 1]], [[0, -3], [1, 5]]]),
       st.tuples(st.integers(-5, 5), st.integers(-5, 5)))
def test_affine_invariance(points: list, matrix: list, offset: tuple) -> None:
    moved = [[sum(a * v for a, v in zip(row, x, strict=True)) + c
              for row, c in zip(matrix, offset, strict=True)] for x in points]
    net = vc.OneHidden(2, 1)
    assert sorted(vc.labelings(net, points)) == sorted(vc.labelings(net, moved))


def test_one_neuron_is_a_halfspace() -> None:
    points = [[0, 0], [1, 0], [0, 1], [1, 1], [2, 3]]
    assert set(vc.labelings(vc.OneHidden(2, 1), points)) == set(
        vc.labelings(vc.Halfspaces(2), points)
    )


def test_eight_points_and_the_octagon() -> None:
    net = vc.OneHidden(2, 2)
    yes, no = vc.shatters(net, EIGHT), vc.shatters(net, OCTAGON)
    assert yes.shattered
    assert not no.shattered
    assert no.missing == (False, True) * 4
    assert yes.certificate.check()["points"][0] == ["-2", "-2"]
    assert no.certificate.check()["labeling"] == "01010101"


def test_intersections_unions_and_threshold_networks() -> None:
    square = [[0, 0], [1, 0], [0, 1], [1, 1]]
    assert vc.shatters(vc.Intersections(2, 2), square)
    assert vc.shatters(vc.Threshold(2, 2), square)
    inner = [[0, 0], [4, 0], [0, 4], [1, 1]]
    assert vc.shatters(vc.Intersections(2, 3), inner).missing == (True, True, True, False)
    both = set(vc.labelings(vc.Intersections(2, 2), inner))
    flipped = {tuple(not b for b in w) for w in vc.labelings(vc.Unions(2, 2), inner)}
    assert both == flipped
    # Two thresholds on a line, and a threshold of them: at most two sign changes.
    assert vc.growth(vc.Threshold(1, 2), [[i] for i in range(6)]) == 2 * (1 + 5 + 10)


@pytest.fixture(scope="module")
def pair() -> tuple[dict, dict]:
    net = vc.OneHidden(1, 2)
    yes = vc.shatters(net, [[0], [1], [2]]).certificate
    no = vc.shatters(net, [[0], [1], [2], [3]]).certificate
    return yes.data, no.data


def test_altered_realisations_are_refused(pair: tuple[dict, dict]) -> None:
    yes, _ = pair
    for change in [
        lambda d: d["proof"].pop(next(iter(d["proof"]))),
        lambda d: next(iter(d["proof"].values()))[0].__setitem__(0, 2),
        lambda d: next(iter(d["proof"].values())).__setitem__(1, ["0"] * 5),
        lambda d: d["statement"]["points"].__setitem__(0, ["1"]),
        lambda d: d["statement"]["points"].append(["7"]),
        lambda d: d["statement"]["architecture"].__setitem__("units", 3),
        lambda d: d["statement"]["architecture"].__setitem__("inputs", 2),
    ]:
        data = deepcopy(yes)
        change(data)
        with pytest.raises(CertificateError, match="refused"):
            vc.ShatteringCertificate(data).check()


def first_leaf(tree: list) -> list:
    return tree if tree[0] == "leaf" else first_leaf(tree[3])


def first_branch(data: dict) -> list:
    return next(tree for tree in data["proof"] if tree[0] == "branch")


def test_altered_refutations_are_refused(pair: tuple[dict, dict]) -> None:
    _, no = pair
    for change in [
        lambda d: d["proof"].pop(),
        lambda d: d["statement"].__setitem__("labeling", "0110"),
        lambda d: d["statement"]["architecture"].__setitem__("skip", True),
        lambda d: first_leaf(d["proof"][0])[1][0].__setitem__(3, 0),
        lambda d: first_leaf(d["proof"][0])[1].pop(),
        lambda d: d["proof"].__setitem__(0, ["leaf", []]),
        lambda d: first_branch(d).__setitem__(2, [0, 0]),
        lambda d: first_branch(d).__setitem__(3, first_branch(d)[4]),
        lambda d: d["statement"]["architecture"].__setitem__("name", "Other"),
    ]:
        data = deepcopy(no)
        change(data)
        with pytest.raises(CertificateError, match="refused"):
            vc.ShatteringCertificate(data).check()


def test_refutations_cover_every_sign_pattern() -> None:
    found = vc.realises(vc.OneHidden(1, 2), [[0], [1], [2], [3]], [0, 1, 0, 1])
    assert isinstance(found, Refutation)
    assert len(found.trees) == 3


@pytest.mark.parametrize(
    ("points", "labels", "error", "says"),
    [
        ([[0], [1], [0]], [1, 1, 1], InvalidInput, r"points\[2\] equals points\[0\]"),
        ([[0], [1]], [1], ShapeError, "one entry for each of 2 points"),
        ([[0], [1]], [1, 5], InvalidInput, r"labels\[1\]"),
        ([[0, 1]], [1], ShapeError, "1 coordinates"),
        ([], [], InvalidInput, "at least one point"),
        (3, [1], ShapeError, "list of points"),
        ([[float("nan")]], [1], InvalidInput, "finite"),
    ],
)
def test_bad_points_and_labels(points: Any, labels: Any, error: type, says: str) -> None:
    with pytest.raises(error, match=says):
        vc.realises(vc.OneHidden(1, 1), points, labels)


def test_bad_architectures_and_limits() -> None:
    for wrong in (0, -1, 1.5, True):
        with pytest.raises(InvalidInput, match="units must be a positive int"):
            vc.OneHidden(1, wrong)
    with pytest.raises(InvalidInput, match="dim must be"):
        vc.Halfspaces(0)
    with pytest.raises(TooLarge, match="at most 4 units"):
        vc.Threshold(1, 5)
    with pytest.raises(TooLarge, match="24 points"):
        vc.shatters(vc.Halfspaces(1), [[i] for i in range(25)])
    with pytest.raises(TooLarge, match="limit=2 nodes"):
        vc.realises(vc.OneHidden(2, 2), OCTAGON, [0, 1] * 4, limit=2)
    with pytest.raises(InvalidInput, match="method must be"):
        vc.growth(vc.Halfspaces(1), [[0]], method="guess")
    with pytest.raises(InvalidInput, match="affine Halfspaces"):
        vc.growth(vc.OneHidden(1, 1), [[0]], method="regions")
    with pytest.raises(InvalidInput, match="use shatters"):
        vc.realises(vc.Unions(1, 1), [[0]], [1])
