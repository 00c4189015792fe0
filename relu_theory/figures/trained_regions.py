"""Networks trained on real data: their regions by affine map, and the slope of each region.

Top, the cells of the network on the box of its data, coloured by affine map, with some of the data
points (triangle, square, disc and so on by class, or grey by the target's size).  Bottom, the
spectral norm of the Jacobian on each cell, on a square-root scale.
"""

from dataclasses import asdict
from typing import Any

import numpy as np

from relu_theory.data import trained
from relu_theory.plotting import Planar, planar, regions2d

SIZE = (11.0, 6.2)
SEED = 0
THEOREMS = ()

_NAMES = ("iris2", "breast_cancer2", "diabetes2", "digits2")


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """For each network its picture, some data points and how it was trained."""
    panels = []
    for name in _NAMES[:2] if fast else _NAMES:
        net, box, info = trained.load(name)
        points, targets = trained.sample(name)
        panels.append(
            {
                "dataset": info["dataset"].replace("_", " "),
                "widths": "-".join(map(str, net.widths)),
                "inputs": info["inputs"],
                "classes": info["task"] == "classification",
                "points": points,
                "targets": targets,
                "picture": asdict(planar(net, box)),
            }
        )
    return panels


def draw(data: list[dict[str, Any]], fig: Any) -> None:
    """One column for each network."""
    from matplotlib.colors import PowerNorm
    from matplotlib.ticker import MaxNLocator

    axes = fig.subplots(2, len(data), squeeze=False)
    for (top, bottom), panel in zip(axes.T, data, strict=True):
        picture = Planar(**panel["picture"])
        regions2d(picture, ax=top)
        _scatter(top, panel)
        slopes = regions2d(picture, ax=bottom, color="gradient", border_color="#ffffff55")
        slopes.cells.set_norm(PowerNorm(0.5))
        bar = fig.colorbar(
            slopes.cells,
            ax=bottom,
            orientation="horizontal",
            shrink=0.9,
            pad=0.02,
            ticks=MaxNLocator(4),
        )
        bar.ax.tick_params(labelsize=8)
        bar.set_label("norm of the Jacobian", size=8)
        top.set_title(f"{panel['dataset']}, {panel['widths']}: {picture.size} cells", size=10)
        for ax in (top, bottom):
            ax.set(xticks=[], yticks=[])
            ax.set_aspect("auto")
        bottom.set_xlabel(panel["inputs"][0], size=8)
        bottom.set_ylabel(panel["inputs"][1], size=8)


def _scatter(ax: Any, panel: dict[str, Any]) -> None:
    points, targets = np.asarray(panel["points"]), np.asarray(panel["targets"])
    style = {"s": 11, "edgecolors": "black", "linewidths": 0.5, "zorder": 5}
    if not panel["classes"]:
        ax.scatter(*points.T, c=targets, cmap="gray", **style)
        return
    for marker, label in zip("osv^D<>phX", sorted(set(targets.tolist())), strict=False):
        ax.scatter(*points[targets == label].T, c="white", marker=marker, **style)
