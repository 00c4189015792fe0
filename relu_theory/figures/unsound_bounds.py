"""Rules that were published or shipped as Lipschitz bounds, on networks where they answer wrongly.

Each faulty rule is carried out here: multipliers that couple neurons (LipSDP-Network), a layer-wise
bound that drops the scale of the first layer (eclipse-nn up to 0.1.6), and the chain rule over
patterns that hold only on a face, which exact tools return as the constant of the function.
"""

from fractions import Fraction
from typing import Any

from relu_theory import families, lipschitz
from relu_theory.network import ReluNetwork
from relu_theory.theorems.check import Instance
from relu_theory.theorems.pauli2021_couplings import couplings_prove_too_much

SIZE = (8.6, 2.2)
SEED = 0
THEOREMS = (
    "pauli2021_couplings.couplings_prove_too_much",
    "jordan2020_exact_constants.chain_rule_overestimates",
)

_COLUMNS = ("rule", "network", "its answer", "true constant", "error")


def data(rng: Any, fast: bool) -> list[list[str]]:
    """The rows of the table."""
    return [_coupled(), _dropped_scale(), _chain_rule()]


def _coupled() -> list[str]:
    row = couplings_prove_too_much.check(Instance("gap 1", {"gap": Fraction(1)}))
    net = ReluNetwork([[[1], [1]], [[1, -1]]], [[0, -1], [0]])
    true = lipschitz.exact(net).value.squared
    claimed = true - row.computed
    return ["coupled multipliers", "relu(x) - relu(x - 1)", _root(claimed), _root(true),
            "below the constant"]


def _dropped_scale() -> list[str]:
    base = families.gaussian(2, [16, 16, 16], 0)
    scaled = ReluNetwork([base.weights[0] * 10, *base.weights[1:]], base.biases)
    answer = lipschitz.bound(base, "eclipse-fast").upper
    true = float(lipschitz.exact(scaled).lower)
    wrong = "below the constant" if answer < true else "above it by chance"
    return ["first layer's scale dropped", "2-16-16-16-1, first layer times 10", f"{answer:.3f}",
            f"{true:.3f}", wrong]


def _chain_rule() -> list[str]:
    net = ReluNetwork([[[1], [-1]], [[1, -1]]], [[0, 0], [0]])
    formal, true = (ask(net, None, 1, 1).value for ask in (lipschitz.formal, lipschitz.exact))
    return ["chain rule at kinks", "relu(x) - relu(-x)", str(formal), str(true), "not the constant"]


def _root(square: Fraction) -> str:
    return f"{float(square) ** 0.5:g}"


def draw(data: list[list[str]], ax: Any) -> None:
    """A table without frame."""
    ax.axis("off")
    table = ax.table(cellText=data, colLabels=_COLUMNS, loc="center", cellLoc="left",
                     colWidths=[0.25, 0.31, 0.12, 0.14, 0.18])
    table.auto_set_font_size(False)
    table.set_fontsize(9)
    table.scale(1, 1.6)
    for (row, _), cell in table.get_celld().items():
        cell.set_edgecolor("#cccccc")
        if row == 0:
            cell.set_text_props(weight="bold")
