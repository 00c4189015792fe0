"""Sampled representations of x^2 y: error against the number of neurons and against the dimension.

Left, on the unit circle: means over independent networks (points), exact expectations (lines); the
dashed line is the best importance law (biases of unbounded laws have heavy tails, so the points of
those forms scatter). Right, at one unit vector with the coefficients of
x_1^2 x_2 in R^d: exact expected errors of one neuron.
"""

from typing import Any

import numpy as np

from relu_theory import integral

SIZE = (10.0, 4.4)
THEOREMS = (
    "lee2026_integral_representations.sampling_rate",
    "lee2026_integral_representations.dimension_free",
    "lee2026_integral_representations.optimal_importance",
)
_COLOURS = {"spherical": "#0072B2", "harmonic": "#009E73", "hermite-fixed": "#D55E00",
            "hermite": "#CC79A7", "exponential": "#E69F00"}  # fmt: skip
_MARKERS = {"spherical": "o", "harmonic": "s", "hermite-fixed": "^", "hermite": "v",
            "exponential": "D"}  # fmt: skip
_ON_THE_CIRCLE = ("spherical", "harmonic", "hermite-fixed", "hermite", "exponential")


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Simulated and exact errors of five forms; exact errors in several dimensions."""
    sizes = (4, 16, 64) if fast else (4, 8, 16, 32, 64, 128, 256, 512)
    runs = 20 if fast else 80
    return {
        "sizes": list(sizes),
        "forms": [_form(form, sizes, runs, rng) for form in _ON_THE_CIRCLE],
        "best": _best(sizes),
        "dimensions": _dimensions((2, 8, 32) if fast else (2, 3, 5, 8, 12, 20, 32, 50)),
    }


def draw(data: dict[str, Any], fig: Any) -> None:
    """Two panels with logarithmic axes."""
    left, right = fig.subplots(1, 2)
    for form in data["forms"]:
        colour, marker = _COLOURS[form["form"]], _MARKERS[form["form"]]
        left.plot(data["sizes"], form["exact"], color=colour)
        left.plot(data["sizes"], form["simulated"], marker, color=colour, markersize=5)
        left.plot([], [], f"{marker}-", color=colour, markersize=5, label=form["form"])
    left.plot(data["sizes"], data["best"], "--", color=_COLOURS["spherical"],
              label="spherical, best importance")  # fmt: skip
    left.set(xscale="log", yscale="log", xlabel="neurons m",
             ylabel="root mean squared error")  # fmt: skip
    left.set_title("$x^2 y$ on the circle: lines exact, points simulated")
    left.set_ylim(bottom=4e-3)
    left.legend(frameon=False, fontsize=8, loc="lower left")
    for curve in data["dimensions"]:
        right.plot(curve["d"], curve["error"], f"{_MARKERS[curve['form']]}-",
                   color=_COLOURS[curve["form"]], markersize=5, label=curve["form"])  # fmt: skip
    right.set(xscale="log", yscale="log", xlabel="dimension d",
              ylabel="expected squared error, one neuron")  # fmt: skip
    ticks = data["dimensions"][0]["d"]
    right.set_xticks(ticks, [str(d) for d in ticks])
    right.minorticks_off()
    right.set_title("$x_1^2 x_2$ at a unit vector of $R^d$")
    right.legend(frameon=False, fontsize=8)


def _form(form: str, sizes: Any, runs: int, rng: np.random.Generator) -> dict[str, Any]:
    options = {"bias": "1/2"} if form == "hermite-fixed" else {}
    rep, law = integral.represent("x**2*y", form, ["x", "y"], **options), integral.UniformSphere(2)
    points = law.draw(200, rng)
    want = points[:, 0] ** 2 * points[:, 1]
    simulated = [
        float(np.sqrt(np.mean([
            (rep.sample(m, rng).forward(points)[:, 0] - want) ** 2 for _ in range(runs)
        ])))
        for m in sizes
    ]  # fmt: skip
    exact = [float(rep.expected_error(m, law)) ** 0.5 for m in sizes]
    return {"form": form, "exact": exact, "simulated": simulated}


def _best(sizes: Any) -> list[float]:
    rep, law = integral.represent("x**2*y", "spherical", ["x", "y"]), integral.UniformSphere(2)
    one = float(rep.expected_error(1, law, importance="optimal"))
    return [(one / m) ** 0.5 for m in sizes]


def _dimensions(sizes: Any) -> list[dict[str, Any]]:
    curves = []
    for form in ("spherical", "harmonic", "hermite", "exponential"):
        errors = []
        for d in sizes:
            rep = integral.represent("x1**2*x2", form, [f"x{i}" for i in range(1, d + 1)])
            point = integral.Points([["3/5", "4/5", *[0] * (d - 2)]])
            errors.append(float(rep.expected_error(1, point)))
        curves.append({"form": form, "d": list(sizes), "error": errors})
    return curves
