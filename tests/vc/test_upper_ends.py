"""Proofs of upper ends: every architecture has one, both routes agree, altered ones are refused."""

from copy import deepcopy
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import vc
from relu_theory.errors import CertificateError, InvalidInput
from relu_theory.vc import check_order_types, check_upper
from relu_theory.vc.order_types import order_type_bound
from relu_theory.vc.upper import largest_shattered
from relu_theory.vc.upper_ends import crossing_growth, pieces_growth, upper_end

ENDS = [
    (vc.Halfspaces(3), 4, "dependence"),
    (vc.Halfspaces(3, homogeneous=True), 3, "dependence"),
    (vc.OneHidden(4, 1), 5, "neuron"),
    (vc.OneHidden(1, 2), 3, "slopes"),
    (vc.OneHidden(1, 5), 7, "changes"),
    (vc.OneHidden(1, 2, skip=True), 4, "changes"),
    (vc.OneHidden(2, 1, skip=True), 6, "order types"),
    (vc.OneHidden(2, 2), 8, "order types"),
    (vc.OneHidden(2, 2, skip=True), 36, "pieces"),
    (vc.OneHidden(2, 3), 66, "pieces"),
    (vc.OneHidden(2, 4), 104, "counting"),
    (vc.OneHidden(2, 5, output_bias=False), 133, "counting"),
    (vc.Intersections(1, 3), 2, "changes"),
    (vc.Intersections(2, 5), 11, "polygon"),
    (vc.Unions(2, 2), 5, "polygon"),
    (vc.Threshold(1, 3), 4, "changes"),
    (vc.Threshold(2, 3), 34, "counting"),
    (vc.GroupConv(vc.cyclic(2)), 2, "sorting"),
    (vc.GroupConv(vc.cyclic(4)), 6, "crossings"),
    (vc.GroupConv(vc.dihedral(3), units=2, signed=True), 35, "counting"),
]


@pytest.mark.parametrize(("net", "bound", "method"), ENDS, ids=[str(e[0])[:60] for e in ENDS])
def test_every_upper_end_has_a_proof(net: Any, bound: int, method: str) -> None:
    end = upper_end(net)
    assert (end.bound, end.method) == (bound, method)
    certificate = vc.upper_certificate(net, end)
    proved = certificate.check()
    assert (proved["kind"], proved["upper"]) == ("upper", bound)
    assert proved["architecture"] == net.to_dict()


@pytest.mark.parametrize(("net", "bound", "method"), ENDS, ids=[str(e[0])[:60] for e in ENDS])
def test_a_smaller_end_is_refused(net: Any, bound: int, method: str) -> None:
    data = deepcopy(vc.upper_certificate(net, upper_end(net)).data)
    data["statement"]["upper"] -= 1
    with pytest.raises(CertificateError, match="refused"):
        vc.ShatteringCertificate(data).check()


def test_proofs_are_refused_for_other_architectures() -> None:
    plane = vc.upper_certificate(vc.OneHidden(2, 1, skip=True), upper_end(vc.OneHidden(2, 1, True)))
    for change in [{"units": 2}, {"inputs": 3}, {"units": 3, "skip": False}]:
        data = deepcopy(plane.data)
        data["statement"]["architecture"] |= change
        with pytest.raises(CertificateError, match="refused"):
            vc.ShatteringCertificate(data).check()
    net = vc.Threshold(2, 2)
    for name in ("dependence", "neuron", "changes", "slopes", "polygon", "crossings", "sorting",
                 "pieces", "magic"):  # fmt: skip
        data = deepcopy(vc.upper_certificate(net, upper_end(net)).data)
        data["proof"]["method"] = name
        with pytest.raises(CertificateError, match="refused"):
            vc.ShatteringCertificate(data).check()
    with pytest.raises(CertificateError, match="unknown format"):
        vc.ShatteringCertificate({"format": "another"}).check()


def first(level: dict, kind: type) -> tuple[dict, str]:
    return next((fates, word) for fates in level["fates"] for word in fates
                if isinstance(fates[word], kind))  # fmt: skip


def test_altered_order_types_are_refused() -> None:
    net = vc.OneHidden(2, 1, skip=True)
    good = vc.upper_certificate(net, upper_end(net)).data

    def forget(data: dict) -> None:
        fates, word = first(data["proof"]["levels"][-1], int)
        del fates[word]

    def relabel(data: dict) -> None:
        fates, word = first(data["proof"]["levels"][-1], int)
        fates[word] = 1

    def rename(data: dict) -> None:
        fates, word = first(data["proof"]["levels"][2], list)
        fates[word][1] = fates[word][1][::-1]

    def reflect(data: dict) -> None:
        fates, word = first(data["proof"]["levels"][2], list)
        fates[word][2] *= -1

    def borrow(data: dict) -> None:
        fates, word = first(data["proof"]["levels"][1], list)
        fates[word][0] = -1

    changes = [
        forget, relabel, rename, reflect, borrow,
        lambda d: d["proof"]["levels"].pop(),
        lambda d: d["proof"]["levels"][1]["types"].pop(),
        lambda d: d["proof"]["levels"][1]["fates"].pop(),
        lambda d: d["proof"]["levels"][1]["types"].__setitem__(0, "+"),
    ]  # fmt: skip
    for change in changes:
        data = deepcopy(good)
        change(data)
        with pytest.raises(CertificateError, match="refused"):
            vc.ShatteringCertificate(data).check()


def test_altered_slopes_and_counts_are_refused() -> None:
    line = vc.upper_certificate(vc.OneHidden(1, 2), upper_end(vc.OneHidden(1, 2))).data
    count = vc.upper_certificate(vc.Threshold(2, 2), upper_end(vc.Threshold(2, 2))).data
    for good, change in [
        (line, lambda d: d["proof"]["multipliers"].pop("RL")),
        (line, lambda d: d["proof"]["multipliers"].__setitem__("RR", ["0"] * 3)),
        (line, lambda d: d["proof"]["multipliers"].__setitem__("RR", ["1", "0"])),
        (line, lambda d: d["proof"]["multipliers"].__setitem__("RL", ["-1", "1", "1"])),
        (line, lambda d: d["proof"]["multipliers"].__setitem__("LL", ["1", "0", "0"])),
        (count, lambda d: d["proof"].__setitem__("growth", "7")),
        (count, lambda d: d["statement"].__setitem__("upper", "19")),
        (count, lambda d: d.__setitem__("kind", "lower")),
    ]:
        data = deepcopy(good)
        change(data)
        with pytest.raises(CertificateError, match="refused"):
            vc.ShatteringCertificate(data).check()


def test_order_types_agree_with_the_walk_over_orientations() -> None:
    for parts, complements in [(1, False), (2, False), (3, False), (1, True), (2, True)]:
        found = order_type_bound(parts, complements)
        assert found.bound == vc.planar_bound(parts, complements)[0]
    with pytest.raises(InvalidInput, match="1, 2 or 3"):
        order_type_bound(4, False)


def test_order_types_of_few_points() -> None:
    # 1, 2, 3, 16 types of 3 to 6 points up to reflection (OEIS A063666); nothing is cut before six,
    # and an extension of each type lies in each cell of the lines through its points.
    found = order_type_bound(3, True).levels
    assert [len(types) for types, _ in found[:3]] == [1, 2, 3]
    assert [len(f) for _, fates in found[1:3] for f in fates] == [7, 20, 18]


def test_extensions_are_those_of_the_checker() -> None:
    for types, fates in order_type_bound(2, True).levels[1:4]:
        assert fates
        for signs in types:
            n = next(k for k in range(3, 9) if comb(k, 3) == len(signs))
            named = dict(zip(combinations(range(n), 3), signs, strict=True))
            turn = check_order_types.table_of(n, named)
            listed = {tuple(turn[i][j][n] for i, j in combinations(range(n), 2))
                      for _ in check_order_types.extensions(n, turn)}  # fmt: skip
            level = order_type_bound(2, True).levels[n - 2][1]
            assert listed in [set(f) for f in level]


@settings(max_examples=60)
@given(st.integers(4, 6), st.integers(0, 10**9))
def test_real_points_are_extensions(n: int, seed: int) -> None:
    """The checker's list of extensions has the signs of every point added to real points."""
    points = np.random.default_rng(seed).integers(-30, 31, (n + 1, 2)).tolist()

    def turn(a: int, b: int, c: int) -> int:
        (ax, ay), (bx, by), (cx, cy) = points[a], points[b], points[c]
        return int(np.sign((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)))

    signs = {t: turn(*t) for t in combinations(range(n + 1), 3)}
    if 0 in signs.values():
        return
    old = {t: s for t, s in signs.items() if n not in t}
    table = check_order_types.table_of(n, old)
    listed = [tuple(table[i][j][n] for i, j in combinations(range(n), 2))
              for _ in check_order_types.extensions(n, table)]  # fmt: skip
    assert tuple(signs[i, j, n] for i, j in combinations(range(n), 2)) in listed


@settings(max_examples=25)
@given(st.sampled_from([(1, 1), (1, 2), (2, 1), (2, 2)]), st.booleans(), st.integers(1, 5),
       st.integers(0, 10**6))  # fmt: skip
def test_growth_is_below_the_count_of_pieces(size: tuple, skip: bool, m: int, seed: int) -> None:
    net = vc.OneHidden(*size, skip)
    points = np.random.default_rng(seed).integers(-9, 10, (m, size[0]))
    points = np.unique(points, axis=0).tolist()
    assert vc.growth(net, points) <= pieces_growth(net, len(points))


@settings(max_examples=40)
@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 10**9))
def test_growth_is_below_the_count_of_crossings(order: int, m: int, seed: int) -> None:
    points = np.random.default_rng(seed).integers(-30, 31, (m, order))
    points = np.unique(points, axis=0).tolist()
    found = vc.growth(vc.GroupConv(vc.cyclic(order)), points)
    assert found <= crossing_growth(order, len(points))


def test_growth_of_one_value_attains_the_count_of_crossings() -> None:
    points = [[1], [2], [5], [9]]
    assert vc.growth(vc.GroupConv(vc.cyclic(1)), points) == crossing_growth(1, 4) == 8


def test_the_checker_counts_as_the_package_does() -> None:
    for net, _, method in ENDS:
        if method == "counting":
            assert check_upper.growth(net.to_dict(), 9) == net.growth_bound(9)
    assert [check_upper.summable(k) for k in (1, 2, 3)] == [4, 14, 104]
    for net in (vc.OneHidden(2, 3), vc.OneHidden(3, 2, skip=True)):
        assert check_upper.pieces(net.to_dict(), 11) == pieces_growth(net, 11)
    assert largest_shattered(lambda m: crossing_growth(16, m)) == 10


@pytest.mark.heavy
def test_threshold_functions_are_summable() -> None:
    assert check_upper.summable(4) == 1882
