"""The discrete modulus of continuity as a step function, and what can be read from it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from relu_theory.errors import InvalidInput
from relu_theory.lipschitz.norms import order_name

__all__ = ["ConcaveMajorant", "Hoelder", "Modulus"]

Floats = NDArray[np.float64]


class Hoelder(NamedTuple):
    """A fit ``w(t) ~ scale * t ** exponent`` and the least constant that bounds w.

    Attributes
    ----------
    exponent, scale : float
        Least squares in logarithms over the steps; an estimate.
    constant : float
        max over the steps of w(t) / t**exponent: with it the bound holds for all t >= q.
    """

    exponent: float
    scale: float
    constant: float


class ConcaveMajorant(NamedTuple):
    """The least concave function above the steps, from (0, w(0)) on: linear between its corners.

    Attributes
    ----------
    corners : (m,) array
    values : (m,) array
    """

    corners: Floats
    values: Floats

    def __call__(self, t: ArrayLike) -> Floats:
        """Its values; constant beyond the last corner."""
        return np.interp(np.asarray(t, np.float64), self.corners, self.values)


@dataclass(frozen=True)
class Modulus:
    r"""w(t) = max { |y_i - y_j| : |x_i - x_j| <= t } of a finite sample, as its steps.

    Attributes
    ----------
    distances, values : (r,) arrays, both strictly increasing
        w jumps to ``values[k]`` at ``distances[k]``.
    pairs : (r, 2) int array
        The pair of samples that makes each step.
    points : int
    metric_x, metric_y : 1, 2 or inf
    truncation : float
        Farther pairs were dropped: nothing is known about w beyond it.
    method : str
    visited : int
        Pairs that were looked at; the others were excluded by bounds.
    exact : bool
        False when only some pairs were drawn: then w is an estimate from below.

    Notes
    -----
    Distances and values are computed in float64; "exact" means that no pair was missed and none
    was moved to a bin.
    """

    distances: Floats
    values: Floats
    pairs: NDArray[np.int64]
    points: int
    metric_x: float
    metric_y: float
    truncation: float = math.inf
    method: str = ""
    visited: int = 0
    exact: bool = True
    _sample: Any = field(default=None, repr=False)

    def __call__(self, t: ArrayLike) -> Any:
        """w(t) at one or many t >= 0.

        Raises
        ------
        InvalidInput
            When some t is negative, NaN, or beyond the truncation.
        """
        times = np.asarray(t, np.float64)
        if not (times >= 0).all():
            raise InvalidInput(f"t must not be negative or NaN, got {t!r}")
        if (times > self.truncation).any():
            raise InvalidInput(
                f"t must not exceed the truncation {self.truncation}, got {t!r}; compute the "
                "modulus with a larger one"
            )
        steps = np.concatenate([[0.0], self.values])
        found = steps[np.searchsorted(self.distances, times, side="right")]
        return float(found) if found.ndim == 0 else found

    @property
    def lipschitz(self) -> float:
        """L_X = max w(t) / t, attained at a step; inf when equal points have different values."""
        return float(self._slopes.max(initial=0.0))

    @property
    def lipschitz_pair(self) -> tuple[int, int] | None:
        """The pair that attains `lipschitz`; None when all values are equal."""
        if not len(self.values):
            return None
        i, j = self.pairs[int(self._slopes.argmax())]
        return int(i), int(j)

    @property
    def _slopes(self) -> Floats:
        with np.errstate(divide="ignore"):
            return self.values / self.distances

    @property
    def conflict(self) -> tuple[int, int] | None:
        """Two equal points with different values, the most different ones; None without such."""
        if len(self.values) and self.distances[0] == 0:
            return int(self.pairs[0, 0]), int(self.pairs[0, 1])
        return None

    def separation(self) -> float:
        """q = the least distance of two different points; inf when all points are equal."""
        from scipy.spatial import cKDTree

        distinct = np.unique(np.asarray(self._sample, np.float64), axis=0)
        if len(distinct) < 2:
            return math.inf
        near, _ = cKDTree(distinct).query(distinct, k=2, p=self.metric_x)
        return float(near[:, 1].min())

    def concave_majorant(self) -> ConcaveMajorant:
        """The least concave majorant of w on [0, inf), by the upper hull of the steps.

        Notes
        -----
        On a convex domain the majorant of the true modulus is at most twice it; of a finite sample
        no such bound holds.
        """
        corners, values = [0.0], [float(self(0.0))]
        for t, w in zip(self.distances, self.values, strict=True):
            if t == 0:
                continue
            while len(corners) > 1 and (values[-1] - values[-2]) * (t - corners[-2]) <= (
                w - values[-2]) * (corners[-1] - corners[-2]):
                corners.pop()
                values.pop()
            corners.append(float(t))
            values.append(float(w))
        return ConcaveMajorant(np.array(corners), np.array(values))

    def hoelder(self) -> Hoelder:
        """Fit a Hoelder modulus to the steps at positive distances.

        Raises
        ------
        InvalidInput
            When there are fewer than two.
        """
        used = self.distances > 0
        if used.sum() < 2:
            raise InvalidInput("a Hoelder fit needs two steps at positive distances, got "
                               f"{int(used.sum())}; give more points, or values that differ")
        t, w = np.log(self.distances[used]), np.log(self.values[used])
        exponent, shift = np.polyfit(t, w, 1)
        constant = float(np.exp((w - exponent * t).max()))
        return Hoelder(float(exponent), float(np.exp(shift)), constant)

    def seminorm(self, reference: Any) -> float:
        """max over t of w(t) / reference(t), for a nondecreasing positive reference modulus.

        With ``reference = lambda t: t`` this is `lipschitz`.
        """
        bound = np.asarray(reference(self.distances), np.float64)
        with np.errstate(divide="ignore"):
            return float((self.values / bound).max(initial=0.0))

    def __repr__(self) -> str:
        kind = "exact" if self.exact else "estimate from below"
        return (f"<Modulus of {self.points} points, l_{order_name(self.metric_x)} to "
                f"l_{order_name(self.metric_y)}: {len(self.values)} steps, L = "
                f"{self.lipschitz:.7g}, {kind}, by {self.method}>")
