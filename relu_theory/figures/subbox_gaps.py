"""The exact gap of a relaxation on every sub-box [l, u] of an interval, as a map over (l, u).

Three functions of one variable, each as one hidden layer; white is exact, grey is no box. Interval
arithmetic is exact on no network of a function that turns, the triangle on many of convex ones.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import relaxation
from relu_theory.domain import Box
from relu_theory.relaxation.constructions import canonical, convex_by_rays

SIZE = (9.6, 8.4)
THEOREMS = (
    "baader2024_expressivity.signs_of_convex_networks",
    "baader2024_expressivity.unique_under_deeppoly",
    "baader2024_expressivity.intervals_express_only_monotone",
)
_METHODS = (
    ("ibp", "interval arithmetic"),
    ("deeppoly0", "DeepPoly, lower lines 0"),
    ("triangle", "triangle"),
)
_FUNCTIONS = (
    ("absolute value", convex_by_rays, (-2, 0, 2), (2, 0, 2)),
    ("convex, canonical network", canonical, (-2, -1, 0, 1, 2), (3, 1, 0, 1, 3)),
    ("wiggle", canonical, (-2, -1, 1, 2), (-1, 1, -1, 1)),
)


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """For each function and method the gaps on a grid of sub-boxes, and the verdict on all."""
    steps = 12 if fast else 32
    ticks = [Fraction(4 * k, steps) - 2 for k in range(steps + 1)]
    panels = []
    for title, build, x, y in _FUNCTIONS:
        net = build([Fraction(v) for v in x], [Fraction(v) for v in y])
        for method, label in _METHODS:
            gaps = [
                [relaxation.exactness(net, Box([a], [b]), method).gap for a in ticks if a <= b]
                for b in ticks
            ]
            verdict = relaxation.exact_on_all_subboxes(net, Box(-2, 2, dim=1), method).verdict
            panels.append({"title": title, "label": label, "gaps": gaps, "verdict": verdict.name})
    return {"ticks": ticks, "panels": panels}


def draw(data: dict[str, Any], fig: Any) -> None:
    """A row for each function, a column for each method."""
    from matplotlib.cm import ScalarMappable

    axes = fig.subplots(len(_FUNCTIONS), len(_METHODS), sharex=True, sharey=True)
    ticks = np.array([float(t) for t in data["ticks"]])
    for ax, panel in zip(axes.flat, data["panels"], strict=True):
        table = np.full((len(ticks), len(ticks)), np.nan)
        for j, row in enumerate(panel["gaps"]):
            table[j, : len(row)] = [float(g) for g in row]
        table[table == 0] = np.nan
        ends = ticks[0], ticks[-1]
        ax.fill_between(ends, ends, ends[0], color="#DDDDDD", linewidth=0)
        ax.plot(ends, ends, color="#888888", linewidth=0.8)
        if np.isfinite(table).any():
            picture = ax.pcolormesh(
                ticks, ticks, table, cmap="viridis_r", vmin=0, shading="nearest",
                rasterized=True,
            )  # fmt: skip
            fig.colorbar(picture, ax=ax, shrink=0.8)
        else:
            ax.text(-0.9, 0.9, "no gap", ha="center", size=9)
            # The same room as a bar, so that the panels of a column stand in line.
            bar = fig.colorbar(ScalarMappable(cmap="viridis_r"), ax=ax, shrink=0.8)
            bar.ax.set_visible(False)
        exact = {"HOLDS": "exact on all", "FAILS": "not exact"}[panel["verdict"]]
        ax.set_title(f"{panel['title']}\n{panel['label']}: {exact}", size=9)
        ax.set_aspect("equal")
    for ax in axes[-1]:
        ax.set_xlabel("$l$")
    for ax in axes[:, 0]:
        ax.set_ylabel("$u$")
