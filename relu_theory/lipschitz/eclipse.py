r"""Layer-by-layer multipliers: ECLipsE in closed form, and with a semidefinite program per layer.

Forward from X_0 = I: with K = W X^{-1} W^T a diagonal Lambda gives X = Lambda - Lambda K Lambda / 4
for the next layer, and in the end L^2 is the largest eigenvalue of W_L X^{-1} W_L^T. In the
inequality of `multipliers` this is t = L^2 Lambda / 2, which is what is proved.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from relu_theory.lipschitz.multipliers import Layered

__all__ = ["closed_form", "with_programs"]

Floats = NDArray[np.float64]


def closed_form(layered: Layered) -> tuple[Floats, float]:
    """ECLipsE-Fast: Lambda = 2 / lambda_max(K) times the identity; multipliers and rho.

    Examples
    --------
    >>> from relu_theory import ReluNetwork
    >>> net = ReluNetwork([[[3]], [[2]]], [[0], [0]])
    >>> t, rho = closed_form(Layered(net))
    >>> float(np.ldexp(rho ** 0.5, Layered(net).exponent))
    6.0
    """
    def choose(kernel: Floats, following: Floats) -> Floats:
        top = float(np.linalg.eigvalsh(kernel)[-1])
        return np.full(len(kernel), 2.0 / max(top, 1e-150))

    return _forward(layered, choose)


def with_programs(layered: Layered) -> tuple[Floats, float]:
    """ECLipsE: each Lambda maximises c with X - c W_next^T W_next positive semidefinite.

    Where the solver finds no maximum, as before a layer of zeros, the closed form takes its place.
    """
    return _forward(layered, _program)


def _forward(layered: Layered, choose: object) -> tuple[Floats, float]:
    matrices = layered.matrices
    inverse = np.eye(layered.dim)
    found: list[Floats] = []
    for weight, following in pairwise(matrices):
        kernel = weight @ inverse @ weight.T
        kernel = (kernel + kernel.T) / 2
        chosen = choose(kernel, following)  # type: ignore[operator]
        found.append(chosen)
        moved = np.diag(chosen) - chosen[:, None] * kernel * chosen[None] / 4
        inverse = np.linalg.pinv((moved + moved.T) / 2, hermitian=True)
    last = matrices[-1] @ inverse @ matrices[-1].T
    # Multipliers of zero prove nothing, not even that a constant function is constant.
    rho = max(float(np.linalg.eigvalsh((last + last.T) / 2)[-1]), 1e-14 * layered.size)
    return np.concatenate([np.zeros(0), *found]) * (rho / 2), rho


def _program(kernel: Floats, following: Floats) -> Floats:
    import cvxpy as cp

    if not following.any():
        return np.full(len(kernel), 2.0 / max(float(np.linalg.eigvalsh(kernel)[-1]), 1e-150))
    values, vectors = np.linalg.eigh(kernel)
    factor = vectors * np.sqrt(np.maximum(values, 0.0))
    size = len(kernel)
    # Numbers near 1 for the solver: K has largest eigenvalue 1 and W_next norm 1.
    top, gain = max(values[-1], 1e-150), max(float(np.linalg.norm(following, 2)), 1e-150)
    factor, gram = factor / np.sqrt(top), following.T @ following / gain**2
    chosen, c = cp.Variable(size, nonneg=True), cp.Variable()
    scaled = cp.diag(chosen) @ factor / 2
    block = cp.bmat([[cp.diag(chosen) - c * gram, scaled], [scaled.T, np.eye(size)]])
    problem = cp.Problem(cp.Maximize(c), [(block + block.T) / 2 >> 0])
    with suppress(cp.error.SolverError):
        problem.solve(solver=cp.CLARABEL)
    if chosen.value is None or not np.isfinite(chosen.value).all():
        return np.full(size, 2.0 / top)
    return np.maximum(chosen.value, 1e-9) / top
