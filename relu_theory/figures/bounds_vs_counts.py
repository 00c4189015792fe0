"""Exact region counts of random and of extremal networks, between the bounds on their maximum.

Two inputs, proper activation regions over the whole plane. The constructions of Montufar et al. and
of Serra et al. are counted, not drawn from their formulas; the upper bounds are formulas.
"""

from collections.abc import Sequence
from statistics import median
from typing import Any

import numpy as np

from relu_theory import families, regions
from relu_theory.regions import bounds

SIZE = (10.0, 4.4)
THEOREMS = (
    "montufar2014_lower_bound.lower_bound",
    "montufar2017_upper_bound.upper_bound",
    "serra2018_bounds.lower_bound",
    "serra2018_bounds.upper_bound",
    "hinz2019_histograms.recovers_serra",
)
INPUTS = 2
DEEP_WIDTH = 6
_UPPER = (
    ("naive", "$2^N$", (0, (1, 2))),
    ("montufar2017", "Montúfar 2017", (0, (4, 2))),
    ("hinz2019", "Serra et al. 2018", "solid"),
)
_CONSTRUCTIONS = (
    ("montufar", "construction of Montúfar et al. 2014", 1, "^", "#D55E00"),
    ("serra", "construction of Serra et al. 2018", 3, "s", "#0072B2"),
)


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Counts and bounds along two families: widths [w, w], and L layers of width 6."""
    seeds = [int(s) for s in rng.integers(0, 10**6, 3 if fast else 9)]
    widths = [[w, w] for w in ([2, 4, 6, 8] if fast else [2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16])]
    depths = [[DEEP_WIDTH] * depth for depth in range(1, 4 if fast else 6)]
    return {
        "seeds": seeds,
        "width": _series([w[0] for w in widths], widths, seeds),
        "depth": _series([len(w) for w in depths], depths, seeds),
    }


def draw(data: dict[str, Any], fig: Any) -> None:
    """Two panels on a logarithmic scale with one legend."""
    left, right = fig.subplots(1, 2)
    _panel(left, data["width"], "width of both layers", "two hidden layers")
    _panel(right, data["depth"], "hidden layers", f"width {DEEP_WIDTH} in every layer")
    left.set_ylabel("proper activation regions of $\\mathbb{R}^2$")
    right.set_xticks(data["depth"]["x"])
    handles, labels = right.get_legend_handles_labels()
    fig.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False)


def _series(x: list[int], architectures: list[list[int]], seeds: list[int]) -> dict[str, Any]:
    return {
        "x": x,
        "random": [[_count(families.gaussian(INPUTS, w, s)) for s in seeds] for w in architectures],
        "constructions": {
            name: [_constructed(name, w, factor) for w in architectures]
            for name, _, factor, _, _ in _CONSTRUCTIONS
        },
        "upper": {
            name: [bounds.upper_bounds(INPUTS, w)[name] for w in architectures]
            for name, _, _ in _UPPER
        },
    }


def _constructed(name: str, widths: Sequence[int], factor: int) -> int | None:
    if min(widths) < factor * INPUTS:
        return None
    return _count(getattr(families, name)(INPUTS, widths))


def _count(net: Any) -> int:
    return regions.count(net)


def _panel(ax: Any, series: dict[str, Any], xlabel: str, title: str) -> None:
    x = series["x"]
    for name, label, style in _UPPER:
        y = [float(v) for v in series["upper"][name]]
        ax.plot(
            x, y, color="#444444", linestyle=style, linewidth=1.3, label=f"upper bound, {label}"
        )
    for name, label, _, marker, colour in _CONSTRUCTIONS:
        points = [(a, b) for a, b in zip(x, series["constructions"][name], strict=True) if b]
        ax.plot(*zip(*points, strict=True), marker, color=colour, markersize=6, label=label)
    low, middle, high = zip(*((min(r), median(r), max(r)) for r in series["random"]), strict=True)
    ax.fill_between(x, low, high, color="#009E73", alpha=0.3, linewidth=0)
    ax.plot(
        x, middle, "o-", color="#009E73", markersize=4, label="Gaussian networks, median, range"
    )
    ax.set(
        yscale="log", xlabel=xlabel, title=title, ylim=(2, 40 * max(series["upper"]["hinz2019"]))
    )
    ax.grid(True, which="major", linewidth=0.4, alpha=0.5)
