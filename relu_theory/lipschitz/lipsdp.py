"""LipSDP: the best multipliers by a conic solver, one for each neuron or one for each layer.

Couplings between neurons ("LipSDP-Network") are not offered: with them the value is not an upper
bound (see the ledger).
"""

from __future__ import annotations

from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import TooLarge, Undecided
from relu_theory.lipschitz.multipliers import Layered

__all__ = ["solve_multipliers"]

Floats = NDArray[np.float64]
# Beyond this an interior-point method takes minutes; the first-order method takes seconds.
_MOST_NEURONS = 150


def solve_multipliers(
    layered: Layered, state: NDArray[np.int64], per_layer: bool = False
) -> tuple[Floats, float]:
    """Multipliers of the free neurons, and rho as the solver has it (not proved).

    Raises
    ------
    TooLarge
        For more than 150 free neurons.
    Undecided
        When the solver finds nothing.
    """
    import cvxpy as cp

    free = int((state == 0).sum())
    if free > _MOST_NEURONS:
        raise TooLarge(f"{free} neurons may switch; the conic solver takes at most {_MOST_NEURONS}:"
                       " use method='lipsdp-first-order'", free)
    linear, dim = layered.linear(state), layered.dim
    u, y = linear[:free], linear[free:]
    size = max(float(np.linalg.norm(y, 2)), 1e-150)
    groups = _groups(layered, state) if per_layer else np.eye(free)
    rho, free_t = cp.Variable(), cp.Variable(groups.shape[1], nonneg=True)
    t = cp.diag(groups @ free_t) if free else np.zeros((0, 0))
    gram = y.T @ y / size**2
    a, b = u[:, :dim], u[:, dim:]
    corner = rho * np.eye(dim) - gram[:dim, :dim]
    if free == 0:
        value = float(np.linalg.eigvalsh(gram[:dim, :dim])[-1])
        return np.zeros(0), value * size**2
    side = -gram[:dim, dim:] - a.T @ t
    block = cp.bmat([[corner, side], [side.T, 2 * t - t @ b - b.T @ t - gram[dim:, dim:]]])
    problem = cp.Problem(cp.Minimize(rho), [(block + block.T) / 2 >> 0])
    with suppress(cp.error.SolverError):
        problem.solve(solver=cp.CLARABEL)
    if free_t.value is None or not np.isfinite(free_t.value).all():
        raise Undecided(f"the solver stopped with status {problem.status}; use "
                        "method='lipsdp-first-order'")
    found = groups @ np.maximum(free_t.value, 0.0)
    found = np.maximum(found, 1e-9 * max(float(found.max()), 1e-150))
    return found * size**2, float(rho.value) * size**2


def _groups(layered: Layered, state: NDArray[np.int64]) -> Floats:
    widths = layered.widths[1:-1]
    layer = np.repeat(np.arange(len(widths)), widths)[state == 0]
    return (layer[:, None] == np.arange(len(widths))[None]).astype(float)
