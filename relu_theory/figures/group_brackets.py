"""One group-convolutional unit over groups of growing order: brackets of the VC dimension.

Three weights whatever the order is. Lower ends are certified shattered sets of functions, upper
ends count crossings of curves; a network with as many weights on one number has dimension 2.
"""

from typing import Any

import numpy as np

from relu_theory import vc
from relu_theory.theorems._instances import checked

SIZE = (7.5, 4.4)
THEOREMS = ("sepliarskaia2024_group_networks.upper_bound",)


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Brackets over cyclic groups, the counting bound, and the network without a group."""
    orders = [1, 2, 3, 4] if fast else [1, 2, 3, 4, 6, 8, 12]
    seed = int(rng.integers(2**31))
    rows = []
    for order in orders:
        net = vc.GroupConv(vc.cyclic(order))
        found = vc.dimension(net, tries=10 if fast else 150, rng=seed)
        checked(found, upper=True)
        rows.append({"order": order, "lower": found.lower, "upper": found.upper,
                     "counting": vc.counting_bound(net)})  # fmt: skip
    network = vc.dimension(vc.OneHidden(1, 1), certify=False)
    return {"rows": rows, "weights": vc.GroupConv(vc.cyclic(1)).parameters,
            "network": network.value}  # fmt: skip


def draw(data: dict[str, Any], ax: Any) -> None:
    """Bars from the lower to the upper end, with markers at both."""
    rows = data["rows"]
    orders = [row["order"] for row in rows]
    lower, upper = ([row[end] for row in rows] for end in ("lower", "upper"))
    ax.plot(orders, [row["counting"] for row in rows], ":", color="#888888",
            label="counting dichotomies and linear labelings")  # fmt: skip
    ax.vlines(orders, lower, upper, color="#0072B2")
    ax.plot(orders, upper, "_", color="#0072B2", markersize=12, label="proved upper end")
    ax.plot(orders, lower, "o", color="#D55E00", label="shattered functions, certified")
    ax.axhline(data["network"], color="#009E73", linestyle="--",
               label="one ReLU on one number, without a group: exact")  # fmt: skip
    ax.set_xscale("log", base=2)
    ax.set(ylim=(0, 1.45 * max(row["counting"] for row in rows)),
           xlabel="order r of the cyclic group", ylabel="VC dimension",
           title=f"one unit with {data['weights']} weights")  # fmt: skip
    ax.set_xticks(orders, [str(r) for r in orders])
    ax.minorticks_off()
    ax.grid(True, linewidth=0.4, alpha=0.5)
    ax.legend(frameon=False, fontsize=8, loc="upper left")
