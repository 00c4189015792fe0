"""Kernel interpolation beside sampled networks: known values, simulation, numpy, bounds."""

from typing import Any

import numpy as np
import pytest
from flint import arb, fmpq

from relu_theory import Ball, Box, integral
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.integral import Points, Polynomial, StandardGaussian, UniformSphere, rkhs
from relu_theory.integral.distributions import as_distribution
from relu_theory.integral.laplace import exponential_mean, square_exponential_mean

LAWS = [Box([-1, 0, 0], [1, 1, "1/2"]), Ball([0, 0, 0], 2), UniformSphere(3), StandardGaussian(3),
        Points([[1, 0, 1], [0, "1/2", 0]])]  # fmt: skip


def test_a_line_through_two_points() -> None:
    """f = x at -1 and 1: s = sinh(x)/sinh(1), |s|^2 = 1/sinh(1); its error is elementary."""
    found = rkhs.interpolate([[-1], [1]], [-1, 1])
    one = arb(1)
    assert found.squared_norm.overlaps(1 / one.sinh())
    square = (arb(2).sinh() / 2 - 1) / 2
    cross = one.cosh() - one.sinh()
    expected = arb(fmpq(1, 3)) - 2 * cross / one.sinh() + square / one.sinh() ** 2
    error = found.squared_error("x", Box([-1], [1]))
    assert error.overlaps(expected)
    assert error.rad() < arb("1e-60")
    # On the two points the error is zero, at 0 it is (0 - 0)^2.
    assert found.squared_error("x", UniformSphere(1)).contains(0)
    # P(0)^2 = 1 - (1, 1) K^-1 (1, 1) with K = [[e, 1/e], [1/e, e]]: 1 - 1/cosh(1).
    bound = found.bound("x", Points([[0]]))
    assert bound.overlaps((1 - 1 / one.sinh()) * (1 - 1 / one.cosh()))


def test_constants_at_the_origin() -> None:
    found = rkhs.interpolate([[0, 0]], [2])
    assert found.squared_norm.contains(4)
    assert found.squared_error("2 + x", UniformSphere(2), ["x", "y"]).contains(fmpq(1, 2))
    assert found.squared_error("2 + x", StandardGaussian(2), ["x", "y"]).contains(1)


@pytest.mark.parametrize("law", LAWS, ids=lambda v: type(v).__name__)
def test_exponential_means_against_a_sample(law: Any) -> None:
    x, z = Polynomial.variables(2)
    law = as_distribution(law, 3)
    a = [fmpq(1, 2), fmpq(-1), fmpq(1, 3)]
    value = exponential_mean(x * x * z + x * 2 + 1, (0, 2), a, law)
    points = law.draw(200_000, np.random.default_rng(1))
    values = (points[:, 0] ** 2 * points[:, 2] + 2 * points[:, 0] + 1) * np.exp(
        points @ [0.5, -1, 1 / 3]
    )
    assert abs(float(value) - values.mean()) < 4 * values.std() / len(values) ** 0.5
    assert value.rad() < arb("1e-13")
    damped = square_exponential_mean(x * x, (0, 2), fmpq(-1, 2), law)
    values = points[:, 0] ** 2 * np.exp(-(points**2).sum(axis=1) / 2)
    assert abs(float(damped) - values.mean()) < 4 * values.std() / len(values) ** 0.5


@pytest.mark.parametrize("law", LAWS[:4], ids=lambda v: type(v).__name__)
def test_errors_against_numpy(law: Any) -> None:
    law, names = as_distribution(law, 3), ["x", "y", "z"]
    nodes = law.draw(6, np.random.default_rng(3)) / 4
    found = rkhs.interpolate(nodes.tolist(), (nodes[:, 0] * nodes[:, 1]).tolist())
    points = law.draw(100_000, np.random.default_rng(2))
    kernel = np.exp(nodes @ nodes.T)
    c = np.linalg.solve(kernel, nodes[:, 0] * nodes[:, 1])
    gaps = (points[:, 0] * points[:, 1] - np.exp(points @ nodes.T) @ c) ** 2
    error = found.squared_error("x*y", law, names)
    assert abs(float(error) - gaps.mean()) < 4 * gaps.std() / len(gaps) ** 0.5


def test_comparison_with_networks() -> None:
    box, names = Box([-1, -1], [1, 1]), ["x", "y"]
    rows = integral.compare_with_kernel("x*y + x", [2, 8, 16], box, np.random.default_rng(0), names,
                                        rate="1/4")  # fmt: skip
    form = integral.represent("x*y + x", "exponential", names, rate="1/4")
    for row in rows:
        assert row.kernel <= row.kernel_bound
        assert row.captured <= 1
        assert row.network.overlaps(form.expected_error(row.size, box, bits=256))
        assert row.waves < row.network
    assert rows[0].captured < rows[1].captured < rows[2].captured
    assert rows[2].kernel < rows[2].waves / 100


def test_sampled_waves_against_simulation() -> None:
    ball, rng = Ball([0, 0], "1/2"), np.random.default_rng(5)
    (row,) = integral.compare_with_kernel("x*y", [3], ball, rng)
    law, errors = as_distribution(ball, 2), []
    for _ in range(4000):
        w, x = rng.standard_normal((3, 2)), law.draw(20, rng)
        terms = np.exp(x @ w.T - (x**2).sum(axis=1)[:, None] / 2) * (w[:, 0] * w[:, 1])
        errors.append(np.mean((terms.mean(axis=1) - x[:, 0] * x[:, 1]) ** 2))
    assert abs(np.mean(errors) - float(row.waves)) < 4 * np.std(errors) / len(errors) ** 0.5


def test_refusals() -> None:
    found = rkhs.interpolate([[0], [1]], [0, 1])
    with pytest.raises(InvalidInput, match="interpolated values"):
        found.bound("x + 1", Box([0], [1]))
    with pytest.raises(ShapeError, match="dimension 2, the points 1"):
        found.squared_error("x*y", Box([0, 0], [1, 1]))
    with pytest.raises(InvalidInput, match="positive number of neurons"):
        integral.compare_with_kernel("x", [0], Box([0], [1]), np.random.default_rng(0))
    zero = integral.compare_with_kernel("0", [2], Box([0], [1]), np.random.default_rng(0), ["x"])
    assert zero[0].kernel.contains(0)
