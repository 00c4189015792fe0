"""Networks trained with the penalty sum |v w|^p on the peak and plateau, and the exact optimum.

Six points; 80 neurons at the start, several seeds. Each panel shows the run with the least error
plus penalty, its breaks, and the sparsest interpolant with a free linear term (dashed); its title
says how many of the runs kept how many neurons, here and with the steps as published.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from relu_theory import sparse
from relu_theory.cpwl import CPWL

SIZE = (11.0, 3.8)
SEED = 0
THEOREMS = ("nakhleh2025_sparse.small_powers",)

_X, _Y = [-2, -1, 0, 1, 2, 3], [0, 0, 1, 1, 0, 0]


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """The exact optimum, and for each p the best of the runs with the counts of all."""
    seeds = range(2 if fast else 10)
    epochs = 3_000 if fast else 100_000
    panels = []
    for p in (0.4, 0.7, 1.0):
        runs = sparse.train(_X, _Y, p, epochs=epochs, seeds=seeds)
        published = sparse.train(_X, _Y, p, epochs=epochs, seeds=seeds, variant="published")
        best = min(runs, key=lambda run: (run.error > 0.05, run.penalty))
        f = CPWL.from_network(best.network)
        grid = np.linspace(-2.4, 3.4, 400)
        panels.append(
            {
                "p": p,
                "kept": [_kept(runs), _kept(published)],
                "best": best.neurons,
                "penalty": best.penalty,
                "grid": grid,
                "values": f.sample(grid),
                "breaks": [float(t) for t in f.knots],
                "heights": [float(v) for v in f.values],
            }
        )
    exact = sparse.interpolate(_X, _Y, "2/5").function
    return {"panels": panels, "knots": exact.knots, "values": exact.values}


def draw(data: dict[str, Any], fig: Any) -> None:
    """One panel for each p."""
    axes = fig.subplots(1, len(data["panels"]), sharey=True)
    optimum = CPWL.from_points(data["knots"], data["values"], 0, 0)
    for ax, panel in zip(axes, data["panels"], strict=True):
        grid = panel["grid"]
        ax.plot(grid, optimum.sample(grid), color="0.72", linewidth=5, label="exact optimum")
        ax.plot(grid, panel["values"], color="#0072B2", label="best trained network")
        ax.plot(panel["breaks"], panel["heights"], "|", color="#0072B2", markersize=9)
        ax.plot(_X, _Y, "o", color="black", markersize=4, label="data")
        ax.set_title(
            f"p = {panel['p']:g}: {panel['best']} neurons, $V_p$ = {panel['penalty']:.2f}\n"
            f"neurons (runs): {panel['kept'][0]}\nas published: {panel['kept'][1]}",
            fontsize=8,
        )
        ax.set(xlim=(-2.4, 3.4), ylim=(-0.45, 1.7), xlabel="x")
    axes[0].legend(fontsize=8, loc="upper left", frameon=False)


def _kept(runs: Sequence[sparse.TrainedNetwork]) -> str:
    """How many runs that fit kept how many neurons, and how many did not fit."""
    counts = Counter(run.neurons for run in runs if run.error < 0.05)
    parts = ", ".join(f"{n} ({k})" for n, k in sorted(counts.items())) or "none fits"
    failed = len(runs) - counts.total()
    return parts + (f"; {failed} did not fit" if failed else "")
