"""The weight of x^2 y on the circle with sampled neurons, and a polynomial rebuilt from neurons.

Left: the weight g(w, b) of the spherical form over the angle of w and the bias b, with 150 neurons
from the best importance law, coloured by the sign of their coefficient. Middle and right: the
polynomial, and its approximation by few neurons from convex optimisation, with its exact error.
"""

from typing import Any

import numpy as np

from relu_theory import integral
from relu_theory.domain import Box

SIZE = (12.0, 4.0)
THEOREMS = ("lee2026_integral_representations.identity",)
_SIGNS = ("#0072B2", "#D55E00")


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """A grid of weights, sampled neurons, and values on a grid of the square."""
    rep = integral.represent("x**2*y", "spherical", ["x", "y"])
    net: Any = rep.sample(40 if fast else 150, rng, "optimal", integral.UniformSphere(2))
    w, b, a = net.weights[0], -net.biases[0], net.weights[1][0]
    box, expr = Box([-1, -1], [1, 1]), "x**2*y - y**3/2 + x*y/2"
    found = integral.discretise(expr, 4 if fast else 14, box)
    side = np.linspace(-1, 1, 41 if fast else 81)
    x, y = np.meshgrid(side, side)
    values = found.network.forward(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(x.shape)
    return {
        "weight": _weights(61 if fast else 181),
        "angle": np.arctan2(w[:, 1], w[:, 0]),
        "bias": b,
        "sign": np.sign(a),
        "polynomial": x**2 * y - y**3 / 2 + x * y / 2,
        "network": values,
        "neurons": found.neurons,
        "squared_error": found.squared_error,
    }


def draw(data: dict[str, Any], fig: Any) -> None:
    """Three panels; the polynomial and the network share their levels."""
    first, middle, last = fig.subplots(1, 3)
    top = np.abs(data["weight"]).max()
    first.imshow(data["weight"], origin="lower", aspect="auto", cmap="RdBu_r", vmin=-top, vmax=top,
                 extent=(-np.pi, np.pi, 0, 1), alpha=0.7)  # fmt: skip
    for sign, colour, marker in zip((-1, 1), _SIGNS, "ox", strict=True):
        chosen = np.asarray(data["sign"]) == sign
        first.plot(np.asarray(data["angle"])[chosen], np.asarray(data["bias"])[chosen], marker,
                   color=colour, markersize=4,
                   label=("negative", "positive")[sign > 0])  # fmt: skip
    first.set(xlabel="angle of w", ylabel="bias b", title="weight of $x^2 y$ and sampled neurons")
    first.legend(fontsize=8, loc="lower left", title="neurons", title_fontsize=8, handletextpad=0.2)
    levels = np.linspace(-1.05, 1.05, 15)
    error = float(data["squared_error"]) ** 0.5
    titles = ("$x^2 y - y^3/2 + xy/2$", f"{data['neurons']} neurons, rms error {error:.4f}")
    for ax, key, title in zip((middle, last), ("polynomial", "network"), titles, strict=True):
        ax.contourf(data[key], levels, cmap="RdBu_r", extent=(-1, 1, -1, 1), extend="both")
        ax.contour(data[key], levels, colors="black", linewidths=0.4, extent=(-1, 1, -1, 1))
        ax.set(aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1), title=title)


def _weights(count: int) -> np.ndarray:
    """g(w, b) = b (96 w_1^2 w_2 - 16 w_2), read from the representation."""
    import sympy

    rep = integral.represent("x**2*y", "spherical", ["x", "y"])
    g = sympy.lambdify(sympy.symbols("w1 w2 b", real=True), rep.weight(), "numpy")
    angle = np.linspace(-np.pi, np.pi, count)
    return g(np.cos(angle)[None, :], np.sin(angle)[None, :], np.linspace(0, 1, 41)[:, None])
