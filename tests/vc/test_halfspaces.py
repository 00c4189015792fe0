"""Certificates about intersections, unions and thresholds of halfspaces."""

from copy import deepcopy
from itertools import combinations_with_replacement, product
from typing import Any

import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import vc
from relu_theory.errors import CertificateError, TooLarge

CURVE = [[t, t * t] for t in range(8)]


def by_definition(net: Any, points: list, labels: tuple) -> bool:
    """Every choice of dichotomies, each decided by Farkas multipliers."""
    m = len(points)
    halves = [
        word for word in product((False, True), repeat=m)
        if oracle.feasible([[(1 if one else -1) * v for v in [*x, 1]]
                            for one, x in zip(word, points, strict=True)], [1] * m)
    ]  # fmt: skip
    for chosen in combinations_with_replacement(halves, net.units):
        bits = list(zip(*chosen, strict=True))
        if isinstance(net, vc.Intersections):
            good = all(all(b) == y for b, y in zip(bits, labels, strict=True))
        elif isinstance(net, vc.Unions):
            good = all(any(b) == y for b, y in zip(bits, labels, strict=True))
        else:
            rows = [[(1 if y else -1) * v for v in [*map(int, b), 1]]
                    for b, y in zip(bits, labels, strict=True)]  # fmt: skip
            good = oracle.feasible(rows, [1] * m)
        if good:
            return True
    return False


nets = st.sampled_from([vc.Intersections, vc.Unions, vc.Threshold])


@settings(max_examples=40)
@given(nets, st.integers(1, 2), st.data())
def test_both_answers_against_the_definition(kind: Any, dim: int, data: Any) -> None:
    net = kind(dim, data.draw(st.integers(1, 2)))
    point = st.tuples(*[st.integers(-2, 2)] * dim)
    points = data.draw(st.lists(point, min_size=1, max_size=4, unique=True))
    found = vc.shatters(net, points)
    proved = found.certificate.check()
    assert proved["kind"] == ("shattered" if found else "refuted")
    assert proved["architecture"] == net.to_dict()
    words = product((False, True), repeat=len(points))
    assert found.shattered == all(by_definition(net, points, word) for word in words)
    if not found:
        assert proved["labeling"] == "".join("01"[b] for b in found.missing)
        assert not by_definition(net, points, found.missing)


@pytest.mark.parametrize(
    ("net", "points", "kind"),
    [
        (vc.Intersections(2, 3), CURVE[:7], "shattered"),
        (vc.Intersections(2, 3), CURVE, "refuted"),
        (vc.Unions(2, 2), CURVE[:6], "refuted"),
        (vc.Intersections(3, 2), [[t, t * t, t**3] for t in range(8)], "refuted"),
        (vc.Threshold(2, 2), CURVE[:5], "shattered"),
        (vc.Threshold(2, 2), CURVE[:7], "refuted"),
        (vc.Threshold(1, 3), [[t] for t in range(5)], "refuted"),
    ],
    ids=str,
)
def test_known_answers_have_certificates(net: Any, points: list, kind: str) -> None:
    assert vc.shatters(net, points).certificate.check()["kind"] == kind


def test_dimensions_have_certificates() -> None:
    for net in (vc.Intersections(2, 2), vc.Unions(2, 4), vc.Threshold(1, 2)):
        found = vc.dimension(net, tries=0)
        assert found.is_exact
        assert len(found.certificate.check()["points"]) == found.value
        assert found.upper_certificate.check()["upper"] == found.value
    assert vc.shatters(vc.Unions(2, 2), CURVE[:4], certify=False).certificate is None


def some(data: dict) -> dict:
    return data["proof"]["01010"]


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["proof"].pop("11111"),
        lambda d: some(d)["halfspaces"].pop(),
        lambda d: some(d)["halfspaces"][0].__setitem__(2, "1000"),
        lambda d: some(d)["output"].pop(),
        lambda d: some(d).__setitem__("output", ["0", "0", "1"]),
        lambda d: d["statement"]["points"].__setitem__(1, ["0", "0"]),
        lambda d: d["statement"]["architecture"].__setitem__("units", 0),
        lambda d: d["statement"]["architecture"].__setitem__("name", "Intersections"),
        lambda d: d.__setitem__("kind", "refuted"),
        lambda d: d.__setitem__("kind", "other"),
    ],
)
def test_altered_realisations_are_refused(change: Any) -> None:
    data = deepcopy(vc.shatters(vc.Threshold(2, 2), CURVE[:5]).certificate.data)
    change(data)
    with pytest.raises(CertificateError, match="refused"):
        vc.ShatteringCertificate(data).check()


def leaf(tree: list, name: str) -> list | None:
    if tree[0] != "branch":
        return tree if tree[0] == name else None
    return next(filter(None, (leaf(t, name) for t in tree[2].values())), None)


@pytest.mark.parametrize("net", [vc.Intersections(2, 2), vc.Unions(2, 2), vc.Threshold(2, 2)],
                         ids=str)  # fmt: skip
def test_altered_refutations_are_refused(net: Any) -> None:
    good = vc.shatters(net, CURVE).certificate.data
    changes = [
        lambda d: d["proof"][2].pop(next(iter(d["proof"][2]))),
        lambda d: d["proof"].__setitem__(1, 99),
        lambda d: d["proof"].__setitem__(0, "other"),
        lambda d: d["statement"].__setitem__("labeling", "1" * 8),
        lambda d: d["statement"]["architecture"].__setitem__("units", 3),
        lambda d: leaf(d["proof"], "hull").__setitem__(1, 1 - leaf(d["proof"], "hull")[1]),
        lambda d: leaf(d["proof"], "hull")[2].clear(),
        lambda d: leaf(d["proof"], "hull")[2][0].__setitem__(1, 0),
        lambda d: leaf(d["proof"], "hull")[3][0].__setitem__(1, 10**6),
        lambda d: leaf(d["proof"], "hull").reverse(),
    ]
    if isinstance(net, vc.Threshold):
        changes += [lambda d: leaf(d["proof"], "output")[1].clear(),
                    lambda d: leaf(d["proof"], "output").__setitem__(0, "hull")]  # fmt: skip
    for change in changes:
        data = deepcopy(good)
        change(data)
        with pytest.raises(CertificateError, match="refused"):
            vc.ShatteringCertificate(data).check()


def test_a_refutation_may_be_too_large() -> None:
    from relu_theory.vc.growth import halfspace_sets
    from relu_theory.vc.halfspace_proofs import refutation
    from relu_theory.vc.systems import read_points

    exact = read_points(CURVE, 2)
    with pytest.raises(TooLarge, match="more nodes"):
        refutation(vc.Threshold(2, 2), exact, 0b01010101, list(halfspace_sets(exact)), limit=3)
