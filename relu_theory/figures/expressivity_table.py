"""Which functions of one variable a relaxation can analyse exactly on every box: what was proved.

Cells as in Table 1 of Baader et al. (2024). Each is coloured by the networks that were built for
random functions of the class and proved exact, or by the theorem that excludes them.
"""

from typing import Any

import numpy as np

from relu_theory import relaxation
from relu_theory.certificate import Verdict
from relu_theory.theorems.baader2024_expressivity import DOMAIN, targets

SIZE = (7.6, 3.6)
THEOREMS = (
    "baader2024_expressivity.monotone_functions",
    "baader2024_expressivity.convex_functions",
    "baader2024_expressivity.hulls_express_everything",
    "baader2024_expressivity.intervals_express_only_monotone",
    "baader2024_open_cells.one_strict_turn",
    "baader2024_open_cells.two_turns_need_two_layers",
)
_ROWS = (
    ("ibp", "interval arithmetic"),
    ("deeppoly0", "DeepPoly, lower lines 0"),
    ("deeppoly1", "DeepPoly, lower lines $a$"),
    ("triangle", "triangle"),
    ("multineuron", "multi-neuron"),
)
_COLUMNS = (
    ("any", "all CPWL"),
    ("turn", "one strict turn"),
    ("monotone", "monotone"),
    ("convex", "convex, concave"),
    ("monotone convex", "monotone and convex"),
)
_COLOURS = {"HOLDS": "#009E73", "FAILS": "#D55E00", "UNDECIDED": "#E0E0E0"}


def data(rng: np.random.Generator, fast: bool) -> list[dict[str, Any]]:
    """For each cell the verdicts on random functions of the class, counted."""
    seeds = [int(s) for s in rng.integers(0, 10**6, 4 if fast else 12)]
    found = []
    for method, _ in _ROWS:
        for kind, _ in _COLUMNS:
            verdicts = []
            for seed in seeds:
                f = targets(kind, seed)
                answer = relaxation.encode(f, method, DOMAIN)
                if answer.network is not None and answer.verdict is Verdict.HOLDS:
                    assert relaxation.encodes(answer.network, f, DOMAIN)
                verdicts.append(answer.verdict.name)
            counts = {name: verdicts.count(name) for name in _COLOURS}
            found.append({"method": method, "class": kind, "counts": counts})
    return found


def draw(data: list[dict[str, Any]], ax: Any) -> None:
    """A coloured table; the number of functions proved is written into the cells."""
    for k, cell in enumerate(data):
        row, column = divmod(k, len(_COLUMNS))
        counts = cell["counts"]
        total = sum(counts.values())
        verdict = next(v for v in ("UNDECIDED", "FAILS", "HOLDS") if counts[v])
        word = {
            "HOLDS": f"yes\n{counts['HOLDS']} of {total} built",
            "FAILS": f"no\n{counts['FAILS']} of {total} excluded",
            "UNDECIDED": f"open\n{counts['HOLDS']} of {total} built",
        }[verdict]
        hatch = {"FAILS": "//", "UNDECIDED": "..", "HOLDS": None}[verdict]
        ax.add_patch(_rectangle(column, row, _COLOURS[verdict], hatch))
        ax.text(
            column + 0.5,
            row + 0.5,
            word,
            ha="center",
            va="center",
            size=8,
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5},
        )
    ax.set(xlim=(0, len(_COLUMNS)), ylim=(len(_ROWS), 0))
    ax.set_xticks([k + 0.5 for k in range(len(_COLUMNS))], [label for _, label in _COLUMNS])
    ax.set_yticks([k + 0.5 for k in range(len(_ROWS))], [label for _, label in _ROWS])
    ax.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False, labelsize=8)


def _rectangle(x: float, y: float, colour: str, hatch: str | None) -> Any:
    from matplotlib.patches import Rectangle

    return Rectangle((x, y), 1, 1, facecolor=colour, edgecolor="white", hatch=hatch, alpha=0.75)
