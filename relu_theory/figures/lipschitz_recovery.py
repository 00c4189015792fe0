"""The discrete Lipschitz constant of a grid reaches the exact one as the fill distance shrinks.

One line for each Gaussian network with two inputs and eight neurons on [-1, 1]^2: the relative
deficit of L_X, and dashed the proved rate 2 h / r, r the radius of a disc in the steepest region.
"""

from typing import Any

import numpy as np

from relu_theory import families, lipschitz
from relu_theory.domain import Box
from relu_theory.plotting.palettes import OKABE_ITO
from relu_theory.regions import cells

SEED = 0
THEOREMS = ("doelz2026_dmoc.recovery",)

_FLOOR = 1e-9
_COLOURS = (4, 5, 2, 6)


def data(rng: Any, fast: bool) -> list[dict[str, Any]]:
    """For each network the fill distances, deficits and radius."""
    sizes = [5, 10, 20] if fast else [5, 10, 20, 40, 80, 160]
    return [_line(seed, sizes) for seed in range(2 if fast else 4)]


def _line(seed: int, sizes: list[int]) -> dict[str, Any]:
    net, box = families.gaussian(2, [8], seed), Box(-1, 1, dim=2)
    found = lipschitz.exact(net, box)
    deficits = []
    for k in sizes:
        axis = np.linspace(-1, 1, k + 1)
        x = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
        deficits.append(1 - lipschitz.dmoc(x, net.forward(x)).lipschitz / float(found))
    fills = [lipschitz.grid_fill_distance(box, k) for k in sizes]
    return {"seed": seed, "fills": fills, "deficits": deficits, "radius": _radius(net, box, found)}


def _radius(net: Any, box: Box, found: Any) -> float:
    """The distance of the witness from the nearest facet."""
    region = next(c for c in cells(net, box) if c.pattern == found.witness.pattern)
    point = np.array([float(v) for v in found.witness.point])
    return min(float((np.dot(f.normal, point) + f.offset) / np.linalg.norm(f.normal))
               for f in ((_floats(facet)) for facet in region.facets()))


def _floats(facet: Any) -> Any:
    top = max(abs(v) for v in facet.normal)
    normal = np.array([v / top for v in facet.normal])
    return type(facet)(facet.source, normal, facet.offset / top, (), ())


def draw(data: list[dict[str, Any]], ax: Any) -> None:
    """Logarithmic axes; deficits of rounding size are drawn at the bottom."""
    for k, panel in enumerate(data):
        color = OKABE_ITO[_COLOURS[k]]
        ax.loglog(panel["fills"], np.maximum(panel["deficits"], _FLOOR), marker="os^D"[k],
                  color=color, label=f"network {panel['seed']}")
        rate = 2 * np.array(panel["fills"]) / panel["radius"]
        ax.loglog(panel["fills"], np.minimum(rate, 1), linestyle="--", linewidth=0.8, color=color,
                  marker="os^D"[k], markersize=4, fillstyle="none")
    ax.plot([], [], linestyle="--", linewidth=0.8, color="black",
            label="proved bound 2h/r (at most 1)")
    ax.set_xlabel("fill distance h of the grid")
    ax.set_ylabel("deficit $1 - L_X / L$")
    ax.legend(fontsize=8)
