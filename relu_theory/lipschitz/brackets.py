r"""From a sample to the function: two-sided bounds on the modulus of continuity, and on L.

X is a finite sample of a domain, h its fill distance (every point of the domain is within h of X),
w the modulus of f on the domain and w_X the discrete one.

* w_X(t) <= w(t) for every t.
* In any metric space w(t) <= w_X(t + 2 h) + 2 w(h); with a proved constant L that is at most
  w_X(t + 2 h) + 2 L h.
* If a ball of radius r >= 2 h lies in a region where f has the slope L, then
  L (1 - 2 h / r) <= L_X <= L.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_theory.domain import Box
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.lipschitz.modulus import Modulus
from relu_theory.lipschitz.norms import check_order

__all__ = ["Curves", "compare", "fill_distance", "grid_fill_distance", "modulus_bracket"]

Floats = NDArray[np.float64]


def modulus_bracket(modulus: Modulus, t: ArrayLike, fill: float, lipschitz: float) -> Any:
    """Lower and upper bounds on the true modulus at t, the upper one also at most ``lipschitz t``.

    Parameters
    ----------
    modulus : Modulus
        Exact, of values f(x_i) of the function; computed without truncation.
    t : number or array
    fill : float
        An upper bound on the fill distance.
    lipschitz : float
        An upper bound on the Lipschitz constant of f in the same metrics.

    Returns
    -------
    lower, upper : arrays of the shape of t

    Raises
    ------
    InvalidInput
        For an estimated modulus, or a negative fill distance or constant.

    Examples
    --------
    >>> from relu_theory.lipschitz import dmoc
    >>> w = dmoc([0, 1, 2], [0, 1, 2])
    >>> modulus_bracket(w, 1.0, fill=0.125, lipschitz=2.0)
    (1.0, 1.5)
    """
    if not modulus.exact:
        raise InvalidInput("modulus must be exact, got an estimate; use lipschitz.dmoc")
    if not (fill >= 0 and lipschitz >= 0):
        raise InvalidInput(f"fill and lipschitz must not be negative, got {fill} and {lipschitz}")
    times = np.asarray(t, np.float64)
    upper = np.asarray(modulus(times + 2 * fill)) + 2 * lipschitz * fill
    upper = np.minimum(upper, lipschitz * times)
    return modulus(t), (float(upper) if upper.ndim == 0 else upper)


def fill_distance(sample: ArrayLike, probes: ArrayLike, metric: Any = 2) -> float:
    """The largest distance of a probe from the sample: a lower bound on the fill distance.

    With the whole data set as probes of a subsample it is the fill distance within that set.

    Examples
    --------
    >>> fill_distance([[0.0], [1.0]], [[0.25], [0.5]])
    0.5
    """
    from scipy.spatial import cKDTree

    x, y = np.atleast_2d(np.asarray(sample, float)), np.atleast_2d(np.asarray(probes, float))
    if x.shape[1] != y.shape[1]:
        raise ShapeError(f"sample and probes must have the same number of coordinates, got "
                         f"{x.shape[1]} and {y.shape[1]}")
    return float(cKDTree(x).query(y, p=check_order("metric", metric))[0].max())


def grid_fill_distance(box: Box, cells: int, metric: Any = 2) -> float:
    """The fill distance of the corners of a grid with this many cells along each axis of a box.

    Examples
    --------
    >>> grid_fill_distance(Box(0, 1, dim=4), 2)
    0.5
    """
    order = check_order("metric", metric)
    halves = np.array([float(b - a) / (2 * cells)
                       for a, b in zip(box.lower, box.upper, strict=True)])
    return float(np.linalg.norm(halves, ord=order))


class Curves(NamedTuple):
    """How alike two moduli are on a grid.

    Attributes
    ----------
    a_rel : float
        sum |a - b| / sum |a|.
    s_rel : float
        1 - a_rel.
    pearson : float
        The correlation coefficient; NaN when a curve is constant.
    """

    a_rel: float
    s_rel: float
    pearson: float


def compare(a: ArrayLike, b: ArrayLike) -> Curves:
    """Compare two curves given on one grid: the diagnostics of the discrete modulus.

    Raises
    ------
    ShapeError
        When their lengths differ.
    InvalidInput
        When the first curve is zero everywhere.

    Examples
    --------
    >>> compare([1, 2, 3], [1, 2, 4]).s_rel == 1 - 1 / 6
    True
    """
    first, second = np.asarray(a, float), np.asarray(b, float)
    if first.shape != second.shape or first.ndim != 1:
        raise ShapeError(f"a and b must be vectors of one length, got shapes {first.shape} and "
                         f"{second.shape}")
    total = float(np.abs(first).sum())
    if total == 0:
        raise InvalidInput("a must not be zero everywhere: no relative difference exists")
    distance = float(np.abs(first - second).sum()) / total
    flat = np.ptp(first) == 0 or np.ptp(second) == 0
    pearson = float("nan") if flat else float(np.corrcoef(first, second)[0, 1])
    return Curves(distance, 1 - distance, pearson)
