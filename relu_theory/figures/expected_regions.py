"""Expected numbers of regions at initialisation: exact on a line, a bound in depth.

Left, breakpoints of one hidden layer on [-a, a]: the exact expectation and the mean of exact counts
over random networks, with the spread of single networks.  Right, mean regions of the square
[-1, 1]^2 for networks of one, two and three hidden layers against their number of neurons, below
the bound of Hanin and Rolnick: C_bias = 4 is above the density of the biases drawn here, and C_grad
is set to 1.
"""

from typing import Any

import numpy as np

from relu_theory.domain import Box
from relu_theory.network import ReluNetwork
from relu_theory.regions import count, expected_breakpoints, hanin2019_density

SIZE = (9.6, 4.0)
SEED = 0
THEOREMS = ("hanin2019_expectations.breakpoints",)

_NEURONS = 20
_COLOURS = ("#0072B2", "#D55E00", "#009E73")


def data(rng: np.random.Generator, fast: bool) -> dict[str, Any]:
    """Expectations and exact counts."""
    widths = [0.25, 1.0, 4.0] if fast else [0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0]
    totals = [6, 12] if fast else [6, 12, 18, 24, 36, 48]
    samples = 5 if fast else 60
    return {
        "widths": widths,
        "expected": [float(expected_breakpoints(_NEURONS, -a, a).mid()) for a in widths],
        "breaks": [
            [_count(rng, 1, [_NEURONS], 1.0, Box([-a], [a])) - 1 for _ in range(samples)]
            for a in widths
        ],
        "totals": totals,
        "bound": [4 * float(hanin2019_density(n, 2, gradient=1, bias=4)) for n in totals],
        "square": {
            depth: [
                [_count(rng, 2, [n // depth] * depth, 0.1, Box(-1, 1, dim=2))
                 for _ in range(samples // 4 or 1)]
                for n in totals
            ]
            for depth in (1, 2, 3)
        },
    }


def _count(rng: np.random.Generator, inputs: int, widths: list[int], bias: float, box: Box) -> int:
    sizes = [inputs, *widths, 1]
    scale = [1.0 if k == 0 and inputs == 1 else np.sqrt(2 / a) for k, a in enumerate(sizes[:-1])]
    weights = [s * rng.standard_normal((b, a))
               for s, a, b in zip(scale, sizes, sizes[1:], strict=False)]
    return count(ReluNetwork(weights, [bias * rng.standard_normal(b) for b in sizes[1:]]), box)


def draw(data: dict[str, Any], fig: Any) -> None:
    """Two panels."""
    left, right = fig.subplots(1, 2)
    breaks = np.array(data["breaks"])
    left.plot(data["widths"], data["expected"], color="black", label="exact expectation")
    left.errorbar(data["widths"], breaks.mean(1), breaks.std(1), fmt="o", color=_COLOURS[0],
                  capsize=3, label="counted: mean, standard deviation")
    left.set(xscale="log", xlabel="a", ylabel="breakpoints on [-a, a]",
             title=f"one hidden layer of {_NEURONS} neurons")
    left.set_xticks(data["widths"], [f"{a:g}" for a in data["widths"]], minor=False)
    left.minorticks_off()
    left.legend(fontsize=8)
    totals = np.array(data["totals"])
    for (depth, counts), colour, marker in zip(
        data["square"].items(), _COLOURS, "os^", strict=True
    ):
        right.plot(totals, np.mean(counts, axis=1), f"{marker}-", color=colour,
                   label=f"{depth} hidden layer{'s' * (int(depth) > 1)}")
    right.plot(totals, data["bound"], color="black", linewidth=1, linestyle=(0, (4, 2)),
               label=r"bound, $(TN)^2/2$ per unit of area")
    right.set(xscale="log", yscale="log", xlabel="neurons N", ylabel="regions on $[-1, 1]^2$",
              title="two inputs, mean of exact counts")
    right.set_xticks(totals, [str(n) for n in totals])
    right.minorticks_off()
    right.legend(fontsize=8)
