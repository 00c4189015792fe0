"""Expected errors: known answers, simulation, an independent grid, and bounds."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb, fmpq

from relu_theory import Ball, Box, integral
from relu_theory.errors import InvalidInput, ShapeError, TooLarge
from relu_theory.integral import Points, StandardGaussian, UniformSphere
from relu_theory.integral.distributions import as_distribution
from tests.integral import oracle

x, y, z, t = sympy.symbols("x y z t")
MIXED = x**2 * y + x * y - x + 1


def simulated(rep: Any, law: Any, expr: Any, symbols: list, runs: int, importance: str = "iid",
              m: int = 4) -> tuple[float, float]:  # fmt: skip
    """Mean and standard error of |f - f_m|^2 over independent networks."""
    rng = np.random.default_rng(7)
    law, f = as_distribution(law, rep.inputs), sympy.lambdify(symbols, expr, "numpy")
    errors = []
    for _ in range(runs):
        points = law.draw(100, rng)
        net = rep.sample(m, rng, importance, law)
        errors.append(np.mean((net.forward(points)[:, 0] - f(*points.T)) ** 2))
    return float(np.mean(errors)), float(np.std(errors) / np.sqrt(runs))


def test_squares_on_the_unit_interval() -> None:
    rep = integral.represent(t**2, "taylor", interval=(0, 1))
    box = Box([0], [1])
    assert rep.expected_error(1, box).fraction == Fraction(2, 15)
    assert rep.expected_error(7, box).fraction == Fraction(2, 105)
    best = rep.expected_error(1, box, importance="optimal")
    assert best.contains(fmpq(1, 75))
    assert float(best.rad()) < 1e-12


LAWS = [UniformSphere(3), Ball([0, 0, 0], 1), Box([-0.5] * 3, [0.5] * 3),
        Points([[0.5, 0.5, 0], [0, -0.25, 0.5]])]  # fmt: skip


@pytest.mark.parametrize("law", LAWS, ids=lambda v: type(v).__name__)
@pytest.mark.parametrize("form", ["spherical", "harmonic"])
def test_simulation_on_the_ball(form: str, law: Any) -> None:
    rep = integral.represent(MIXED, form, [x, y, z])
    expected = float(rep.expected_error(4, law))
    mean, error = simulated(rep, law, MIXED, [x, y, z], 150)
    assert abs(mean - expected) < 4 * error
    assert rep.expected_error(4, law) <= rep.bound(4, law)


@pytest.mark.parametrize(
    ("form", "law"),
    [("taylor", Box([-1], [1])), ("taylor", UniformSphere(1)), ("taylor", Ball([0], 1)),
     ("taylor", Points([["1/2"], ["-1/3"]]))],
)  # fmt: skip
def test_simulation_in_one_dimension(form: str, law: Any) -> None:
    expr = t**3 - t**2 / 2 + 3
    rep = integral.represent(expr, form)
    expected = float(rep.expected_error(4, law))
    mean, error = simulated(rep, law, expr, [t], 250)
    assert abs(mean - expected) < 4 * error
    assert rep.expected_error(4, law) <= rep.bound(4, law)


@pytest.mark.parametrize(
    ("form", "law"),
    [("hermite", UniformSphere(2)), ("hermite", Ball([0, 0], "1/2")), ("hermite-fixed", None),
     ("funk-hecke", None), ("exponential", Ball([0, 0], "1/3"))],
)  # fmt: skip
def test_simulation_of_gaussian_forms(form: str, law: Any) -> None:
    expr = x * y + x**2
    law = law or UniformSphere(2)
    options = {"rate": "1/4"} if form in ("hermite", "exponential") else {}
    rep = integral.represent(expr, form, [x, y], **options)
    expected = float(rep.expected_error(4, law))
    mean, error = simulated(rep, law, expr, [x, y], 1500)
    assert abs(mean - expected) < 4 * error
    assert rep.expected_error(4, law) <= rep.bound(4, law)


@pytest.mark.parametrize("form", ["hermite", "exponential"])
def test_simulation_in_a_box_of_space(form: str) -> None:
    rep = integral.represent(x * y + z**2, form, [x, y, z], rate="1/4")
    box = Box([0] * 3, ["1/4"] * 3)
    expected = rep.expected_error(4, box)
    assert expected.rad() < arb("1e-15")
    mean, error = simulated(rep, box, x * y + z**2, [x, y, z], 1500)
    assert abs(mean - float(expected)) < 4 * error
    assert expected <= rep.bound(4, box)


@pytest.mark.parametrize(("form", "top"), [("spherical", 1), ("hermite", 14), ("exponential", 14)])
def test_second_moment_against_a_grid(form: str, top: float) -> None:
    rep = integral.represent(x**2 * y, form, [x, y])
    point = [0.5, 0.75]
    value = float(rep.second_moment(point))
    multiplier = np.exp(-(0.5**2 + 0.75**2)) if form == "exponential" else 1
    assert value == pytest.approx(multiplier * oracle.second_moment(rep, point, top), rel=2e-3)


def test_boxes_agree_with_averages_of_points() -> None:
    rep = integral.represent(x**2 * y, "hermite", [x, y], rate="1/2")
    nodes, weights = np.polynomial.legendre.leggauss(6)
    total = 0.0
    for a, p in zip(nodes, weights, strict=True):
        for b, q in zip(nodes, weights, strict=True):
            total += p * q / 4 * float(rep.expected_error(3, Points([[a, b]])))
    assert float(rep.expected_error(3, Box([-1, -1], [1, 1]))) == pytest.approx(total, rel=1e-3)


def test_odd_powers_of_the_radius_on_a_box() -> None:
    rep = integral.represent(x**2 + x * y + y * x**2, "spherical", [x, y, z], radius=2)
    box = Box([0, "-1/2", "1/4"], [1, 1, "3/4"])
    nodes, weights = np.polynomial.legendre.leggauss(5)
    total = 0.0
    for i, p in enumerate(weights):
        for j, q in enumerate(weights):
            for k, r in enumerate(weights):
                at = [(nodes[i] + 1) / 2, 0.25 + 0.75 * nodes[j], 0.5 + 0.25 * nodes[k]]
                total += p * q * r / 8 * float(rep.expected_error(1, Points([at])))
    value = rep.expected_error(1, box)
    assert isinstance(value, arb)
    assert float(value) == pytest.approx(total, rel=1e-4)


def test_gaussian_inputs() -> None:
    rep = integral.represent(x * y, "hermite", [x, y], rate="1/4")
    value = rep.expected_error(1, StandardGaussian(2))
    # The mean over the radius of the error on spheres, by a fine sum.
    radii = (np.arange(60) + 0.5) * 0.1
    values = [float(rep.expected_error(1, UniformSphere(2, Fraction(r)))) for r in radii]
    total = sum(v * r * np.exp(-r * r / 2) * 0.1 for v, r in zip(values, radii, strict=True))
    assert float(value) == pytest.approx(total, rel=1e-3)
    steep = integral.represent(x * y, "hermite", [x, y])
    assert float(steep.expected_error(1, StandardGaussian(2))) == float("inf")


def test_waves() -> None:
    expr = sympy.cos(x + 2 * y) + sympy.sin(x) / 2
    rep = integral.represent(expr, "fourier", [x, y])
    for law in (Box([-1, -1], [1, "1/2"]), Points([["1/2", 1], [0, "-1/3"]])):
        expected = float(rep.expected_error(4, law))
        mean, error = simulated(rep, law, expr, [x, y], 500)
        assert abs(mean - expected) < 4 * error
        assert rep.expected_error(4, law) <= rep.bound(4, law)
    smooth = integral.represent(sympy.exp(-(x**2)), "fourier", [x])
    with pytest.raises(InvalidInput, match="Gaussian envelopes"):
        smooth.expected_error(1, Box([-1], [1]))
    assert smooth.bound(1, Box([-1], [1])) > 0
    with pytest.raises(InvalidInput, match="cube of radius 1"):
        rep.expected_error(1, Box([-2, -1], [1, 1]))
    with pytest.raises(InvalidInput, match="Box or Points"):
        rep.expected_error(1, UniformSphere(2))


@pytest.mark.parametrize("importance", ["optimal", "qmc"])
def test_better_schemes(importance: str) -> None:
    law = UniformSphere(2)
    rep = integral.represent(x**2 * y, "spherical", [x, y])
    naive = float(rep.expected_error(16, law))
    mean, error = simulated(rep, law, x**2 * y, [x, y], 120, importance, m=16)
    assert mean + 4 * error < naive
    if importance == "optimal":
        expected = float(rep.expected_error(16, law, importance="optimal"))
        assert abs(mean - expected) < 4 * error


@pytest.mark.parametrize("importance", ["stratified", "qmc"])
def test_stratified_knots_converge_faster(importance: str) -> None:
    rep, box = integral.represent(t**2, "taylor"), Box([-1], [1])
    mean, error = simulated(rep, box, t**2, [t], 60, importance, m=64)
    assert 10 * (mean + 4 * error) < float(rep.expected_error(64, box))


def test_optimal_sampling_in_one_dimension() -> None:
    rep, box = integral.represent(t**2, "taylor", interval=(0, 1)), Box([0], [1])
    mean, error = simulated(rep, box, t**2, [t], 400, "optimal", m=8)
    assert abs(mean - 1 / 600) < 4 * error
    with pytest.raises(InvalidInput, match="needs distribution"):
        rep.sample(3, np.random.default_rng(0), "optimal")


def test_refusals() -> None:
    rep = integral.represent(MIXED, "spherical", [x, y, z])
    rng = np.random.default_rng(0)
    with pytest.raises(InvalidInput, match="larger radius"):
        rep.expected_error(1, StandardGaussian(3))
    with pytest.raises(InvalidInput, match="larger radius"):
        rep.expected_error(1, Box([-1] * 3, [1] * 3))
    with pytest.raises(ShapeError, match="dimension 2"):
        rep.expected_error(1, UniformSphere(2))
    with pytest.raises(InvalidInput, match="must be a Box"):
        rep.expected_error(1, "sphere")
    with pytest.raises(InvalidInput, match="centred at 0"):
        rep.expected_error(1, Ball([1, 0, 0], 1))
    with pytest.raises(InvalidInput, match="positive number of neurons"):
        rep.expected_error(0, UniformSphere(3))
    with pytest.raises(InvalidInput, match="importance must be"):
        rep.sample(3, rng, "best")
    with pytest.raises(InvalidInput, match="'iid' or 'optimal'"):
        rep.expected_error(3, UniformSphere(3), importance="qmc")
    with pytest.raises(InvalidInput, match="one homogeneous part"):
        rep.expected_error(3, UniformSphere(3), importance="optimal")
    with pytest.raises(InvalidInput, match="positive volume"):
        rep.expected_error(1, Box([0] * 3, [0] * 3))
    with pytest.raises(InvalidInput, match="with sum 1"):
        Points([[1]], [2])
    with pytest.raises(ShapeError, match="non-empty"):
        Points([])
    with pytest.raises(InvalidInput, match="positive integer"):
        StandardGaussian(0)
    wide = integral.represent(x**2 * y + x * y, "spherical", sympy.symbols("x y u v"))
    with pytest.raises(TooLarge, match="at most 3 dimensions"):
        wide.expected_error(1, Box([-0.25] * 4, [0.25] * 4))
    fixed = integral.represent(x**2, "hermite-fixed", [x, y])
    with pytest.raises(InvalidInput, match="unit sphere"):
        fixed.expected_error(1, UniformSphere(2, 2))


@pytest.mark.parametrize("form", ["hermite", "exponential"])
def test_the_dimension_does_not_enter(form: str) -> None:
    """At fixed |x| and fixed coefficients the bound is the same number in every dimension."""
    bounds, errors = [], []
    for d in (2, 5, 20, 50):
        v = sympy.symbols(f"v1:{d + 1}")
        rep = integral.represent(v[0] ** 2 * v[1], form, v)
        point = Points([["3/5", "4/5", *[0] * (d - 2)]])
        bounds.append(float(rep.bound(1, point)))
        errors.append(float(rep.expected_error(1, point)))
    assert max(bounds) == pytest.approx(min(bounds), rel=1e-12)
    assert max(errors) == pytest.approx(min(errors), rel=1e-12)
    assert max(errors) < min(bounds)


def test_total_variation() -> None:
    two = integral.represent(x**2, "spherical", [x, y]).total_variation()
    # g = 4 (6 w^2 - 2) / 2 over the circle and b in [0, 1]; by a fine sum.
    angle = 2 * np.pi * np.arange(100000) / 100000
    rep = integral.represent(x**2, "spherical", [x, y])
    g = sympy.lambdify(sympy.symbols("w1 w2", real=True), rep.weight(), "numpy")
    assert float(two.lower) == pytest.approx(np.abs(g(np.cos(angle), np.sin(angle))).mean(), 1e-6)
    assert two.upper - two.lower < Fraction(1, 10**6)
    mixed = integral.represent(MIXED, "spherical", [x, y, z]).total_variation()
    assert 0 < mixed.lower < mixed.upper
    assert integral.represent(x**2, "hermite").total_variation().lower == float("inf")
    assert integral.represent(x, "spherical").total_variation().upper == 0
    line = integral.represent(t**3, "taylor").total_variation()
    assert line.lower <= 6 <= line.upper
