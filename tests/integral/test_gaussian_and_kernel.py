"""Gaussian moments of ReLUs, the kernel's space, and exact network errors, by two routes each."""

from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq

from relu_theory import Box, ReluNetwork, integral
from relu_theory.errors import InvalidInput, ShapeError, TooLarge, Undecided
from relu_theory.integral import gaussian, rkhs

TABLE = [
    (("0", "0", "3/10"), 0.241372141918),
    (("1/2", "-1", "3/5"), 0.137568842292),
    (("-6/5", "-2/5", "-1/2"), 0.001203951987),
    (("1", "2", "9/10"), 2.923845961252),
]


@pytest.mark.parametrize(("arguments", "expected"), TABLE)
def test_products(arguments: tuple, expected: float) -> None:
    ball = gaussian.relu_product(*arguments)
    assert float(ball) == pytest.approx(expected, abs=1e-12)
    assert float(ball.rad()) < 1e-20


def test_products_without_bias_are_the_arc_cosine_kernel() -> None:
    rho = arb(fmpq(3, 10))
    kernel = ((1 - rho * rho).sqrt() + rho * (arb.pi() - rho.acos())) / (2 * arb.pi())
    assert gaussian.relu_product(0, 0, "3/10").overlaps(kernel)


@pytest.mark.parametrize("t", ["0", "1/2", "-2"])
def test_degenerate_correlations(t: str) -> None:
    minus = Fraction(t) * -1
    assert gaussian.relu_product(minus, minus, 1).overlaps(gaussian.relu_square(t))
    z = (np.arange(400000) + 0.5) / 20000 - 10
    density = np.exp(-z * z / 2) / np.sqrt(2 * np.pi) / 20000
    both = np.maximum(z - float(Fraction(t)), 0) * np.maximum(1 - z, 0)
    ball = gaussian.relu_product(minus, 1, -1)
    assert float(ball) == pytest.approx((both * density).sum(), abs=1e-8)
    mean = (np.maximum(z - float(Fraction(t)), 0) * density).sum()
    assert float(gaussian.relu_mean(t)) == pytest.approx(mean, abs=1e-8)


def test_gaussian_distance() -> None:
    first = ReluNetwork([[[1, 2], [-1, 1], [0, 0]], [[1, -2, 1]]], [[1, 0, 2], ["1/2"]])
    second = ReluNetwork([[[1, 0]]], [[1]])
    rng = np.random.default_rng(0)
    x = rng.standard_normal((400000, 2))
    gaps = (first.forward(x) - second.forward(x))[:, 0] ** 2
    ball = gaussian.gaussian_distance(first, second)
    assert abs(gaps.mean() - float(ball)) < 4 * gaps.std() / 400000**0.5
    assert gaussian.gaussian_distance(first, first).contains(0)
    with pytest.raises(ShapeError, match="as many inputs"):
        gaussian.gaussian_distance(first, ReluNetwork([[[1]]], [[1]]))
    with pytest.raises(InvalidInput, match="rho must lie"):
        gaussian.relu_product(0, 0, 2)


def test_kernel_space() -> None:
    assert rkhs.squared_norm("x**3*y**2") == 12
    assert rkhs.inner_product("x*y", "x + y", ["x", "y"]) == 0
    _, proof = rkhs.isometry("x**4*y - y**3/2")
    assert not proof.failures
    found = rkhs.interpolate([[0, 0], [1, 0], [0, "1/2"]], [0, 1, 0])
    # f = x takes the same values and has norm 1.
    assert found.squared_norm < 1
    assert found.evaluate([1, 0]).contains(1)
    with pytest.raises(InvalidInput, match="different"):
        rkhs.interpolate([[1], [1]], [0, 1])
    with pytest.raises(ShapeError, match="one entry per point"):
        rkhs.interpolate([[1]], [0, 1])
    with pytest.raises(Undecided, match="not visibly regular"):
        rkhs.interpolate([[0], ["1/1000000"], ["2/1000000"]], [0, 1, 0], bits=30)


def test_network_errors_are_exact() -> None:
    net = ReluNetwork([[[1, 1], [1, -1], [0, 2]], [[1, -1, "1/2"]]], [[0, "1/3", -1], [0]])
    box = Box([-1, 0], [1, 1])
    error = integral.squared_error(net, "x**2*y - y", box, ["x", "y"])
    nodes = (np.arange(1500) + 0.5) / 1500
    x, y = np.meshgrid(2 * nodes - 1, nodes)
    values = net.forward(np.stack([x.ravel(), y.ravel()], axis=1))[:, 0]
    gaps = (values - (x**2 * y - y).ravel()) ** 2
    assert float(error) == pytest.approx(gaps.mean(), rel=1e-5)
    same = ReluNetwork([[[2, -3]]], [[1]])
    assert integral.squared_error(same, "2*x - 3*y + 1", box) == 0
    with pytest.raises(InvalidInput, match="positive volume"):
        integral.squared_error(net, "x*y", Box([0, 0], [0, 1]))
    with pytest.raises(InvalidInput, match="as many inputs"):
        integral.squared_error(net, "x", box)


def test_a_cube_in_space() -> None:
    net = ReluNetwork([[[1, 1, 1]], [[1]]], [[0], [0]])
    # By symmetry the error against (x + y + z)/2 is the mean of ((x + y + z)/2)^2.
    assert integral.squared_error(net, "(x + y + z)/2", Box([-1] * 3, [1] * 3)) == Fraction(1, 4)


def test_discretisation() -> None:
    box = Box([-1], [1])
    found = integral.discretise("x**3", 6, box)
    again = integral.squared_error(found.network, "x**3", box)
    assert found.neurons <= 6
    assert found.squared_error == again < Fraction(1, 1000)
    least = integral.discretise("x**2", 6, box, method="min-norm")
    assert least.squared_error < Fraction(1, 100)
    assert integral.discretise("2*x + 1", 3, box).squared_error < Fraction(1, 10**20)
    with pytest.raises(InvalidInput, match="method must be"):
        integral.discretise("x", 3, box, method="best")
    with pytest.raises(TooLarge, match="at most 3"):
        integral.discretise("x", 3, Box([0] * 4, [1] * 4))
    with pytest.raises(InvalidInput, match="must be a Box"):
        integral.discretise("x", 3, None)
