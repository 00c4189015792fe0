"""The discrete modulus of continuity of a sample: every record pair, and no bins."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from relu_theory.errors import InvalidInput
from relu_theory.lipschitz.modulus import Modulus
from relu_theory.lipschitz.samples import Sample, from_power, read_sample, to_power
from relu_theory.lipschitz.staircase import Staircase
from relu_theory.lipschitz.tiles import by_coordinates, by_products, seed
from relu_theory.lipschitz.tree import by_tree
from relu_theory.progress import progress_bar

__all__ = ["dmoc"]

METHODS = ("auto", "coordinates", "products", "tree")
# Bins of the tables, 2^bits: more of them pay where a tree meets very many records.
_BITS, _TREE_BITS, _FINE_FROM = 17, 20, 100_000
# Measured: from here on products beat coordinates, and a tree beats both.
_PRODUCTS_FROM, _TREE_FROM = 6, {1: 1000, 2: 4000, 3: 16_000, 4: 30_000, 5: 60_000}


def dmoc(
    x: ArrayLike,
    y: ArrayLike,
    metric_x: Any = 2,
    metric_y: Any = 2,
    *,
    truncation: float = math.inf,
    method: str = "auto",
    workers: int = 1,
    memory: int = 1 << 30,
    limit: int = 2_000_000,
    progress: bool = False,
) -> Modulus:
    r"""The exact staircase w(t) = max { |y_i - y_j| : |x_i - x_j| <= t } of a sample.

    Parameters
    ----------
    x : (n, d) or (n,) array
        Points; x and y may be memory maps, which are read in tiles and never as a whole.
    y : (n, k) or (n,) array
        Values.
    metric_x, metric_y : 1, 2 or inf
    truncation : float
        Pairs at a larger distance are dropped.
    method : {"auto", "coordinates", "products", "tree"}
        All pairs by coordinates; by float32 matrix products whose candidates are measured again in
        float64 (Euclidean only); or a dual tree, which excludes blocks of pairs by bounds.
    workers : int
        Threads, for the first two methods.
    memory : int
        About so many bytes of points are held at a time. Tiles are made smaller to fit; a tree over
        more is built in files of a temporary directory, besides 24 bytes for each step and about
        d + k for each point.
    limit : int
        The largest number of steps.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Modulus

    Raises
    ------
    InvalidInput, ShapeError
        For NaN, fewer than two points, unequal lengths, an unknown metric or method, or a
        truncation that is not positive.
    TooLarge
        When there are more steps than the limit.

    Notes
    -----
    Only record pairs matter: those whose value exceeds that of every pair at a smaller or equal
    distance. A pair is compared with a table that is indexed by the leading bits of its distance
    and holds a value attained no farther away; what passes is sorted among the records. All n
    (n - 1) / 2 pairs cost n^2 d operations; the tree costs far less in few dimensions, 21 s of one
    core for a million points in the plane. Distances are rounded to float64, nothing else is;
    methods differ by no more than that rounding, and memory and workers change nothing.

    "auto" takes what was measured to be faster on values that vary smoothly: the tree from 1000,
    4000, 16,000, 30,000 and 60,000 points on in 1 to 5 dimensions, else products from 6 dimensions
    on, else coordinates.

    References
    ----------
    Doelz, Multerer and Palma 2026 (arXiv 2605.28729) for the discrete modulus.

    Examples
    --------
    >>> w = dmoc([0, 1, 3, 7], [0, 2, 3, -1])
    >>> w.distances.tolist(), w.values.tolist(), w.lipschitz
    ([1.0, 3.0, 4.0], [2.0, 3.0, 4.0], 2.0)
    >>> w(2.5), w.lipschitz_pair
    (2.0, (0, 1))
    """
    sample = read_sample(x, y, metric_x, metric_y)
    if not truncation > 0:
        raise InvalidInput(f"truncation must be positive, got {truncation}")
    if isinstance(workers, bool) or not isinstance(workers, int) or workers < 1:
        raise InvalidInput(f"workers must be a positive int, got {workers!r}")
    if isinstance(memory, bool) or not isinstance(memory, int) or memory < 1:
        raise InvalidInput(f"memory must be a positive int (bytes), got {memory!r}")
    chosen = _choose(sample, method)
    farthest = to_power(truncation / sample.scale_x, sample.metric_x)
    if chosen == "tree":
        workers = 1
    bits = _TREE_BITS if chosen == "tree" and sample.count >= _FINE_FROM else _BITS
    stairs = [Staircase(limit, farthest, bits=bits) for _ in range(workers)]
    with progress_bar(progress, desc="tiles", unit="tile") as bar:
        if chosen == "tree":
            by_tree(sample, stairs[0], bar, memory)
        else:
            for mine in stairs:
                seed(sample, mine)
            run = by_products if chosen == "products" else by_coordinates
            run(sample, stairs, bar, memory)
    whole = stairs[0]
    for other in stairs[1:]:
        whole.add(other.distances, other.values, other.pairs)
    return _modulus(sample, whole, truncation, chosen, sum(s.visited for s in stairs))


def _choose(sample: Sample, method: str) -> str:
    if method not in METHODS:
        raise InvalidInput(f"method must be one of {', '.join(METHODS)}, got {method!r}")
    if method == "products" and sample.metric_x != 2:
        raise InvalidInput("method 'products' needs metric_x = 2; use 'coordinates'")
    if method != "auto":
        return method
    dim = sample.x.shape[1]
    if sample.count >= _TREE_FROM.get(dim, math.inf):
        return "tree"
    return "products" if dim >= _PRODUCTS_FROM and sample.metric_x == 2 else "coordinates"


def _modulus(sample: Sample, stairs: Staircase, truncation: float, method: str, visited: int,
             exact: bool = True) -> Modulus:
    return Modulus(
        *_distinct(from_power(stairs.distances, sample.metric_x, sample.scale_x),
                   from_power(stairs.values, sample.metric_y, sample.scale_y), stairs.pairs.T),
        sample.count, sample.metric_x, sample.metric_y, truncation, method, visited, exact,
        sample.x,
    )  # fmt: skip


def _distinct(distances: Any, values: Any, pairs: Any) -> tuple[Any, Any, Any]:
    """Drop steps that taking square roots has made equal."""
    last = np.append(distances[1:] > distances[:-1], True)[: len(distances)]
    distances, values, pairs = distances[last], values[last], pairs[last]
    first = np.concatenate([[True], values[1:] > values[:-1]])[: len(values)]
    return distances[first], values[first], np.ascontiguousarray(pairs[first])
