"""The agnostic-to-realizable reduction on finite classes: exact failure probabilities.

Summed over all unlabeled samples of n points, and averaged over the hypotheses of each class.
"""

from typing import Any

import numpy as np

from relu_theory import vc

SIZE = (8.0, 4.2)
THEOREMS = ("hopkins2022_reduction.covering", "hopkins2022_reduction.finite_classes")
RADIUS = (1, 8)
_STYLES = (("#0072B2", "o"), ("#D55E00", "s"))


def data(rng: np.random.Generator, fast: bool) -> list[dict[str, Any]]:
    """Failure of the reduction, of the learner on its target, and the union bound, over n."""
    from fractions import Fraction

    radius = Fraction(*RADIUS)
    points = 6 if fast else 8
    sizes = list(range(1, 9 if fast else 25))
    classes = {
        f"thresholds on {points} points": [[int(i >= t) for i in range(points)]
                                           for t in range(points + 1)],
        f"two ReLUs on {points - 1} points": [list(map(int, word)) for word in vc.labelings(
            vc.OneHidden(1, 2), [[i] for i in range(points - 1)])],
    }  # fmt: skip
    out = []
    for name, matrix in classes.items():
        count = len(matrix)
        rows = {"name": name, "n": sizes, "union": [count * (1 - radius) ** n for n in sizes]}
        for key, reduction in (("reduction", True), ("target", False)):
            rows[key] = [
                sum((vc.failure_probability(matrix, h, n, radius, reduction=reduction)
                     for h in range(count)), Fraction(0)) / count for n in sizes
            ]  # fmt: skip
        out.append(rows)
    return out


def draw(data: list[dict[str, Any]], ax: Any) -> None:
    """Probabilities on a logarithmic scale."""
    for series, (colour, marker) in zip(data, _STYLES, strict=True):
        n = series["n"]
        for key, style, label in (
            ("union", ":", "union bound"), ("target", "-", "learner on its target, mean"),
            ("reduction", "--", "reduction, mean"),
        ):  # fmt: skip
            pairs = [(a, float(p)) for a, p in zip(n, series[key], strict=True) if p]
            if pairs:
                ax.plot(*zip(*pairs, strict=True), style, color=colour,
                        marker="" if key == "union" else marker,
                        markersize=8 if key == "target" else 4,
                        fillstyle="none" if key == "target" else "full",
                        label=f"{series['name']}: {label}")  # fmt: skip
    ax.set(yscale="log", xlabel="unlabeled sample n", ylabel="exact failure probability",
           ylim=(1e-7, 60))  # fmt: skip
    ax.grid(True, linewidth=0.4, alpha=0.5)
    ax.legend(frameon=False, fontsize=8, loc="lower left")
