"""Six counts of regions while a network learns, on measurements of 150 iris flowers.

A network with two inputs and two hidden layers learns to tell the three species apart (as the
numbers -1, 0, 1) by full-batch gradient descent with momentum.  After some steps its regions on the
box of the data are counted by all six definitions, exactly for the weights as they are; the shaded
band is the bracket of the convex regions.
"""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.data import trained
from relu_theory.network import ReluNetwork
from relu_theory.regions import KINDS, all_counts

SIZE = (7.6, 4.4)
SEED = 1
THEOREMS = ("stargalla2025_definitions.chain",)

_WIDTHS = (6, 5)
_RATE, _MOMENTUM = 0.02, 0.9
_STYLES = {
    "activation": ("#000000", (0, (1, 1))),
    "proper": ("#0072B2", "solid"),
    "convex": ("#009E73", (0, (5, 1.5))),
    "open_connected": ("#E69F00", "solid"),
    "closed_connected": ("#D55E00", (0, (3, 2))),
    "affine": ("#CC79A7", "solid"),
}
_MARKERS = {"activation": "v", "proper": "", "convex": "s", "open_connected": "D",
            "closed_connected": "x", "affine": "+"}  # fmt: skip
Layers = list[list[NDArray[np.float64]]]


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Steps, the loss and the six counts (with a lower and an upper end) at each of them."""
    points, species = trained.sample("iris2")
    _, box, _ = trained.load("iris2")
    steps = [0, 20, 400] if fast else [0, 5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560]
    layers = _start(rng)
    speed = [[np.zeros_like(p) for p in pair] for pair in layers]
    out: dict[str, Any] = {"steps": steps, "loss": [], "counts": {k: [] for k in KINDS}}
    for step in range(steps[-1] + 1):
        loss, slopes = _gradient(layers, np.asarray(points), np.asarray(species) - 1.0)
        if step in steps:
            out["loss"].append(loss)
            net = ReluNetwork(*map(list, zip(*layers, strict=True)))
            for kind, found in all_counts(net, box).items():
                ends = getattr(found, "lower", found), getattr(found, "upper", found)
                out["counts"][kind].append(ends)
        for pair, moved, slope in zip(layers, speed, slopes, strict=True):
            for p, v, g in zip(pair, moved, slope, strict=True):
                v *= _MOMENTUM
                v -= _RATE * g
                p += v
    return out


def _start(rng: np.random.Generator) -> Layers:
    sizes = [2, *_WIDTHS, 1]
    return [
        [rng.standard_normal((b, a)) * np.sqrt(2 / a), 0.1 * rng.standard_normal(b)]
        for a, b in pairwise(sizes)
    ]


def _gradient(
    layers: Layers, x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[float, Layers]:
    """Mean squared error and its gradient, by back-propagation."""
    inputs, h = [], x
    for k, (w, b) in enumerate(layers):
        inputs.append(h)
        h = h @ w.T + b
        if k < len(layers) - 1:
            h = np.maximum(h, 0.0)
    error = h[:, 0] - y
    back, slopes = (2 / len(x) * error)[:, None], []
    for k in reversed(range(len(layers))):
        slopes.append([back.T @ inputs[k], back.sum(axis=0)])
        back = (back @ layers[k][0]) * (inputs[k] > 0)
    return float((error**2).mean()), slopes[::-1]


def draw(data: dict[str, Any], ax: Any) -> None:
    """Counts against steps, the loss on a second axis."""
    steps = np.array(data["steps"]) + 1
    for kind, (colour, style) in _STYLES.items():
        low, high = np.array(data["counts"][kind]).T
        above = 3 if kind == "activation" else 2
        ax.plot(steps, high, color=colour, linestyle=style, zorder=above, marker=_MARKERS[kind],
                markersize=4, label=kind.replace("_", " "))
        if (low < high).any():
            ax.fill_between(steps, low, high, color=colour, alpha=0.2, linewidth=0)
    ax.set(xscale="log", xlabel="steps of gradient descent, plus one", ylabel="regions on the box")
    ax.set_ylim(0, 1.25 * max(high for _, high in data["counts"]["activation"]))
    ax.grid(True, linewidth=0.4, alpha=0.5)
    loss = ax.twinx()
    loss.plot(steps, data["loss"], color="#888888", linewidth=1.0)
    loss.set(ylabel="mean squared error (grey)", ylim=(0, None))
    ax.legend(fontsize=8, loc="upper center", ncols=3, framealpha=0.9)
