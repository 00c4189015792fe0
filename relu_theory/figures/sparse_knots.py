"""Interpolants of the population of the United States at the censuses from 1790 to 1970.

Above, the data (millions; as in the data set ``uspop`` of R) and the interpolant with the fewest
knots. Below, the knots of the polygon through the data (which is optimal for p = 1), of the
solutions for two powers and for penalised biases (in decades from 1880), and of the sparsest
interpolants, whose knots may move in the bars drawn.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import sparse
from relu_theory.cpwl import CPWL

SIZE = (8.0, 5.6)
SEED = 0
THEOREMS = (
    "debarre2022_sparsest.minimum_knots",
    "boursier2023_biases.least_cost",
    "boursier2023_biases.merging_lowers_the_cost",
    "nakhleh2025_sparse.few_neurons",
)

_YEARS = range(1790, 1971, 10)
_MILLIONS = [
    "3.93", "5.31", "7.24", "9.64", "12.9", "17.1", "23.2", "31.4", "39.8", "50.2",
    "62.9", "76", "92", "105.7", "122.8", "131.7", "151.3", "179.3", "203.2",
]  # fmt: skip


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Knots of each solution, and the intervals of the sparsest ones."""
    best = sparse.interpolate(_YEARS, _MILLIONS)
    rows = [("polygon (p = 1)", CPWL.from_points(_YEARS, _MILLIONS).knots)]
    for p in ("9/10", "1/2"):
        rows.append((f"p = {p}", sparse.interpolate(_YEARS, _MILLIONS, p).knots))
    decades = [Fraction(year - 1880, 10) for year in _YEARS]
    penalised = sparse.interpolate_penalised(decades, _MILLIONS)
    rows.append(("penalised biases", tuple(1880 + 10 * t for t in penalised.knots)))
    rows.append(("p = 0", best.knots))
    return {
        "rows": rows,
        "knots": best.knots,
        "values": best.function.values,
        "slopes": (best.function.left_slope, best.function.right_slope),
        "free": [[(s.lower, s.upper) for s in places] for places in best.family.knots],
    }


def draw(data: dict[str, Any], fig: Any) -> None:
    """The function above the knots."""
    above, below = fig.subplots(2, 1, sharex=True, height_ratios=(3, 2))
    years = list(_YEARS)
    f = CPWL.from_points(data["knots"], data["values"], *data["slopes"])
    grid = np.linspace(1785, 1975, 500)
    above.plot(grid, f.sample(grid), color="#0072B2", label=f"{len(data['knots'])} knots")
    above.plot([float(t) for t in data["knots"]], f.sample([float(t) for t in data["knots"]]), "|",
               color="#D55E00", markersize=11, label="knots")  # fmt: skip
    above.plot(
        years, [float(v) for v in _MILLIONS], "o", color="black", markersize=3.5, label="data"
    )
    above.legend(loc="upper left")
    above.set(ylabel="millions", title="The sparsest interpolant")
    names = [f"{name}: {len(knots)}" for name, knots in data["rows"]]
    for height, (_, knots) in enumerate(data["rows"]):
        below.plot([float(t) for t in knots], [height] * len(knots), "|", color="#D55E00",
                   markersize=12)  # fmt: skip
    for places in data["free"]:
        for low, high in places:
            if low != high:
                ends = [float(low), float(high)]
                below.plot(
                    ends, [len(names) - 1] * 2, color="#56B4E9", linewidth=5, zorder=0, alpha=0.7
                )
    below.set(
        yticks=range(len(names)), yticklabels=names, ylim=(-0.6, len(names) - 0.4), xlabel="year"
    )
    below.set_title("knots (bars: where a knot of some sparsest interpolant lies)", fontsize=9)
