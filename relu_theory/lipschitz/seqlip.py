"""Products of layer norms, and SeqLip: the same with one switch for each neuron in between."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from relu_theory.lipschitz.norms import check_order, operator_norm
from relu_theory.network import ReluNetwork

__all__ = ["norm_product", "seqlip"]

Floats = NDArray[np.float64]
UNIT = 2.0**-53
# Up to this width every switching is tried.
_MOST_SWITCHES = 12
_SWEEPS = 20


def norm_product(net: ReluNetwork, ord_in: float, ord_out: float) -> float:
    """The product of layer norms: first layer p -> r, middle layers r -> r, last r -> q.

    r is p or q, whichever gives less. Rounded up.

    Examples
    --------
    >>> net = ReluNetwork([[[3, 4]], [[2]]], [[0], [0]])
    >>> norm_product(net, 2, 2) >= 10
    True
    """
    return min(_product(net, ord_in, ord_out, between) for between in {ord_in, ord_out})


def _product(net: ReluNetwork, p: float, q: float, between: float) -> float:
    total, last = 1.0, len(net.weights) - 1
    for k, weight in enumerate(net.weights):
        norm = operator_norm(check_order("ord_in", p if k == 0 else between),
                             check_order("ord_out", q if k == last else between), *weight.shape)
        size = np.abs(weight)
        with np.errstate(all="ignore"):
            total *= float(norm.bounds(weight[None], UNIT * size + 1e-300)[1][0]) * (1 + 4 * UNIT)
    return total if np.isfinite(total) else np.inf


def seqlip(net: ReluNetwork) -> tuple[float, bool]:
    r"""SeqLip from l_2 to l_2, and whether every switching was tried.

    With singular values W = U S V^T the network's constant is at most
    prod_i max_D ||S_{i+1}^(1/2) V_{i+1}^T D U_i S_i^(1/2)|| over diagonal D with entries in {0, 1}
    (the ends take S whole). The maximum over D is tried out for layers of up to 12 neurons; beyond,
    a greedy search gives an estimate that may be too small.

    References
    ----------
    Virmaux and Scaman 2018, Section 5.
    """
    factors = [np.linalg.svd(w, full_matrices=False) for w in net.weights]
    if net.depth == 0:
        return float(factors[0][1][0]), True
    total, complete = 1.0, True
    for k in range(net.depth):
        u, s, _ = factors[k]
        _, s_next, v_next = factors[k + 1]
        left = v_next * (s_next if k == net.depth - 1 else np.sqrt(s_next))[:, None]
        right = u * (s if k == 0 else np.sqrt(s))
        value, tried = _best_switching(left, right)
        total, complete = total * value, complete and tried
    return total, complete


def _best_switching(left: Floats, right: Floats) -> tuple[float, bool]:
    width = left.shape[1]
    if width <= _MOST_SWITCHES:
        masks = np.array(list(product((0.0, 1.0), repeat=width)))
        maps = (left[None] * masks[:, None, :]) @ right
        return float(np.linalg.norm(maps, ord=2, axis=(1, 2)).max()), True
    mask = np.ones(width)
    best = float(np.linalg.norm(left @ right, 2))
    for _ in range(_SWEEPS):
        flips = np.abs(mask[None] - np.eye(width))
        values = np.linalg.norm((left[None] * flips[:, None, :]) @ right, ord=2, axis=(1, 2))
        if values.max() <= best * (1 + 1e-12):
            break
        mask, best = flips[values.argmax()], float(values.max())
    return best, False
