"""The figures of integral representations: their data are those of the exact formulas."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from relu_theory import integral
from relu_theory.figures import digest, integral_density, integral_errors, integral_kernel


def test_errors() -> None:
    data = integral_errors.data(np.random.default_rng(0), True)
    rep = integral.represent("x**2*y", "spherical", ["x", "y"])
    expected = float(rep.expected_error(4, integral.UniformSphere(2))) ** 0.5
    assert data["forms"][0]["exact"][0] == pytest.approx(expected)
    found = data["forms"] + data["others"]
    assert {form["form"] for form in found} == set(integral.FORMS)
    for form in found:
        exact = np.log(form["exact"])
        assert np.allclose(np.diff(exact) / np.diff(np.log(data["sizes"])), -0.5)
        if form["form"] not in ("hermite", "hermite-fixed", "exponential"):
            assert abs(form["slope"] + 0.5) < 0.15
            assert np.allclose(form["simulated"], form["exact"], rtol=0.35)
    curves = {c["form"]: c["error"] for c in data["dimensions"]}
    assert max(curves["hermite"]) == pytest.approx(min(curves["hermite"]))
    assert max(curves["spherical"]) > 10 * min(curves["spherical"])
    fig = Figure(figsize=integral_errors.SIZE)
    integral_errors.draw(data, fig)
    assert len(fig.axes) == 3
    assert len(digest(data)) == 64


def test_density() -> None:
    data = integral_density.data(np.random.default_rng(0), True)
    assert np.allclose(data["weight"].max(), np.abs(data["weight"]).max())
    assert set(np.asarray(data["sign"])) <= {-1.0, 1.0}
    gaps = (np.asarray(data["network"]) - data["polynomial"]) ** 2
    ends = np.ones(len(gaps))
    ends[[0, -1]] = 0.5
    mean = np.average(np.average(gaps, axis=0, weights=ends), weights=ends)
    assert mean == pytest.approx(float(data["squared_error"]), rel=0.02)
    fig = Figure(figsize=integral_density.SIZE)
    integral_density.draw(data, fig)
    assert str(data["neurons"]) in fig.axes[2].get_title()
    assert len(digest(data)) == 64


def test_kernel() -> None:
    data = integral_kernel.data(np.random.default_rng(0), True)
    for panel in data["panels"]:
        curves = panel["curves"]
        assert np.all(np.asarray(curves["kernel"]) <= curves["kernel_bound"])
        assert np.allclose(np.asarray(curves["network"]) * data["sizes"], curves["network"][0])
        assert curves["captured"] == sorted(curves["captured"])
    fig = Figure(figsize=integral_kernel.SIZE)
    integral_kernel.draw(data, fig)
    assert len(fig.axes) == len(data["panels"])
    assert len(digest(data)) == 64
