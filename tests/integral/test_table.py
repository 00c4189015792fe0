"""The table of forms and distributions in the documentation of the package, cell by cell."""

import itertools
from typing import Any

import numpy as np
import pytest
from flint import arb

from relu_theory import Ball, Box, integral
from relu_theory.errors import InvalidInput, TooLarge
from relu_theory.integral import PiNumber, Points, StandardGaussian, UniformSphere
from relu_theory.integral.distributions import as_distribution

NAMES = ["x", "y", "z", "u"]
COLUMNS = ["Points", "sphere", "ball", "Gaussian", "box, d=1", "box, d=2,3", "box, d>3"]
EXAMPLES = {"funk-hecke": ("x**2", "x*y"), "fourier": ("cos(x)", "cos(x + 2*y)"),
            "taylor": ("x**3 - x**2", "")}  # fmt: skip
OPTIONS = {"hermite": {"rate": "1/8"}, "hermite-fixed": {"bias": "1/2"}}


def rows() -> list[list[str]]:
    lines = (integral.__doc__ or "").splitlines()
    _, first, last = (i for i, line in enumerate(lines) if "===" in line)
    cells = [line.replace("(d=1)", "").split() for line in lines[first + 1 : last]]
    assert all(len(row) == 1 + len(COLUMNS) for row in cells)
    return cells


def laws(column: str) -> list[Any]:
    if column == "Points":
        return [Points([["3/5", "4/5"], [0, 1]])]
    if column in ("sphere", "ball", "Gaussian"):
        make = {"sphere": UniformSphere, "ball": lambda d: Ball([0] * d, 1),
                "Gaussian": StandardGaussian}[column]  # fmt: skip
        return [make(d) for d in (2, 3, 4)]
    sizes = {"box, d=1": (1,), "box, d=2,3": (2, 3), "box, d>3": (4,)}[column]
    return [Box([-0.25] * d, ["1/2"] * d) for d in sizes]


def kind(rep: Any, law: Any) -> str:
    try:
        value = rep.expected_error(3, law)
    except TooLarge:
        return "refused"
    except InvalidInput:
        return "refused"
    if isinstance(value, PiNumber):
        return "closed"
    assert isinstance(value, arb)
    if not value.is_finite():
        return "infinite"
    assert value.rad() < abs(value) * arb("1e-15")
    return "enclosed"


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_every_cell(row: list[str]) -> None:
    form, *cells = row
    for column, cell in zip(COLUMNS, cells, strict=True):
        if cell == "none":
            continue
        given = laws(column)
        if form == "taylor" and column != "box, d=1":
            given = {"Points": [Points([["1/2"]])], "sphere": [UniformSphere(1)],
                     "ball": [Ball([0], 1)], "Gaussian": [StandardGaussian(1)]}[column]  # fmt: skip
        for law in given:
            d = as_distribution(law, law.dim).dim
            expr = EXAMPLES.get(form, ("x**3", "x**2*y + x*y"))[d > 1]
            rep = integral.represent(expr, form, NAMES[:d], **OPTIONS.get(form, {}))
            assert kind(rep, law) == cell, (form, column, law)


def test_the_table_names_every_form() -> None:
    assert [row[0] for row in rows()] == list(integral.FORMS)


def test_the_notes_below_the_table() -> None:
    circle = UniformSphere(2)
    assert kind(integral.represent("x*y", "hermite-fixed", NAMES[:2]), circle) == "closed"
    cube = Box([-0.5] * 4, [0.5] * 4)
    assert kind(integral.represent("x*y*z", "spherical", NAMES), cube) == "closed"
    odd = Points([["1/2", "1/4"]])
    assert kind(integral.represent("x**2*y + x*y", "spherical", NAMES[:2]), odd) == "enclosed"
    steep = integral.represent("x*y", "hermite", NAMES[:2], rate=1)
    assert kind(steep, StandardGaussian(2)) == "infinite"
    smooth = integral.represent("exp(-x**2)", "fourier", ["x"])
    assert kind(smooth, Box([-1], [1])) == "refused"
    with pytest.raises(TooLarge, match="at most 3 dimensions"):
        integral.represent("x*y", "hermite", NAMES).expected_error(1, cube)
    assert integral.represent("x*y", "hermite", NAMES).bound(1, cube) > 0


@pytest.mark.parametrize("form", ["hermite", "exponential"])
@pytest.mark.parametrize(
    ("low", "high"),
    [([0, -0.5, 0.25], [0.5, 0.5, 0.75]), ([0.25, 0.5], [0.75, 1])],
)
def test_boxes_against_gauss_points(form: str, low: list[float], high: list[float]) -> None:
    """A tensor rule over Points, whose errors have a closed formula, against the series."""
    d = len(low)
    rep = integral.represent("x**2*y + x", form, NAMES[:d], rate="1/4")
    nodes, weights = np.polynomial.legendre.leggauss(3)
    total = 0.0
    for index in itertools.product(range(3), repeat=d):
        at = [(high[i] - low[i]) * (nodes[k] + 1) / 2 + low[i] for i, k in enumerate(index)]
        mass = np.prod([weights[k] / 2 for k in index])
        total += mass * float(rep.expected_error(1, Points([at])))
    assert float(rep.expected_error(1, Box(low, high))) == pytest.approx(total, rel=5e-3)


def test_moments_of_negative_and_odd_powers() -> None:
    from relu_theory.integral.box_moments import BoxMoments

    box = BoxMoments([arb(0).fmpq(), arb("-0.5").fmpq()], [arb(1).fmpq(), arb(2).fmpq()], 100)
    nodes, weights = np.polynomial.legendre.leggauss(60)
    # Polar coordinates about the origin would be exact; a fine rule on four parts suffices here.
    for e, s in [((4, 0), -3), ((2, 2), -4), ((3, 1), -2), ((1, 2), -1), ((0, 0), 3), ((5, 2), -6)]:
        total = 0.0
        for a, b in [(-0.5, 0), (0, 0.05), (0.05, 0.5), (0.5, 2)]:
            for c, f in [(0, 0.05), (0.05, 0.4), (0.4, 1)]:
                x = c + (f - c) * (nodes[:, None] + 1) / 2
                y = a + (b - a) * (nodes[None, :] + 1) / 2
                values = x ** e[0] * y ** e[1] * (x**2 + y**2) ** (s / 2)
                total += (weights @ values @ weights) / 4 * (b - a) * (f - c)
        assert float(box.mean(e, s)) == pytest.approx(total / 2.5, rel=1e-6), (e, s)
