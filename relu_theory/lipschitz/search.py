"""Best-first branch and bound: a certified bracket that can be stopped and resumed at any time."""

from __future__ import annotations

import heapq
import math
import time
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Ball, Polyhedron
from relu_theory.errors import TooLarge
from relu_theory.lipschitz.ascent import Incumbent, climb, gradient_norms, sample_points
from relu_theory.lipschitz.entrywise import entrywise_bound
from relu_theory.lipschitz.leaves import (
    excluded,
    influential,
    interior_point,
    pattern_of,
    search_region,
)
from relu_theory.lipschitz.magnitude import floats_around
from relu_theory.lipschitz.multipliers import Layered, Point, backward_multipliers
from relu_theory.lipschitz.neighbours import walk
from relu_theory.lipschitz.norms import check_order, operator_norm
from relu_theory.lipschitz.ranges import bounding_box, stable_state
from relu_theory.lipschitz.reachability import Reachability
from relu_theory.lipschitz.result import Constant, exact_gradient
from relu_theory.lipschitz.witnesses import Witnesses
from relu_theory.network import ReluNetwork
from relu_theory.progress import progress_bar

__all__ = ["Search", "search"]

Floats = NDArray[np.float64]
States = NDArray[np.int64]
# Evaluations of the multiplier bound at a node, and how many points start the climb.
_ROUNDS, _SAMPLES = 40, 4000
# Neurons that are tried before one is fixed, and neurons that are asked about.
_TRIED, _MOST_ASKED = 6, 64
_WITNESSES, _WALKS = 20_000, 4
# Relaxations whose largest slack is below this are asked again exactly.
_DEGENERATE = 1e-9
# Above this many neurons the relaxation of the inputs costs more than it saves.
_MOST_RELAXED = 200


def search(
    net: ReluNetwork,
    domain: Polyhedron | Ball | None = None,
    ord_in: Any = 2,
    ord_out: Any = 2,
    *,
    seconds: float = 60.0,
    nodes: int | None = None,
    gap: float = 0.0,
    seed: int = 0,
    progress: bool = False,
) -> Constant:
    """Bracket the Lipschitz constant of a network with too many regions to visit them all.

    Parameters
    ----------
    net, domain, ord_in, ord_out
        As in `exact`, but the domain must have interior.
    seconds : float
        Time after which to stop; the bracket is valid whenever that is.
    nodes : int, optional
        Stop after this many nodes.
    gap : float
        Stop when the upper bound is within this relative distance of the lower one.
    seed : int
        Seeds the points with which the search begins.
    progress : bool
        Show a progress bar.

    Returns
    -------
    Constant
        Exact when the search was finished, else a bracket; ``details["search"]`` is the `Search`,
        whose ``run`` goes on.

    Raises
    ------
    InvalidInput, ShapeError
        As in `exact`.

    Notes
    -----
    A node fixes some neurons on or off. From l_2 to l_2 its bound is a quadratic multiplier bound
    (LipSDP with fixed neurons), started from the multipliers of its parent and improved by first
    order steps; in other norms it is the norm of entrywise bounds on the Jacobian. A node is
    dropped when a Cholesky factorisation in floats, with every rounding error accounted for, proves
    its bound below the incumbent, or when the weighted sum of the rows of a linear relaxation is
    proved negative on the box (exactly, where its largest slack is about zero). The relaxation also
    fixes neurons that cannot switch any more, unless a known point shows that they can. Of the
    neurons whose relaxation contributes most, the one is fixed next that lowers the bounds of both
    children most in a trial. Incumbents are full-dimensional regions, decided exactly; from each
    the search walks on over single and double switches.

    On unbounded domains, and on Euclidean balls, patterns that are not reached are not all
    recognised, and the bracket may stay open.

    References
    ----------
    Fazlyab et al. 2019 for the multipliers; Rump 2006 for the proof by factorisation.

    Examples
    --------
    >>> from relu_theory import Box
    >>> tent = ReluNetwork([[[2], [4]], [[1, -1]]], [[0, -2], [0]])
    >>> search(tent, Box(0, 1, dim=1)).value == 2
    True
    """
    found = Search(net, domain, ord_in, ord_out, seed=seed)
    return found.run(seconds=seconds, nodes=nodes, gap=gap, progress=progress)


@dataclass(order=True)
class _Node:
    """Some fixed neurons; `bound` is proved for every region with these."""

    key: float
    count: int
    bound: float = field(compare=False)
    state: States = field(compare=False)
    point: Point = field(compare=False)
    obeying: NDArray[np.int64] = field(compare=False)


class Search:
    """A search under way. Make it, then `run` as often as you like.

    Attributes
    ----------
    nodes, pruned, impossible, forced : int
        Nodes made; dropped by their bound; dropped because nothing reaches them; neurons fixed
        because a relaxation excludes the other way.
    """

    def __init__(self, net: ReluNetwork, domain: Polyhedron | Ball | None = None,
                 ord_in: Any = 2, ord_out: Any = 2, *, seed: int = 0) -> None:
        p, q = check_order("ord_in", ord_in), check_order("ord_out", ord_out)
        self.net, self.domain, self.orders = net, domain, (p, q)
        region, rows = search_region(net, domain)
        self.region, self.norm = region, operator_norm(p, q, net.output_dim, net.input_dim)
        self.box = bounding_box(region)
        self.complete = self.box is not None and not isinstance(region, Ball)
        self.layered = Layered(net)
        self.incumbent = Incumbent(net, self.norm)
        self.nodes = self.pruned = self.impossible = self.forced = 0
        self.spent, self._count = 0.0, 0
        self._heap: list[_Node] = []
        self._stuck = 0.0
        self._rng = np.random.default_rng(seed)
        self._inside = region.contains if region is not None else None
        state, low, high = stable_state(net, region)
        self.reach, self.witnesses = None, None
        if self.box is not None and net.num_neurons <= _MOST_RELAXED:
            self.reach = Reachability(net, *self.box, (low, high), rows)
            points = sample_points(*self.box, net.input_dim, _WITNESSES, self._rng)
            self.witnesses = Witnesses(net, points, rows)
        self._begin(state)

    def _begin(self, state: States) -> None:
        low, high = self.box if self.box is not None else (None, None)
        points = sample_points(low, high, self.net.input_dim, _SAMPLES, self._rng)
        points, values = climb(self.net, self.norm, points, self.box, self._rng, rounds=80,
                               keep=32)
        for x, value in zip(points, values, strict=True):
            self._offer(x, float(value))
        for x in points[:_WALKS]:
            self._walk(x)
        start = backward_multipliers(self.layered, state)
        point = Point(start, math.inf, np.zeros(0), np.zeros(len(start)))
        if self._quadratic:
            point = self.layered.descend(state, start, 240)
        obeying = np.zeros(0, np.int64) if self.witnesses is None else self.witnesses.everything()
        self._push(state, point, math.inf, obeying)

    @property
    def _quadratic(self) -> bool:
        return self.orders == (2, 2) or (self.orders[0] == 2 and self.net.output_dim == 1)

    def _offer(self, x: Floats, size: float) -> None:
        if size > self.incumbent.floor and (self._inside is None or self._inside(x.tolist())):
            self.incumbent.offer(x, size)

    def _walk(self, x: Floats) -> None:
        """Offer the best region that single and double switches lead to."""
        if self.reach is not None:
            found = walk(self.net, self.norm, self.reach, x)
            self._offer(found, float(gradient_norms(self.net, self.norm, found[None])[0]))

    def run(self, *, seconds: float = 60.0, nodes: int | None = None, gap: float = 0.0,
            progress: bool = False) -> Constant:
        """Go on for some time, or some nodes, or until the bracket is narrow enough."""
        start, last = time.perf_counter(), self.nodes + (nodes or 0)
        with progress_bar(progress, desc="branch and bound", unit="node") as bar:
            while self._heap and time.perf_counter() - start < seconds:
                if nodes is not None and self.nodes >= last:
                    break
                if self.upper <= self.incumbent.floor * (1 + gap):
                    break
                self._step()
                bar.update(2)
        self.spent += time.perf_counter() - start
        return self.result()

    def _step(self) -> None:
        """Branch on the node with the largest bound; an interruption gives the node back."""
        node = heapq.heappop(self._heap)
        try:
            self._branch(node)
        except BaseException:
            heapq.heappush(self._heap, node)
            raise

    @property
    def upper(self) -> float:
        """The proved upper bound, a float."""
        open_ = self._heap[0].bound if self._heap else 0.0
        return max(open_, self._stuck, self.incumbent.ceiling)

    def result(self) -> Constant:
        """What is proved so far."""
        value, best = self.incumbent.value, self.incumbent
        details = {"nodes": self.nodes, "pruned": self.pruned, "impossible": self.impossible,
                   "forced": self.forced,
                   "open": len(self._heap), "seconds": self.spent, "search": self}
        if value is not None and self.upper <= best.ceiling:
            lower, upper = value.enclosure() if hasattr(value, "enclosure") else (value, value)
            return Constant(lower, upper, "exact", "branch and bound", *self.orders, best.witness,
                            False, details, value)
        return Constant(best.floor, self.upper, "bracket", "branch and bound", *self.orders,
                        best.witness, False, details)

    def _branch(self, node: _Node) -> None:
        if node.bound <= self.incumbent.floor:
            self.pruned += 1
            return
        if not (node.state == 0).any():
            self._leaf(node)
            return
        if not ((node.state == 0) & influential(self.net, node.state)).any() and not self._beats(
                self._value(np.where(node.state == 0, 1, node.state))):
            self.pruned += 1
            return
        settled = self._settled(node)
        if settled is None:
            return
        free = np.flatnonzero(settled.state == 0)
        if not len(free):
            self._leaf(settled)
            return
        order = np.argsort(-settled.point.terms)[:_TRIED]
        at = int(order[0])
        if self._quadratic and len(order) > 1:
            at = self.layered.choose(settled.state, settled.point, order, self._target())
        for switch in (1, 2):
            self._child(settled, int(free[at]), switch, np.delete(settled.point.t, at))

    def _settled(self, node: _Node) -> _Node | None:
        """The node with every neuron fixed that is proved unable to switch; None when dropped."""
        if self.reach is None or self.witnesses is None:
            return node
        free = np.flatnonzero(node.state == 0)
        order = free[np.argsort(-node.point.terms)][:_MOST_ASKED]
        state, points = self.reach.settle(node.state, order, self.witnesses.seen(node.obeying))
        obeying = np.append(node.obeying, self._learn(points))
        kept = state[free] == 0
        if kept.all() or not self.complete:
            return replace(node, obeying=obeying)
        self.forced += int((~kept).sum())
        point, bound = self._bounded(state, node.point.t[kept])
        bound = min(bound, node.bound)
        if bound <= self.incumbent.floor:
            self.pruned += 1
            return None
        return _Node(-bound, node.count, bound, state, point, obeying)

    def _learn(self, points: Floats) -> NDArray[np.int64]:
        """Take points that a relaxation has found as witnesses and as incumbents."""
        assert self.witnesses is not None
        if len(points):
            before, sizes = self.incumbent.floor, gradient_norms(self.net, self.norm, points)
            for x, size in zip(points, sizes, strict=True):
                self._offer(x, float(size))
            if self.incumbent.floor > before:
                self._walk(points[sizes.argmax()])
        return self.witnesses.add(points)

    def _child(self, parent: _Node, chosen: int, switch: int, t: Floats) -> None:
        self.nodes += 1
        state = parent.state.copy()
        state[chosen] = switch
        obeying = parent.obeying
        if self.reach is not None and self.witnesses is not None:
            obeying = self.witnesses.obeying(obeying, chosen, switch)
            if not len(obeying):
                reach = self.reach.ask(state)
                if self.complete and (reach.impossible or (
                        reach.slack < _DEGENERATE and excluded(self.net, state, self.region))):
                    self.impossible += 1
                    return
                found = self._learn(reach.point[None])
                if self.witnesses.agrees(found[0], state):
                    obeying = found
        point, bound = self._bounded(state, t)
        bound = min(bound, parent.bound)
        if bound <= self.incumbent.floor:
            self.pruned += 1
            return
        self._push(state, point, bound, obeying)

    def _target(self) -> float:
        """The squared constant, of the scaled network, below which a node is dropped."""
        target = math.ldexp(self.incumbent.floor, -self.layered.exponent)
        return target * target * (1 - 1e-15)

    def _bounded(self, state: States, t: Floats) -> tuple[Point, float]:
        """A proved bound on a node, no better than needed to drop it."""
        floor = self.incumbent.floor
        if not self._quadratic:
            bound, terms = entrywise_bound(self.net, self.norm, state)
            return Point(t, bound, np.zeros(0), terms), bound
        target = self._target()
        point = self.layered.minimise(state, t, _ROUNDS, target * (1 - 1e-9))
        if point.rho <= target and self.layered.proves(state, point.t, target):
            return point, floor
        rho = self.layered.certify(state, point.t, max(point.rho, target))
        return point, self.layered.constant(rho)

    def _push(self, state: States, point: Point, bound: float, obeying: Any) -> None:
        if not math.isfinite(bound):
            _, bound = self._bounded(state, point.t)
        self._count += 1
        heapq.heappush(self._heap, _Node(-bound, self._count, bound, state, point, obeying))

    def _leaf(self, node: _Node) -> None:
        """All neurons are fixed: no better, reached, impossible, or left open for good."""
        value = self._value(node.state)
        if self.reach is not None and self._beats(value):
            reach = self.reach.ask(node.state)
            if reach.impossible and self.complete:
                self.impossible += 1
                return
            self._offer(reach.point, math.inf)
        if not self._beats(value):
            return
        try:
            point = interior_point(self.net, pattern_of(self.net, node.state), self.region)
        except TooLarge:
            self._stuck = max(self._stuck, floats_around(value)[1])
            return
        if point is None:
            self.impossible += 1
        elif not self.incumbent.offer(point, math.inf):
            self._stuck = max(self._stuck, floats_around(value)[1])

    def _value(self, state: States) -> Any:
        return self.norm.exact(exact_gradient(self.net, pattern_of(self.net, state)))

    def _beats(self, value: Any) -> bool:
        return self.incumbent.value is None or bool(value > self.incumbent.value)
