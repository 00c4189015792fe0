"""VC dimensions of small architectures against their parameters: exact values and brackets.

Lower ends are certified shattered sets, upper ends are proved; an open end is a counting bound.
"""

from typing import Any

import numpy as np

from relu_theory import vc

SIZE = (9.0, 4.6)
THEOREMS = (
    "bartlett2019_vc_dimension.line",
    "bartlett2019_vc_dimension.line_with_skip",
    "bartlett2019_vc_dimension.plane",
    "bartlett2019_vc_dimension.upper_bound",
)
_GROUPS = (
    ("halfspaces", "o", "#444444"),
    ("one hidden layer, 1 input", "s", "#0072B2"),
    ("the same with a linear part", "D", "#009E73"),
    ("one hidden layer, 2 inputs", "^", "#D55E00"),
)


def data(rng: np.random.Generator, fast: bool) -> list[dict[str, Any]]:
    """Brackets of each architecture."""
    most = 2 if fast else 5
    classes: list[list[Any]] = [
        [vc.Halfspaces(d) for d in range(1, 7)],
        [vc.OneHidden(1, k) for k in range(1, most + 1)],
        [vc.OneHidden(1, k, skip=True) for k in range(1, most + 1)],
        [vc.OneHidden(2, k) for k in range(1, 2 if fast else 3)]
        + [vc.OneHidden(2, k, skip=True) for k in range(1, 2 if fast else 3)],
    ]
    out = []
    for (name, _, _), members in zip(_GROUPS, classes, strict=True):
        for net in members:
            found = vc.dimension(net, certify=False)
            skip = bool(getattr(net, "skip", False)) and net.inputs == 2
            out.append({"group": name, "parameters": net.parameters, "lower": found.lower,
                        "upper": found.upper, "skip": skip})  # fmt: skip
    return out


def draw(data: list[dict[str, Any]], ax: Any) -> None:
    """Exact values as markers, brackets as bars from the lower to the upper end."""
    for (name, marker, colour), shift in zip(_GROUPS, (-0.15, 0.0, 0.0, 0.15), strict=True):
        rows = [row for row in data if row["group"] == name]
        x = [row["parameters"] + shift for row in rows]
        ax.plot(x, [row["lower"] for row in rows], marker, color=colour, label=name)
        hollow = [(a, row["lower"]) for a, row in zip(x, rows, strict=True) if row["skip"]]
        if hollow:
            ax.plot(*zip(*hollow, strict=True), marker, color=colour, markerfacecolor="white",
                    label="the same with a linear part")  # fmt: skip
        for at, row in zip(x, rows, strict=True):
            if row["upper"] > row["lower"]:
                ax.vlines(at, row["lower"], row["upper"], color=colour)
                ax.plot([at], [row["upper"]], "_", color=colour, markersize=12)
                note = f"{row['lower']} to {row['upper']}"
                ax.annotate(note, (at, row["upper"]), textcoords="offset points",
                            xytext=(-8, 0), ha="right", fontsize=8)  # fmt: skip
    most = max(row["parameters"] for row in data) + 1
    ends = list(range(1, most + 1))
    ax.set_xticks(range(2, most + 1, 2))
    ax.plot(ends, ends, ":", color="#888888", label="parameters")
    ax.set(xlabel="parameters", ylabel="VC dimension", yscale="log",
           title="exact values (markers) and brackets (bars)")  # fmt: skip
    ticks = [1, 2, 3, 5, 8, 13, 21, 34, 55]
    ax.set_yticks(ticks, [str(v) for v in ticks])
    ax.minorticks_off()
    ax.grid(True, linewidth=0.4, alpha=0.5)
    ax.legend(frameon=False, fontsize=8, loc="upper left")
