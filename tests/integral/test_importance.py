"""E|C| on spheres: known answers and simulation; every scheme that is not refused is unbiased."""

from typing import Any

import numpy as np
import pytest
import sympy
from flint import arb

from relu_theory import integral
from relu_theory.errors import InvalidInput
from relu_theory.integral import UniformSphere
from relu_theory.integral.absolute import sphere_absolute_mean
from relu_theory.integral.polynomial import Polynomial

X, Y, Z = Polynomial.variables(3)
U, V = Polynomial.variables(2)


def test_known_means() -> None:
    pi = arb.pi()
    known = [(U * U - V * V, 2, 2 / pi), (X * X - Y * Y, 3, 4 / (3 * pi)),
             (X * Y * Z, 3, 1 / (4 * pi)), (U * U + V * V * 3, 5, arb(4) / 5),
             (X * 2 + Y * 2 - Z, 3, arb(3) / 2)]  # fmt: skip
    for c, n, value in known:
        found = sphere_absolute_mean(c, n)
        assert found.overlaps(value)
        assert found.rad() < 1e-13


@pytest.mark.parametrize(
    ("c", "n"), [(U * V * (U - V), 5), (X * X * Y * 15 - Y * 3, 3), (U * U * 5 - V * V * 3, 4)]
)
def test_means_against_simulation(c: Any, n: int) -> None:
    w = np.random.default_rng(1).standard_normal((200_000, n))
    w /= np.linalg.norm(w, axis=1, keepdims=True)
    values = np.abs(c.float_values(w[:, : c.size]))
    error = values.std() / np.sqrt(len(values))
    assert abs(float(sphere_absolute_mean(c, n)) - values.mean()) < 4 * error


FUNCTIONS = [("x**2*y", "x y"), ("x**2 - y**2", "x y"), ("x**2*y", "x y z"), ("x*y*z", "x y z"),
             ("x**3", "x y z")]  # fmt: skip


@pytest.mark.parametrize("importance", ["iid", "stratified", "qmc", "optimal"])
@pytest.mark.parametrize(("expr", "names"), FUNCTIONS)
def test_samples_are_unbiased(expr: str, names: str, importance: str) -> None:
    rep = integral.represent(expr, "spherical", names.split())
    law, rng = UniformSphere(rep.inputs), np.random.default_rng(3)
    point = np.array([[0.6, 0.48, 0.64]])[:, : rep.inputs]
    want = float(sympy.lambdify(names.split(), expr)(*point[0]))
    values = [float(rep.sample(512, rng, importance, law).forward(point)[0, 0])
              for _ in range(40)]  # fmt: skip
    error = np.std(values) / np.sqrt(len(values))
    assert error < 0.1
    assert abs(np.mean(values) - want) < 4 * error


def test_means_that_are_only_bounded() -> None:
    """No sample is drawn with an unknown normalisation; the error is enclosed, not tightly."""
    rep, law = integral.represent("x*y*z + x**3", "spherical", list("xyzt")), UniformSphere(4)
    with pytest.raises(InvalidInput, match="needs E"):
        rep.sample(3, np.random.default_rng(0), "optimal", law)
    error = rep.expected_error(3, law, importance="optimal")
    w = law.draw(200_000, np.random.default_rng(0))
    mean = np.abs(rep.terms[0].c.float_values(rep.law.visible(w))).mean()
    # The error is (kappa E|C|)^2 - |f|^2, over m; on R^3, where E|C| is known, so is kappa.
    known = integral.represent("x*y*z", "spherical", list("xyzt"))
    scale = float(known.expected_error(1, law, importance="optimal")) + float(known._signal(law))
    unit = np.abs(known.terms[0].c.float_values(known.law.visible(w))).mean()
    value = (scale * (mean / unit) ** 2 - float(rep._signal(law))) / 3
    assert error.contains(arb(value))
    assert float(error.rad()) < 1.2 * value
    assert float(error.lower()) < float(rep.expected_error(3, law))


def test_curves_that_cross_themselves_have_no_tight_mean() -> None:
    assert sphere_absolute_mean(X**4 - Y**4 * 2 + X * Y * Z * Z * 3, 3) is None
