"""What is known about counting linear regions by each definition, and the checks behind it.

Entries follow a summary of Stargalla, Hertrich and Reichman 2025; those with a star are derived
here.  K is fixed.  The last column says how many instances of the ledger's theorem about the row
were checked for this figure, and how many held.
"""

from itertools import islice
from typing import Any

from relu_theory.certificate import Verdict
from relu_theory.theorems import theorems

SIZE = (11.0, 3.6)
SEED = 0
THEOREMS = (
    "stargalla2025_complexity.one_region",
    "stargalla2025_complexity.acyclic_orientations",
    "stargalla2025_complexity.models",
    "stargalla2025_complexity.models_of_one_variable",
    "stargalla2025_complexity.satisfiable",
    "stargalla2025_complexity.many_regions",
    "stargalla2025_complexity.deeper",
    "stargalla2025_complexity.gap",
)

_COLUMNS = ("activation", "proper", "convex", "open\nconnected", "closed\nconnected", "affine")
_ROWS = (
    ("one hidden layer: one region?", ["in P"] * 6, "one_region"),
    ("one hidden layer: how many?", ["#P-complete"] * 4 + ["#P-hard"] * 2,
     "acyclic_orientations"),
    ("two or more: one region?", ["in P*"] * 2 + ["NP-hard"] * 4, "satisfiable"),
    ("two or more: more than K?", ["in P*"] * 2 + ["NP-hard"] * 4, "many_regions"),
    ("two or more: how many?", ["#P-complete*"] * 2 + ["NP-hard*"] + ["#P-hard*"] * 3, "models"),
    ("any depth: upper bound", ["#P*"] * 2 + ["open"] * 3 + ["FPSPACE"], None),
)
_COLOURS = {"i": "#CDEAC0", "#": "#FFE3B8", "N": "#F6C6C0", "o": "#E3E3E3", "F": "#D8DDF2"}


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """For each row of the table its entries and the tally of the checks behind it."""
    stated = {t.name.rsplit(".", 1)[-1]: t for t in theorems() if t.paper == "stargalla2025"}
    return [
        {"name": name, "entries": entries, "theorem": theorem or "",
         **_tally(stated.get(theorem or ""), 3 if fast else None)}
        for name, entries, theorem in _ROWS
    ]


def _tally(theorem: Any, most: int | None) -> dict[str, int]:
    instances = [] if theorem is None else islice(theorem.instances(True), most)
    checks = [theorem.check(instance) for instance in instances]
    return {"checks": len(checks), "held": sum(c.verdict is Verdict.HOLDS for c in checks)}


def draw(data: list[dict[str, Any]], ax: Any) -> None:
    """A table with one row for each question."""
    ax.set_axis_off()
    cells = [[*row["entries"], _behind(row)] for row in data]
    table = ax.table(
        cellText=cells, rowLabels=[row["name"] for row in data],
        colLabels=[*_COLUMNS, "checked here"], cellLoc="center", loc="center")
    table.auto_set_font_size(False)
    table.set_fontsize(9)
    table.scale(1, 2.1)
    for (i, j), cell in table.get_celld().items():
        cell.set_edgecolor("white")
        if i > 0 and 0 <= j < len(_COLUMNS):
            cell.set_facecolor(_COLOURS[cells[i - 1][j][0]])


    ax.text(0.5, 0.0, "* derived here; the others follow a summary of the paper. K is fixed.",
            ha="center", fontsize=8, color="0.3", transform=ax.transAxes)


def _behind(row: dict[str, Any]) -> str:
    if not row["checks"]:
        return "-"
    return f"{row['held']} of {row['checks']} hold"
