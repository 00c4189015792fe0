"""The least number of neurons without a free linear term, over all sparsest interpolants.

A function with slopes r_0, ..., r_K on its pieces is a network of K neurons exactly when some odd
number of its slopes has alternating sum zero, r_i - r_j + r_k - ... = 0 for i < j < k < ...: the
neurons at the knots behind an even number of them face left. Over the family of sparsest
interpolants each slope ranges over a point or an open interval, and so does every such sum.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, product
from operator import xor
from typing import Any, NamedTuple

from flint import fmpq

from relu_theory.certificate import Bracket
from relu_theory.cpwl import CPWL, SkipNetwork
from relu_theory.cpwl.networks import with_skip, without_skip
from relu_theory.errors import Undecided
from relu_theory.network import ReluNetwork
from relu_theory.sparse.family import Edge, Family
from relu_theory.sparse.intervals import Interval, slope_range
from relu_theory.sparse.points import read_points

__all__ = ["MinimalNetwork", "min_neurons"]

_ZERO = Interval.point(fmpq(0))


@dataclass(frozen=True)
class MinimalNetwork:
    """A one-hidden-layer network with the fewest neurons that interpolates the data.

    Attributes
    ----------
    count : int
        The number of neurons.
    function : CPWL
    network : ReluNetwork, or SkipNetwork when a free linear term is allowed
    """

    count: int
    function: CPWL
    network: ReluNetwork | SkipNetwork = field(repr=False)


class _State(NamedTuple):
    """A partial choice: the node, whether an odd number of slopes is picked, and their sum."""

    side: int
    odd: bool
    low: fmpq | None
    high: fmpq | None


@dataclass(frozen=True)
class _Step:
    """How a state was reached: from which one, along which edges, picking which pieces."""

    before: _State | None
    edges: tuple[Edge, ...]
    picks: tuple[tuple[int, Interval], ...]


def min_neurons(
    x: Iterable[Any], y: Iterable[Any], skip: bool = False, *, max_states: int = 20_000
) -> MinimalNetwork:
    """The least number of neurons of a one-hidden-layer network that interpolates the data.

    Parameters
    ----------
    x, y : sequences of N >= 2 exact numbers
    skip : bool
        Whether a linear term beside the neurons is free; an output bias always is.
    max_states : int
        The largest number of partial choices kept per segment.

    Returns
    -------
    MinimalNetwork

    Raises
    ------
    Undecided
        When ``max_states`` is exceeded; the answer is one of the two ends of its bracket.

    Notes
    -----
    With K knots necessary: K neurons with the skip; without, K if some sparsest interpolant
    allows it and K + 1 otherwise (for data on a line, K = 0, one neuron with its knot at the
    first point). The search keeps, segment by segment, every reachable range of
    alternating sums; ranges within larger ones are dropped. In the worst case their number
    doubles with every knot (the question contains the subset sum problem).

    Examples
    --------
    One knot suffices, and it may slide to where the left slope is zero:

    >>> min_neurons([0, 1, 2], [0, 1, 3]).count
    1
    >>> min_neurons([0, 1, 2, 3], [0, 1, 3, 6]).count, min_neurons([0, 1], [0, 1]).count
    (2, 1)
    """
    family = Family(read_points(x, y))
    found = None if skip else _balanced(family, max_states)
    path, choose, left = found or _unconstrained(family)
    f = family.member(path, choose)
    if not (skip or found or f.jumps):
        # A line that is not constant: one neuron, with its knot at the first data point.
        start, value = family.points.pairs()[0]
        f = CPWL.from_relus([start], [f.left_slope], 0, value)
    parts = f._knots, f._jumps, f._slopes[0], f._intercept
    if skip:
        return MinimalNetwork(f.variation(0), f, with_skip(*parts))
    net = without_skip(*parts, left)
    return MinimalNetwork(net.num_neurons, f, net)


def _unconstrained(family: Family) -> tuple[tuple[Edge, ...], Any, None]:
    path = family.completed([], min(family.starts))
    return path, lambda interval, piece: _middle(interval), None


def _balanced(
    family: Family, max_states: int
) -> tuple[tuple[Edge, ...], Any, frozenset[int]] | None:
    """A type, a choice of slopes in it, and the knots whose neurons face left, if there are any."""
    history: list[dict[_State, _Step]] = []
    for states in _layers(family, max_states):
        history.append(states)
        for state in states:
            if state.odd and 0 in _interval(state):
                return _witness(family, history, state)
    return None


def _layers(family: Family, max_states: int) -> Iterator[dict[_State, _Step]]:
    """Reachable states behind 0, 1, 2, ... segments (each with the data point at its end)."""
    chord = family.points.slope(0)
    states: dict[_State, _Step] = {}
    for side in sorted(family.starts):
        _extend(states, None, side, (), [(0, slope_range(chord, side))])
    yield states
    for segment in range(len(family.points) - 1):
        following: dict[_State, _Step] = {}
        for state in states:
            for edges in family.passages(segment, state.side):
                new = family.new_pieces(segment, edges)
                _extend(following, state, edges[-1].right, edges, new)
        states = _undominated(following)
        if len(states) > max_states:
            knots = family.count
            raise Undecided(
                f"more than max_states = {max_states} partial choices; raise max_states, or allow "
                "the skip",
                Bracket(knots, knots + 1, reason="K knots need K or K + 1 neurons"),
            )
        yield states


def _extend(
    states: dict[_State, _Step],
    before: _State | None,
    side: int,
    edges: tuple[Edge, ...],
    new: Sequence[tuple[int, Interval]],
) -> None:
    """Add the states in which any of the new pieces are picked."""
    for mask in product((False, True), repeat=len(new)):
        picks = tuple(piece for piece, taken in zip(new, mask, strict=True) if taken)
        odd = before.odd if before else False
        total = _interval(before) if before else _ZERO
        for _, slopes in picks:
            total = total.plus(slopes.negated() if odd else slopes)
            odd = not odd
        state = _State(side, odd, total.low, total.high)
        states.setdefault(state, _Step(before, edges, picks))


def _interval(state: _State) -> Interval:
    point = state.low is not None and state.low == state.high
    return Interval(state.low, state.high, point, point)


def _undominated(states: dict[_State, _Step]) -> dict[_State, _Step]:
    """Without the states whose range lies within that of another one at the same node."""
    groups: dict[tuple[int, bool], list[_State]] = {}
    for state in states:
        groups.setdefault((state.side, state.odd), []).append(state)
    kept: dict[_State, _Step] = {}
    for group in groups.values():
        kept.update((state, states[state]) for state in _largest(group))
    return kept


def _largest(group: list[_State]) -> Iterator[_State]:
    """The open ranges that lie in no other one, and the points that lie in no open range."""
    maximal: list[_State] = []
    for state in sorted((s for s in group if not _interval(s).is_point), key=_longest_first):
        last = maximal[-1].high if maximal else state.low
        if not maximal or (last is not None and _beyond(state.high, last)):
            maximal.append(state)
    yield from maximal
    # Both ends increase along the list: of the ranges that begin below a point, the last reaches
    # furthest.
    lows = [s.low for s in maximal if s.low is not None]
    endless = len(maximal) - len(lows)
    for state in group:
        if _interval(state).is_point:
            i = endless + bisect_left(lows, state.low) - 1
            if i < 0 or not _beyond(maximal[i].high, state.low):
                yield state


def _longest_first(state: _State) -> tuple[bool, fmpq, bool, fmpq]:
    low, high = state.low, state.high
    return low is not None, low or fmpq(0), high is not None, -(high or fmpq(0))


def _beyond(high: fmpq | None, q: fmpq) -> bool:
    return high is None or high > q


def _witness(
    family: Family, history: Sequence[dict[_State, _Step]], state: _State
) -> tuple[tuple[Edge, ...], Any, frozenset[int]]:
    """Complete the type of a balanced state, and choose slopes whose alternating sum is zero."""
    side, steps = state.side, []
    for states in reversed(history):
        steps.append(states[state])
        state = steps[-1].before or state
    steps.reverse()
    picks = [pick for step in steps for pick in step.picks]
    slopes = _zero_sum([interval for _, interval in picks])
    chosen = {piece: q for (piece, _), q in zip(picks, slopes, strict=True)}

    def choose(interval: Interval, piece: int | None) -> fmpq:
        return chosen[piece] if piece in chosen else _middle(interval)

    # A neuron faces left behind an even number of picked pieces; piece k ends at knot k.
    odd = accumulate((piece in chosen for piece in range(family.count)), xor)
    left = frozenset(k for k, behind_odd in enumerate(odd) if not behind_odd)
    path = family.completed([edge for step in steps for edge in step.edges], side)
    return path, choose, left


def _zero_sum(ranges: Sequence[Interval]) -> list[fmpq]:
    """Numbers in the given ranges with alternating sum zero."""
    signed = [r.negated() if i % 2 else r for i, r in enumerate(ranges)]
    rests = list(accumulate(reversed(signed), Interval.plus, initial=_ZERO))[-2::-1]
    total, chosen = fmpq(0), []
    for i, (own, rest) in enumerate(zip(signed, rests, strict=True)):
        needed = rest.negated().plus(Interval.point(-total))
        q = _middle(own.intersect(needed))
        total += q
        chosen.append(-q if i % 2 else q)
    return chosen


def _middle(interval: Interval) -> fmpq:
    """A simple number of the set."""
    if interval.low is None:
        return fmpq(0) if interval.high is None else interval.high - 1
    if interval.high is None:
        return interval.low + 1
    return (interval.low + interval.high) / 2
