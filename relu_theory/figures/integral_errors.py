"""Sampled representations in every form: error against the number of neurons, and the dimension.

Left and middle: means over independent networks (points) and exact expectations (lines), whose
slope is -1/2; the legend has the slope fitted to the points. Left, x^2 y on the unit circle; the
dashed line is the best importance law. Middle, the forms with a target of their own. Gaussian
weights and unbounded biases have heavy tails, so the points of hermite, hermite-fixed and
exponential scatter. Right, at one unit vector with the coefficients of x_1^2 x_2 in R^d: exact
expected errors of one neuron.
"""

from typing import Any

import numpy as np

from relu_theory import integral
from relu_theory.domain import Box
from relu_theory.integral.distributions import as_distribution

SIZE = (13.5, 4.6)
THEOREMS = (
    "lee2026_integral_representations.sampling_rate",
    "lee2026_integral_representations.dimension_free",
    "lee2026_integral_representations.optimal_importance",
)
_COLOURS = {"spherical": "#0072B2", "harmonic": "#009E73", "hermite-fixed": "#D55E00",
            "hermite": "#CC79A7", "exponential": "#E69F00", "taylor": "#0072B2",
            "funk-hecke": "#009E73", "fourier": "#D55E00"}  # fmt: skip
_MARKERS = {"spherical": "o", "harmonic": "s", "hermite-fixed": "^", "hermite": "v",
            "exponential": "D", "taylor": "o", "funk-hecke": "s", "fourier": "^"}  # fmt: skip
_ON_THE_CIRCLE = ("spherical", "harmonic", "hermite-fixed", "hermite", "exponential")
#: Expression, variables, law of the inputs, and how both are called.
_OTHERS = {
    "taylor": ("x**3", ["x"], Box([-1], [1]), "$x^3$ on $[-1, 1]$"),
    "funk-hecke": ("x*y", ["x", "y"], integral.UniformSphere(2), "$x y$ on the circle"),
    "fourier": ("cos(x + 2*y)", ["x", "y"], Box([-1, -1], [1, 1]), "$\\cos(x + 2y)$ on a square"),
}


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Simulated and exact errors of the eight forms; exact errors in several dimensions."""
    sizes = (4, 16, 64) if fast else (4, 8, 16, 32, 64, 128, 256, 512)
    runs = 100 if fast else 200
    circle = ("x**2*y", ["x", "y"], integral.UniformSphere(2))
    return {
        "sizes": list(sizes),
        "forms": [_form(form, *circle, sizes, runs, rng) for form in _ON_THE_CIRCLE],
        "others": [_form(form, *_OTHERS[form][:3], sizes, runs, rng) for form in _OTHERS],
        "best": _best(sizes),
        "dimensions": _dimensions((2, 8, 32) if fast else (2, 3, 5, 8, 12, 20, 32, 50)),
    }


def draw(data: dict[str, Any], fig: Any) -> None:
    """Three panels with logarithmic axes."""
    left, middle, right = fig.subplots(1, 3)
    names = {form: f"{form}: {_OTHERS[form][3]}" for form in _OTHERS}
    for ax, forms in ((left, data["forms"]), (middle, data["others"])):
        for form in forms:
            colour, name = _COLOURS[form["form"]], names.get(form["form"], form["form"])
            marker = _MARKERS[form["form"]]
            ax.plot(data["sizes"], form["exact"], color=colour)
            ax.plot(data["sizes"], form["simulated"], marker, color=colour, markersize=5)
            ax.plot([], [], f"{marker}-", color=colour, markersize=5,
                    label=f"{name} ({form['slope']:.2f})")  # fmt: skip
        ax.set(xscale="log", yscale="log", xlabel="neurons m", ylabel="root mean squared error")
    left.plot(data["sizes"], data["best"], "--", color=_COLOURS["spherical"],
              label="spherical, best importance")  # fmt: skip
    left.set_title("$x^2 y$ on the circle: lines exact, points simulated", fontsize=10)
    left.set_ylim(bottom=2e-3)
    middle.set_title("forms with a target of their own", fontsize=10)
    for ax in (left, middle):
        ax.legend(frameon=False, fontsize=8, loc="lower left")
    for curve in data["dimensions"]:
        right.plot(curve["d"], curve["error"], f"{_MARKERS[curve['form']]}-",
                   color=_COLOURS[curve["form"]], markersize=5, label=curve["form"])  # fmt: skip
    right.set(xscale="log", yscale="log", xlabel="dimension d",
              ylabel="expected squared error, one neuron")  # fmt: skip
    ticks = data["dimensions"][0]["d"]
    right.set_xticks(ticks, [str(d) for d in ticks])
    right.minorticks_off()
    right.set_title("$x_1^2 x_2$ at a unit vector of $R^d$", fontsize=10)
    right.legend(frameon=False, fontsize=8)


def _form(
    form: str, expr: str, variables: list[str], law: Any, sizes: Any, runs: int,
    rng: np.random.Generator,
) -> dict[str, Any]:  # fmt: skip
    import sympy

    options = {"bias": "1/2"} if form == "hermite-fixed" else {}
    rep = integral.represent(expr, form, variables, **options)
    points = as_distribution(law, len(variables)).draw(200, rng)
    want = sympy.lambdify(variables, sympy.sympify(expr), "numpy")(*points.T)
    simulated = [
        float(np.sqrt(np.mean([
            (rep.sample(m, rng).forward(points)[:, 0] - want) ** 2 for _ in range(runs)
        ])))
        for m in sizes
    ]  # fmt: skip
    exact = [float(rep.expected_error(m, law)) ** 0.5 for m in sizes]
    slope = float(np.polyfit(np.log(sizes), np.log(simulated), 1)[0])
    return {"form": form, "exact": exact, "simulated": simulated, "slope": slope}


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
