"""How close networks come to the upper bounds: the best known, trained ones and random ones.

Left, the networks with the most proper regions that are known for small widths and two inputs, by
all six definitions, against the bound of Serra et al.  Right, proper regions of the plane of
trained networks and of Gaussian networks of the same widths, and the number that the zigzag
construction attains, below the upper bounds for their widths.
"""

from typing import Any

import numpy as np

from relu_theory import families, regions
from relu_theory.data import trained
from relu_theory.regions import bounds

SIZE = (10.6, 4.4)
SEED = 0
THEOREMS = (
    "serra2018_tightness.attained",
    "serra2018_tightness.searched",
    "serra2018_tightness.best_known",
)

_SMALL = ([2, 2], [2, 3], [3, 2], [3, 3], [4, 4])
_TRAINED = ("iris2", "breast_cancer2", "diabetes2", "digits2")
_MARKS = {
    "activation": ("v", "#000000"), "proper": ("o", "#0072B2"), "convex": ("s", "#009E73"),
    "open_connected": ("D", "#E69F00"), "closed_connected": ("x", "#D55E00"),
    "affine": ("+", "#CC79A7"),
}


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Counts and bounds for both panels."""
    return {
        "small": [_small(widths) for widths in _SMALL[: 2 if fast else None]],
        "large": [_large(name, rng) for name in _TRAINED[: 1 if fast else None]],
    }


def _small(widths: list[int]) -> dict[str, Any]:
    counts = regions.all_counts(families.maximal(2, widths))
    return {
        "widths": widths,
        "counts": {k: [getattr(v, "lower", v), getattr(v, "upper", v)] for k, v in counts.items()},
        "upper": bounds.hinz2019_upper(2, widths),
    }


def _large(name: str, rng: np.random.Generator) -> dict[str, Any]:
    net, _, info = trained.load(name)
    seeds = [int(s) for s in rng.integers(0, 10**6, 5)]
    return {
        "name": info["dataset"].replace("_", " "),
        "widths": list(net.widths),
        "trained": regions.count(net),
        "random": [regions.count(families.gaussian(2, net.widths, s)) for s in seeds],
        "constructed": bounds.serra2018_lower(2, net.widths),
        "upper": bounds.upper_bounds(2, net.widths),
    }


def draw(data: dict[str, Any], fig: Any) -> None:
    """Two panels."""
    left, right = fig.subplots(1, 2)
    _draw_small(left, data["small"])
    _draw_large(right, data["large"])


def _draw_small(ax: Any, rows: list[dict[str, Any]]) -> None:
    for x, row in enumerate(rows):
        ax.plot([x - 0.38, x + 0.38], [row["upper"]] * 2, color="black", linewidth=2,
                label="upper bound, Serra et al. 2018" if x == 0 else None)
        for k, (kind, (marker, colour)) in enumerate(_MARKS.items()):
            low, high = row["counts"][kind]
            at = x + 0.11 * (k - 2.5)
            ax.plot([at, at], [low, high], color=colour)
            ax.plot(at, high, marker, color=colour, markersize=6,
                    label=kind.replace("_", " ") if x == 0 else None)
    ax.set_xticks(range(len(rows)), [", ".join(map(str, row["widths"])) for row in rows])
    ax.set(yscale="log", xlabel="hidden widths, two inputs", ylabel="regions",
           title="best networks known")
    ax.legend(fontsize=8)


def _draw_large(ax: Any, rows: list[dict[str, Any]]) -> None:
    styles = {"naive": (0, (1, 2)), "montufar2017": (0, (4, 2)), "hinz2019": "solid"}
    for x, row in enumerate(rows):
        first = x == 0
        for name, style in styles.items():
            label = {"naive": "$2^N$", "montufar2017": "Montúfar 2017",
                     "hinz2019": "Serra et al. 2018"}[name]
            ax.plot([x - 0.35, x + 0.35], [float(row["upper"][name])] * 2, color="#444444",
                    linestyle=style, label=f"upper bound, {label}" if first else None)
        ax.plot(x - 0.15, row["constructed"], "s", color="#0072B2",
                label="zigzag construction" if first else None)
        ax.plot([x] * len(row["random"]), row["random"], "o", color="#009E73", markersize=4,
                label="Gaussian networks" if first else None)
        ax.plot(x + 0.15, row["trained"], "*", color="#D55E00", markersize=11,
                label="trained" if first else None)
    names = [f"{row['name']}\n{'-'.join(map(str, row['widths']))}" for row in rows]
    ax.set_xticks(range(len(rows)), names, size=8)
    top = max(float(row["upper"]["naive"]) for row in rows)
    ax.set(yscale="log", ylabel="proper regions of the plane", ylim=(50, top * 1e9),
           title="trained networks, two inputs")
    ax.legend(fontsize=8, ncols=2, loc="upper center")
