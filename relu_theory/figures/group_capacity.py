"""Group-convolutional networks against networks with as many weights, over the order of the group.

The dimension of the first grows with log2 of the order r at a fixed number of weights, that of the
second does not know r.
"""

from fractions import Fraction
from typing import Any

import numpy as np

from relu_theory import vc
from relu_theory.vc import bounds

SIZE = (8.0, 4.4)
THEOREMS = (
    "sepliarskaia2024_group_networks.lower_bound",
    "sepliarskaia2024_group_networks.upper_bound",
)


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Verified shattered functions and upper bounds of (1, 4, 1) over cyclic groups; OneHidden."""
    orders = [2, 4, 8] if fast else [2, 4, 8, 16, 32, 64]
    net = vc.dimension(vc.OneHidden(1, 4), certify=False)
    return {
        "orders": orders,
        "weights": bounds.gcnn_weights(1, (1, 4, 1))[-1],
        "shattered": [_verified(order) for order in orders],
        "proof": [bounds.gcnn_upper(1, (1, 4, 1), order) for order in orders],
        "growth": [bounds.gcnn_growth_upper(1, (1, 4, 1), order) for order in orders],
        "network": [net.lower, net.upper],
    }


def _verified(order: int) -> int:
    """The number of functions that the embedded indicators shatter, by exact evaluation."""
    functions, (nets,) = vc.indicator_family(order)
    group = vc.cyclic(order)
    found = {
        tuple(net([f]) > Fraction(1, 2) for f in functions)
        for net in (vc.embed_network(one, group) for one in nets)
    }
    return len(functions) if len(found) == 2 ** len(functions) else 0


def draw(data: dict[str, Any], ax: Any) -> None:
    """Certified points, the constant of the network, and the two upper bounds."""
    x = data["orders"]
    ax.plot(x, data["proof"], "-", color="#444444", label="upper bound of Theorem 1, explicit")
    ax.plot(x, data["growth"], "--", color="#444444", label="growth inequality solved")
    ax.plot(x, data["shattered"], "o", color="#D55E00", label="shattered, verified exactly")
    low, high = data["network"]
    ax.fill_between([x[0], x[-1]], low - 0.15, high + 0.15, color="#0072B2", alpha=0.6, linewidth=0,
                    label="4 ReLUs on one number, without a group: exact")  # fmt: skip
    ax.set_xscale("log", base=2)
    ax.set(yscale="log", xlabel="order r of the cyclic group", ylabel="VC dimension", xticks=x,
           title=f"networks (1, 4, 1) with {data['weights']} weights")  # fmt: skip
    ax.set_xticks(x, [str(r) for r in x])
    ax.grid(True, linewidth=0.4, alpha=0.5)
    ax.legend(frameon=False, fontsize=8, loc="center right")
