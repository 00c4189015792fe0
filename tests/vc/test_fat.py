"""Fat- and pseudo-shattering of given points: exact answers, certificates, altered ones refused."""

from copy import deepcopy
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import oracle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relu_theory import vc
from relu_theory.errors import CertificateError, InvalidInput, ShapeError, TooLarge
from relu_theory.exact.least_norm import least_norm

number = st.integers(-3, 3)


def unit(m: int) -> list:
    return [[int(i == j) for j in range(m)] for i in range(m)]


@settings(max_examples=60)
@given(st.lists(st.tuples(number, number, number), min_size=1, max_size=5))
def test_least_norm_is_optimal_or_refuted(rows: list) -> None:
    w, multipliers = least_norm([r[:2] for r in rows], [r[2] for r in rows])
    assert min(multipliers) >= 0
    total = [sum(m * r[k] for m, r in zip(multipliers, rows, strict=True)) for k in range(3)]
    if w is None:
        assert total == [0, 0, 1]
    else:
        assert all(r[0] * w[0] + r[1] * w[1] >= r[2] for r in rows)
        assert total == [*w, w[0] ** 2 + w[1] ** 2]


def reference(points: list, levels: list, word: tuple, bound: float, margin: float, order: Any,
              bias: bool) -> float:
    """The least norm divided by the bound, by a conic solver."""
    import cvxpy as cp

    w, b = cp.Variable(len(points[0])), cp.Variable()
    if not bias:
        b = 0
    rows = [(1 if one else -1) * (w @ np.array(x, float) + b - t) >= margin
            for one, x, t in zip(word, points, levels, strict=True)]  # fmt: skip
    problem = cp.Problem(cp.Minimize(cp.norm(w, order)), rows)
    problem.solve(solver=cp.CLARABEL)
    return np.inf if problem.status.startswith("infeasible") else problem.value / bound


@settings(max_examples=25)
@given(st.lists(st.tuples(number, number), min_size=1, max_size=3, unique=True),
       st.sampled_from([1, 2, np.inf]), st.booleans(), st.sampled_from([1, 3]),
       st.booleans(), st.data())  # fmt: skip
def test_against_a_conic_solver(points: list, order: Any, bias: bool, bound: int,
                                given_levels: bool, data: Any) -> None:
    levels = [data.draw(number) for _ in points] if given_levels else [0] * len(points)
    found = vc.fat_shatters(points, bound, "1/2", ord=order, bias=bias,
                            thresholds=levels if given_levels else None)  # fmt: skip
    assert found.certificate.check()["kind"] == ("fat-shattered" if found else "not fat-shattered")
    ratios = [reference(points, levels, word, bound, 0.5, order, bias)
              for word in product((0, 1), repeat=len(points))]  # fmt: skip
    if abs(max(ratios) - 1) > 1e-5:
        assert found.shattered == (max(ratios) < 1)


def test_exact_at_the_boundary() -> None:
    for m in (1, 4):
        root = Fraction(1, int(m**0.5))
        assert vc.fat_shatters(unit(m), 1, root)
        assert not vc.fat_shatters(unit(m), 1, root + Fraction(1, 10**12))
    # Corners of a cube, in the other two norms.
    assert vc.fat_shatters(unit(3), 1, "1/3", ord=1)
    assert not vc.fat_shatters(unit(3), 1, "1000001/3000000", ord=1)
    assert vc.fat_shatters(unit(3), 1, 1, ord=np.inf)
    assert not vc.fat_shatters(unit(3), 1, "1000001/1000000", ord=np.inf)


def test_a_neuron_needs_thresholds_above_the_margin() -> None:
    low = vc.fat_shatters([[1]], 9, 1, neuron=True, thresholds=["1/2"])
    assert not low
    assert low.missing is None
    assert low.certificate.check()["kind"] == "not fat-shattered"
    assert vc.fat_shatters([[1]], 9, 1, neuron=True, thresholds=[1])
    # With a bias a neuron shatters what affine functions do.
    points = [[0, 0], [1, 0], [0, 1]]
    for bound, margin in [(1, "1/4"), (1, "1/2"), (2, "1/2")]:
        both = [vc.fat_shatters(points, bound, margin, bias=True, neuron=n) for n in (0, 1)]
        assert both[0].shattered == both[1].shattered
    far = [100] * 3
    assert vc.fat_shatters(points, 2, "1/2", bias=True, neuron=True, thresholds=far)


@settings(max_examples=40)
@given(st.lists(st.tuples(number, number, number), min_size=1, max_size=5, unique=True),
       st.sampled_from(["1/2", "1", "3/2"]))  # fmt: skip
def test_no_more_points_than_the_classical_bound(points: list, margin: str) -> None:
    found = vc.fat_shatters(points, 1, margin)
    radius = max(sum(v * v for v in p) for p in points)
    assert found.shattered == (vc.margin_squared(points) >= Fraction(margin) ** 2)
    assert not found or len(points) * Fraction(margin) ** 2 <= radius


@pytest.mark.parametrize("order", [1, 2, np.inf])
def test_altered_certificates_are_refused(order: Any) -> None:
    yes = vc.fat_shatters(unit(2), 2, "1/2", ord=order).certificate.data
    no = vc.fat_shatters([[1, 0], [2, 0]], 1, "1/2", ord=order, bias=True).certificate
    no = no.data if no.check()["kind"].startswith("not") else None
    no = no or vc.fat_shatters(unit(2), 1, 5, ord=order).certificate.data
    changes = [
        (yes, lambda d: d["proof"].pop("01")),
        (yes, lambda d: d["proof"]["01"].__setitem__(0, ["9", "9"])),
        (yes, lambda d: d["proof"]["01"].__setitem__(0, ["0", "0"])),
        (yes, lambda d: d["proof"]["01"].__setitem__(1, "1/9")),
        (yes, lambda d: d["statement"].__setitem__("margin", "5")),
        (yes, lambda d: d["statement"].__setitem__("ord", 3)),
        (yes, lambda d: d["statement"].__setitem__("neuron", True)),
        (yes, lambda d: d["statement"].__setitem__("thresholds", ["1"])),
        (yes, lambda d: d.__setitem__("kind", "not fat-shattered")),
        (yes, lambda d: d.__setitem__("kind", "other")),
        (no, lambda d: d["statement"].__setitem__("bound", "100")),
        (no, lambda d: d["statement"].__setitem__("bound", "-1")),
        (no, lambda d: d["proof"].__setitem__(1, ["0"] * 2)),
        (no, lambda d: d["proof"].__setitem__(1, ["-1"] * 2)),
        (no, lambda d: d["proof"].__setitem__(0, "1")),
        (no, lambda d: d["proof"].__setitem__(0, "threshold")),
        (no, lambda d: d.__setitem__("kind", "fat-shattered")),
    ]
    for good, change in changes:
        data = deepcopy(good)
        change(data)
        with pytest.raises(CertificateError, match="refused"):
            vc.ShatteringCertificate(data).check()


def test_errors_of_fat_shattering() -> None:
    with pytest.raises(TooLarge, match="12 points"):
        vc.fat_shatters([[i] for i in range(13)], 1, 1)
    with pytest.raises(InvalidInput, match="positive"):
        vc.fat_shatters([[1]], 1, 0)
    with pytest.raises(InvalidInput, match="ord must be"):
        vc.fat_shatters([[1]], 1, 1, ord=3)
    with pytest.raises(InvalidInput, match="needs thresholds"):
        vc.fat_shatters([[1]], 1, 1, neuron=True)
    with pytest.raises(ShapeError, match="1 entries"):
        vc.fat_shatters([[1]], 1, 1, thresholds=[1, 2])


@settings(max_examples=25)
@given(st.lists(st.integers(-3, 3), min_size=1, max_size=4, unique=True), st.booleans(), st.data())
def test_pseudo_shattering_of_networks(points: list, neuron: bool, data: Any) -> None:
    """Every activation pattern, one exact system each."""
    levels = [data.draw(st.integers(-2, 2)) for _ in points]
    net = vc.Neuron(1) if neuron else vc.OneHidden(1, 1)
    found = vc.pseudo_shatters(net, [[p] for p in points], levels)
    proved = found.certificate.check()
    assert proved["kind"] == ("shattered" if found else "refuted")
    assert proved["thresholds"] == [str(t) for t in levels]

    def occurs(word: tuple) -> bool:
        signs = (1,) if neuron else (1, -1)
        for sign, pattern in product(signs, product((0, 1), repeat=len(word))):
            # Parameters w, b, c, s.
            rows, right = [[0, 0, 0, 1]], [1]
            for x, t, y, on in zip(points, levels, word, pattern, strict=True):
                rows.append([(1 if on else -1) * v for v in (x, 1, 0, 0)])
                right.append(0)
                value = [sign * on * x, sign * on, int(not neuron), -t]
                rows.append([(1 if y else -1) * v for v in value])
                right.append(int(y))
            if oracle.feasible(rows, right):
                return True
        return False

    assert found.shattered == all(map(occurs, product((0, 1), repeat=len(points))))


def test_altered_thresholds_are_refused() -> None:
    yes = vc.pseudo_shatters(vc.Neuron(1), [[0], [1]], [1, 1]).certificate.data
    no = vc.pseudo_shatters(vc.OneHidden(1, 1), [[0], [1], [2]], [0, 0, 0]).certificate.data
    for good, change in [
        (yes, lambda d: d["statement"].__setitem__("thresholds", ["50", "1"])),
        (yes, lambda d: d["statement"].__setitem__("thresholds", ["1"])),
        (yes, lambda d: d["proof"].pop("00")),
        (yes, lambda d: d["statement"]["architecture"].__setitem__("bias", False)),
        (no, lambda d: d["statement"].__setitem__("labeling", "000")),
        (no, lambda d: d["statement"].__setitem__("thresholds", ["0", "0"])),
    ]:
        data = deepcopy(good)
        change(data)
        with pytest.raises(CertificateError, match="refused"):
            vc.ShatteringCertificate(data).check()
    with pytest.raises(InvalidInput, match="no system"):
        vc.pseudo_shatters(vc.Unions(1, 1), [[0]], [0])
