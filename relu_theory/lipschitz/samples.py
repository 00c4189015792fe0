"""Reading samples: points and values by coordinate, scaled by powers of two."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.lipschitz.norms import check_order

__all__ = ["Sample", "from_power", "read_sample", "to_power"]

Floats = NDArray[np.float64]
_ROWS = 1 << 14


@dataclass(frozen=True)
class Sample:
    """n points and values; rows may lie in a memory map and are read in tiles.

    Attributes
    ----------
    x : (n, d), y : (n, k)
    orders : (2,) int array
        Metrics for the kernels: 1, 2, or 0 for inf.
    scale_x, scale_y : float
        Powers of two by which the kernels' numbers are smaller, so that squares neither overflow
        nor vanish.
    """

    x: Any
    y: Any
    metric_x: float
    metric_y: float
    orders: NDArray[np.int64]
    scale_x: float
    scale_y: float

    @property
    def count(self) -> int:
        """The number of points."""
        return len(self.x)

    def points(self, first: int, last: int) -> Floats:
        """Scaled points first..last - 1, by coordinate."""
        return _columns(self.x[first:last], self.scale_x)

    def values(self, first: int, last: int) -> Floats:
        """Scaled values first..last - 1, by coordinate."""
        return _columns(self.y[first:last], self.scale_y)


def read_sample(x: Any, y: Any, metric_x: Any, metric_y: Any) -> Sample:
    """Check a sample and its metrics.

    Raises
    ------
    InvalidInput
        For NaN or infinite entries (the row is named), fewer than two points, no coordinates, or an
        unknown metric.
    ShapeError
        When x and y differ in length.
    """
    p, q = check_order("metric_x", metric_x), check_order("metric_y", metric_y)
    points, values = _two_axes(x, "x"), _two_axes(y, "y")
    if len(points) != len(values):
        raise ShapeError(f"x and y must have the same length, got {len(points)} points and "
                         f"{len(values)} values")
    if len(points) < 2:
        raise InvalidInput(f"x must hold at least two points, got {len(points)}; a modulus is "
                           "about pairs")
    if points.shape[1] == 0 or values.shape[1] == 0:
        raise InvalidInput("x and y must have at least one coordinate")
    orders = np.array([0 if order == math.inf else order for order in (p, q)], np.int64)
    return Sample(points, values, p, q, orders, _scale(points, "x"), _scale(values, "y"))


def to_power(value: float, order: float) -> float:
    """A distance as the kernels have it."""
    return value * value if order == 2 else value


def from_power(values: Floats, order: float, scale: float) -> Floats:
    """Distances from what the kernels have."""
    return (np.sqrt(values) if order == 2 else values) * scale


def _two_axes(data: Any, name: str) -> Any:
    array = data if isinstance(data, np.ndarray) else np.asarray(data)
    if array.dtype == object or array.dtype.kind not in "fiub":
        try:
            array = np.asarray(array, np.float64)
        except (TypeError, ValueError):
            raise InvalidInput(f"{name} must hold numbers, got {array.dtype}; encode labels as "
                               "numbers or unit vectors") from None
    if array.ndim == 1:
        array = array[:, None]
    if array.ndim != 2:
        raise ShapeError(f"{name} must have one or two axes, got shape {array.shape}")
    return array


def _scale(array: Any, name: str) -> float:
    top = 0.0
    for first in range(0, len(array), _ROWS):
        tile = np.abs(np.asarray(array[first : first + _ROWS], np.float64))
        if not np.isfinite(tile).all():
            row = first + int(np.flatnonzero(~np.isfinite(tile).all(axis=1))[0])
            raise InvalidInput(f"{name}[{row}] is not finite; drop or fill such rows")
        top = max(top, float(tile.max(initial=0.0)))
    return 2.0 ** min(max(math.frexp(top)[1], -1000), 1000) if top > 0 else 1.0


def _columns(rows: Any, scale: float) -> Floats:
    return np.ascontiguousarray(np.asarray(rows, np.float64).T / scale)
