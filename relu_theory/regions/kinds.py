"""The six definitions of a linear region, counted.

================  =================================================================  =============
kind              a region is                                                         depends on
================  =================================================================  =============
activation        a non-empty set of inputs with one activation pattern               the network
proper            such a set with interior points                                     the network
convex            a polyhedron of a smallest polyhedral complex compatible with f     the function
open_connected    a maximal open connected set on which f is affine                   the function
closed_connected  a maximal closed connected set, with interior, on which f is        the function
                  affine
affine            a maximal set, with interior, on which f is affine                  the function
================  =================================================================  =============

The counts decrease from the first line to the last.  Everything is relative to the domain: open
sets and interiors are those of its affine hull, and maps that agree on the domain are the same.
Without the words "with interior" the last two counts could be infinite: every level set of a bump
is a closed set on which it is constant.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from typing import Any

from relu_theory.certificate import Bracket
from relu_theory.errors import InvalidInput, ReluTheoryError, TooLarge
from relu_theory.network import ReluNetwork
from relu_theory.regions import enumeration
from relu_theory.regions.activation import count_activation, count_activation_of_cells
from relu_theory.regions.connected import closed_components, open_components
from relu_theory.regions.convex import convex_of_subdivision
from relu_theory.regions.machine import Tally
from relu_theory.regions.subdivision import MapKeys, Subdivision, subdivide

__all__ = ["KINDS", "all_counts", "count"]

#: The six kinds, from the largest count to the smallest.
KINDS = ("activation", "proper", "convex", "open_connected", "closed_connected", "affine")


def count(
    net: ReluNetwork,
    domain: Any = None,
    kind: str = "proper",
    *,
    arithmetic: str = "exact",
    workers: int = 1,
    limit: int | None = None,
    progress: bool = False,
    checkpoint: str | os.PathLike | None = None,
    tally: Tally | None = None,
) -> int:
    """The number of linear regions of a network on a domain, by any of the six definitions.

    Parameters
    ----------
    net : ReluNetwork
        d inputs, any depth, any number of outputs: pieces are those of the vector-valued map.
    domain : Box, Polytope or WholeSpace, optional
        All of R^d by default.  A lower-dimensional domain is treated within its affine hull; an
        empty one has no regions.
    kind : str
        One of `KINDS`; the table at the head of this module defines them.
    limit : int, optional
        Give up when more regions than this are met ("proper"), or have to be stored (others).
    arithmetic : {"exact", "float"}
        Like the options below for "proper" only. "float" takes a sign that floating point cannot
        decide for zero: its count may be wrong.
    workers : int
        Threads; the answer does not depend on it.
    progress : bool
        Show a progress bar.
    checkpoint : path, optional
        Record finished parts in this file and go on from it when it exists.
    tally : Tally, optional
        Filled with how the run's predicates were decided.

    Returns
    -------
    int
        Exact.

    Raises
    ------
    InvalidInput
        For an unknown kind or option.
    Undecided
        When the number of convex regions, which is hard to find, is only bracketed.
    TooLarge
        When the limit is passed.

    Notes
    -----
    "proper" stores nothing, "affine" only the distinct maps, "activation" only the patterns; the
    others hold the cells in memory.  `convex_regions` tells more about "convex".

    References
    ----------
    Stargalla, Hertrich, Reichman, arXiv 2505.16716.

    Examples
    --------
    max(-y, min(0, -x)) as a network with two hidden layers:

    >>> net = ReluNetwork([[[1, 0], [0, 1], [0, -1]], [[1, -1, 1], [1, 0, 0]], [[1, -1]]],
    ...                   [[0, 0, 0], [0, 0], [0]])
    >>> [count(net, kind=kind) for kind in KINDS]
    [7, 5, 4, 3, 3, 3]
    """
    if kind not in KINDS:
        raise InvalidInput(f"kind must be one of {', '.join(KINDS)}, got {kind!r}")
    options = {"arithmetic": arithmetic, "workers": workers, "progress": progress,
               "checkpoint": checkpoint, "tally": tally}
    if kind == "proper":
        return enumeration.count(net, domain, limit=limit, **options)
    wrong = [name for name, value in options.items() if value != _DEFAULTS[name]]
    if wrong:
        raise InvalidInput(
            f"kind={kind!r} is counted exactly in one thread and takes no {', '.join(wrong)}; "
            "leave the option out")
    if kind == "activation":
        return count_activation(net, domain, limit=limit)
    if kind == "affine":
        return _affine(net, domain, limit)
    counted = _COUNTERS[kind](subdivide(net, domain, limit=limit))
    return counted.value if isinstance(counted, Bracket) else counted


def all_counts(
    net: ReluNetwork, domain: Any = None, *, limit: int | None = None
) -> dict[str, int | Bracket]:
    """The number of regions by each of the six definitions.

    Parameters
    ----------
    net, domain, limit
        As in `count`.

    Returns
    -------
    dict
        Keys are `KINDS`, in this order, which is that of decreasing counts.  "convex" may be a
        `Bracket`; all others are ints.

    Raises
    ------
    TooLarge
        When there are more than `limit` cells.

    Notes
    -----
    The chain of the six counts is checked; a violation would be an error of this package and
    raises `ReluTheoryError`.

    Examples
    --------
    The tent, zero on both sides:

    >>> tent = ReluNetwork([[[1], [1], [1]], [[1, -2, 1]]], [[0, -1, -2], [0]])
    >>> list(all_counts(tent).values())
    [4, 4, 4, 4, 4, 3]
    """
    found = subdivide(net, domain, limit=limit)
    counts = {
        "activation": count_activation_of_cells(net, found.cells),
        "proper": found.size,
        **{kind: counter(found) for kind, counter in _COUNTERS.items()},
        "affine": len(found.maps),
    }
    _check_chain(counts)
    return counts


def _affine(net: ReluNetwork, domain: Any, limit: int | None) -> int:
    keys = MapKeys(net, domain)
    for cell in enumeration.cells(net, domain):
        keys.number(cell)
        if limit is not None and len(keys.maps) > limit:
            raise TooLarge(
                f"there are more than limit={limit} affine regions; raise the limit, or ask about "
                "a smaller domain", len(keys.maps))
    return len(keys.maps)


def _convex(found: Subdivision) -> int | Bracket:
    bracket = convex_of_subdivision(found).bracket
    return bracket.lower if bracket.is_exact else bracket


def _check_chain(counts: dict[str, int | Bracket]) -> None:
    for more, less in pairwise(counts):
        upper = getattr(counts[more], "upper", counts[more])
        lower = getattr(counts[less], "lower", counts[less])
        if upper < lower:
            raise ReluTheoryError(
                f"the count of {more} regions, {upper}, is below that of {less} regions, {lower}: "
                "please report this network")


_DEFAULTS = {"arithmetic": "exact", "workers": 1, "progress": False, "checkpoint": None,
             "tally": None}
_COUNTERS: dict[str, Callable[[Subdivision], int | Bracket]] = {
    "convex": _convex,
    "open_connected": lambda found: len(open_components(found)),
    "closed_connected": lambda found: len(closed_components(found)),
}
