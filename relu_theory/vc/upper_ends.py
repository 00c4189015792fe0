"""The least upper bound on the VC dimension of an architecture that some proof gives.

Each end names the method of a certificate, which `relu_theory.vc.check_upper` or
`check_order_types` checks; their texts hold the arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import comb
from typing import Any

from relu_theory.vc.architectures import Halfspaces, Intersections, OneHidden, Threshold, Unions
from relu_theory.vc.bounds import bartlett2019_growth
from relu_theory.vc.curves import is_one_unit
from relu_theory.vc.deep import DeepNetwork
from relu_theory.vc.group_networks import GroupConv
from relu_theory.vc.order_types import order_type_bound
from relu_theory.vc.upper import counting_bound, dichotomies, largest_shattered, slope_multipliers

__all__ = ["UpperEnd", "crossing_growth", "pieces_growth", "upper_end"]


@dataclass(frozen=True)
class UpperEnd:
    """An upper bound with its reason, the name of its proof, and what makes the proof."""

    bound: int
    reason: str
    method: str
    proof: Callable[[], dict[str, Any]] = dict


def upper_end(architecture: Any) -> UpperEnd:
    """The least bound that a proof gives.

    Examples
    --------
    >>> end = upper_end(OneHidden(2, 2))
    >>> end.bound, end.reason
    (8, 'one side is an intersection of 3 halfplanes; 12767 extensions by a 9th point refuted')
    >>> upper_end(OneHidden(2, 2, skip=True)).bound
    36
    """
    return min(_ends(architecture), key=lambda end: end.bound)


def pieces_growth(net: OneHidden, points: int) -> int:
    """At most this many labelings: f is a maximum of affine functions minus another one.

    With p positive and q negative ReLUs these have 2^p and 2^q members, so f > 0 is a union of 2^p
    intersections of 2^q halfspaces, and f <= 0 one of 2^q intersections of 2^p. Without a linear
    part one intersection has a halfspace less.

    Examples
    --------
    >>> pieces_growth(OneHidden(2, 1), 4)
    28
    """

    def unions(many: int, parts: int) -> int:
        whole = _intersections(points, net.inputs, parts)
        if net.skip:
            return _multisets(whole, many)
        return _intersections(points, net.inputs, parts - 1) * _multisets(whole, many - 1)

    return sum(
        min(unions(2**p, 2 ** (net.units - p)), unions(2 ** (net.units - p), 2**p))
        for p in range(net.units + 1)
    )


def crossing_growth(order: int, points: int) -> int:
    """``2 m + C(m, 2) (2 r - 2 - [r even])``: labelings by one unit, one kernel and one channel.

    A unit gives each function a curve of the bias b, and two curves cross so often at most for
    both signs of the weight; each crossing gives a labeling.

    Examples
    --------
    >>> [crossing_growth(1, m) for m in (2, 3)], crossing_growth(4, 7)
    ([4, 6], 119)
    """
    return 2 * points + comb(points, 2) * (2 * order - 2 - (order % 2 == 0))


def _ends(net: Any) -> Iterator[UpperEnd]:
    if isinstance(net, Halfspaces):
        size = net.parameters
        yield UpperEnd(size, f"a vector space of functions of dimension {size}", "dependence")
    if isinstance(net, OneHidden):
        yield from _of_networks(net)
    if isinstance(net, (Intersections, Threshold, Unions)):
        yield from _of_halfspaces(net)
    if isinstance(net, GroupConv):
        yield from _of_group_networks(net)
    if isinstance(net, DeepNetwork):
        why = "counting the signs of polynomials layer by layer"
        yield UpperEnd(bartlett2019_growth(net.widths), why, "layers")
        return
    why = "counting activation patterns and labelings"
    yield _counted(counting_bound(net), why, "counting", net.growth_bound)


def _of_halfspaces(net: Intersections | Threshold | Unions) -> Iterator[UpperEnd]:
    if net.inputs == 1 and isinstance(net, Threshold):
        yield UpperEnd(net.units + 1, f"at most {net.units} sign changes", "changes")
    elif net.inputs == 1:
        why = "at most two sign changes, and the sides of two have fixed labels"
        yield UpperEnd(2, why, "changes")
    elif net.inputs == 2 and not isinstance(net, Threshold):
        why = f"a point in the hull of others, or a polygon of {2 * net.units + 2} vertices"
        yield UpperEnd(2 * net.units + 1, why, "polygon")


def _of_networks(net: OneHidden) -> Iterator[UpperEnd]:
    d, units = net.inputs, net.units
    if units == 1 and not net.skip:
        yield UpperEnd(d + 1, "both sides of one ReLU are halfspaces or everything", "neuron")
    if d == 1:
        if not net.skip and units <= 12 and (rows := slope_multipliers(units)) is not None:
            why = f"{units + 1} sign changes are infeasible for all orientations"
            yield UpperEnd(units + 1, why, "slopes", lambda: {"multipliers": rows})
        yield UpperEnd(units + 2, f"at most {units + 1} sign changes", "changes")
    parts = {(2, False): 3, (1, True): 2}.get((units, net.skip))
    if d == 2 and parts is not None:
        yield _by_order_types(parts)
    if units <= 4:
        bound = largest_shattered(lambda m: pieces_growth(net, m))
        why = "counting unions of intersections of halfspaces"
        yield _counted(bound, why, "pieces", lambda m: pieces_growth(net, m))


def _of_group_networks(net: GroupConv) -> Iterator[UpperEnd]:
    if not is_one_unit(net):
        return
    order = net.group.order
    if order == 2:
        yield UpperEnd(2, "all ways to sort three pairs refuted", "sorting")
    bound = largest_shattered(lambda m: crossing_growth(order, m))
    why = "counting crossings of curves"
    yield _counted(bound, why, "crossings", lambda m: crossing_growth(order, m))


def _counted(bound: int, why: str, method: str, growth: Callable[[int], int]) -> UpperEnd:
    def proof() -> dict[str, Any]:
        return {"growth": str(growth(bound + 1))}

    return UpperEnd(bound, why, method, proof)


def _by_order_types(parts: int) -> UpperEnd:
    found = order_type_bound(parts, True)
    why = (
        f"one side is an intersection of {parts} halfplanes; {found.refuted} extensions by a "
        f"{found.bound + 1}th point refuted"
    )
    return UpperEnd(found.bound, why, "order types", found.to_dict)


def _intersections(points: int, dim: int, parts: int) -> int:
    """Intersections of so many halfspaces: multisets, and in the plane Sauer's lemma."""
    found = _multisets(dichotomies(points, dim + 1), parts)
    return min(found, sum(comb(points, i) for i in range(2 * parts + 2))) if dim == 2 else found


def _multisets(kinds: int, size: int) -> int:
    return comb(kinds + size - 1, size)
