"""Discrete moduli of networks trained too little, well and too much, on points they have not seen.

Each panel is one data set; the networks were fitted on every other point (the over-fitted ones on
few) and the curves belong to the rest. The pairs in brackets are the scores on the points a network
was fitted on and on the rest; A and S = 1 - A compare a curve with that of the data relative to the
latter, r is their correlation, on 200 distances up to the diagonal of the bounding box.
"""

from typing import Any

import numpy as np

from relu_theory import families, lipschitz
from relu_theory.data import fits

SIZE = (11.5, 4.2)
SEED = 0
THEOREMS = (
    "doelz2026_diagnostics.training",
    "doelz2026_diagnostics.under_fitted",
    "doelz2026_diagnostics.over_fitted",
)

_TICKS = (0.2, 0.5, 1, 2, 5, 10)
_STYLES = {"data": ("black", "-"), "untrained": ("#E69F00", ":"), "under-fitted": ("#D55E00", "--"),
           "trained": ("#0072B2", "-"), "over-fitted": ("#009E73", "-.")}


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """For each data set a grid of distances, five curves, their comparisons and the constants."""
    return [_panel(name, rng) for name in (fits.NAMES[:2] if fast else fits.NAMES)]


def _panel(name: str, rng: Any) -> dict[str, Any]:
    found = fits.load(name)
    like, rest = found.networks["trained"], ~found.training
    seed = int(rng.integers(1000))
    fresh = families.gaussian(like.input_dim, like.widths, seed, like.output_dim)
    stages = {"untrained": fresh, **found.networks}
    values = {"data": found.wanted(), **{k: found.answers(net) for k, net in stages.items()}}
    moduli = {k: lipschitz.dmoc(found.points[rest], v[rest]) for k, v in values.items()}
    width = float(np.linalg.norm(np.ptp(found.points[rest], axis=0)))
    times = np.geomspace(moduli["data"].separation(), width, 200)
    curves = {k: w(times) for k, w in moduli.items()}
    return {
        "name": name,
        "scores": {k: list(v) for k, v in found.scores.items()},
        "times": times,
        "curves": curves,
        "constants": {k: w.lipschitz for k, w in moduli.items()},
        "alike": {k: list(lipschitz.compare(curves["data"], curves[k])) for k in stages},
    }


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """One panel beside the other, legends below."""
    from matplotlib.ticker import NullFormatter

    axes = fig.subplots(1, len(data), squeeze=False)[0]
    for ax, panel in zip(axes, data, strict=True):
        for kind, curve in panel["curves"].items():
            color, line = _STYLES[kind]
            ax.step(panel["times"], curve, where="post", color=color, linestyle=line,
                    label=_label(panel, kind))
        ax.set_xscale("log")
        ticks = [t for t in _TICKS if panel["times"][0] <= t <= panel["times"][-1]]
        ax.set_xticks(ticks, [f"{t:g}" for t in ticks])
        ax.xaxis.set_minor_formatter(NullFormatter())
        ax.set_title(panel["name"], size=10)
        ax.set_xlabel("distance t")
        ax.legend(fontsize=6.5, loc="upper center", bbox_to_anchor=(0.5, -0.18))
    axes[0].set_ylabel("w(t)")


def _label(panel: dict[str, Any], kind: str) -> str:
    text = f"{kind}: L = {panel['constants'][kind]:.2f}"
    if kind in panel["alike"]:
        distance, similar, pearson = panel["alike"][kind]
        text += f", A = {distance:.2f}, S = {similar:.2f}, r = {pearson:.2f}"
    if kind in panel["scores"]:
        text += " ({:.2f}, {:.2f})".format(*panel["scores"][kind])
    return text
