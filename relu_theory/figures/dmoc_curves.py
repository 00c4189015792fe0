"""Discrete moduli of continuity: of the data, of a network before training, and after it.

Each panel is one data set. The inputs are standardised; classes are unit vectors and the networks'
answers probabilities. S is one minus the relative difference of a curve from that of the data, r
their correlation, both on the distances shown.
"""

from typing import Any

import numpy as np

from relu_theory import families, lipschitz
from relu_theory.data import trained

SIZE = (10.5, 3.6)
SEED = 0
THEOREMS = (
    "doelz2026_dmoc.from_below",
    "doelz2026_dmoc.two_sided",
    "doelz2026_dmoc.uniform_error",
    "doelz2026_dmoc.majorant",
    "doelz2026_dmoc.constant_at_a_step",
)

_NAMES = ("iris4", "diabetes6", "digits4")
_TICKS = (0.1, 0.2, 0.5, 1, 2, 5)
_KINDS = ("data", "untrained", "trained")


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """For each data set a grid of distances, three curves and two comparisons."""
    return [_panel(name, rng) for name in (_NAMES[:2] if fast else _NAMES)]


def _panel(name: str, rng: Any) -> dict[str, Any]:
    net, _, info = trained.load(name)
    x, y = trained.sample(name)
    fresh = families.gaussian(net.input_dim, net.widths, SEED, net.output_dim)
    classes = info["task"] == "classification"
    wanted = _unit_vectors(y) if classes else y
    outputs = [wanted, *(_answers(n.forward(x), classes) for n in (fresh, net))]
    moduli = [lipschitz.dmoc(x, values) for values in outputs]
    gaps = np.sqrt(((x[:, None] - x[None]) ** 2).sum(axis=2))
    times = np.geomspace(moduli[0].separation(), float(gaps.max()), 200)
    curves = [w(times) for w in moduli]
    return {
        "name": info["dataset"].replace("_", " "),
        "score": info["train_score"],
        "times": times,
        "curves": dict(zip(_KINDS, curves, strict=True)),
        "constants": {k: w.lipschitz for k, w in zip(_KINDS, moduli, strict=True)},
        "alike": {k: list(lipschitz.compare(curves[0], c))
                  for k, c in zip(_KINDS[1:], curves[1:], strict=True)},
    }


def _unit_vectors(labels: Any) -> Any:
    found, index = np.unique(labels, return_inverse=True)
    return np.eye(len(found))[index]


def _answers(outputs: Any, classes: bool) -> Any:
    if not classes:
        return outputs
    shifted = np.exp(outputs - outputs.max(axis=1, keepdims=True))
    return shifted / shifted.sum(axis=1, keepdims=True)


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """One panel beside the other."""
    from matplotlib.ticker import NullFormatter

    axes = fig.subplots(1, len(data), squeeze=False)[0]
    styles = {"data": ("0.6", "-", 4), "untrained": ("#D55E00", "--", 1.5),
              "trained": ("#0072B2", "-", 1.5)}  # fmt: skip
    for ax, panel in zip(axes, data, strict=True):
        for kind, curve in panel["curves"].items():
            color, line, width = styles[kind]
            label = kind
            if kind in panel["alike"]:
                _, similar, pearson = panel["alike"][kind]
                label = f"{kind}: S = {similar:.2f}, r = {pearson:.2f}"
            ax.step(panel["times"], curve, where="post", color=color, linestyle=line,
                    linewidth=width, label=label)  # fmt: skip
        ax.set_title(f"{panel['name']} (score {panel['score']:.2f})", size=10)
        ax.set_xscale("log")
        ticks = [t for t in _TICKS if panel["times"][0] <= t <= panel["times"][-1]]
        ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_ylim(0, 1.45 * max(c.max() for c in panel["curves"].values()))
        ax.set_xlabel("distance t")
        ax.legend(fontsize=8, loc="upper left")
    axes[0].set_ylabel("w(t)")
