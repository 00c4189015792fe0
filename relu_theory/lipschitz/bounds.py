"""Bounds on Lipschitz constants: one signature for every method, and a label on every number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.domain import Ball, Polyhedron
from relu_theory.errors import InvalidInput, ShapeError
from relu_theory.lipschitz import eclipse
from relu_theory.lipschitz.ascent import Incumbent, climb, sample_points
from relu_theory.lipschitz.entrywise import entrywise_bound
from relu_theory.lipschitz.exact import as_polyhedron
from relu_theory.lipschitz.lipsdp import solve_multipliers
from relu_theory.lipschitz.multipliers import Layered, Point, backward_multipliers
from relu_theory.lipschitz.norms import check_order, operator_norm
from relu_theory.lipschitz.ranges import bounding_box, stable_state
from relu_theory.lipschitz.result import Constant
from relu_theory.lipschitz.seqlip import norm_product, seqlip
from relu_theory.network import ReluNetwork

__all__ = ["METHODS", "bound"]

#: method: label, norms, and what it is.
METHODS = {
    "product": ("upper", "any", "product of layer norms"),
    "seqlip": ("estimate", "l_2", "SeqLip; greedy, and too small at times, beyond 12 neurons"),
    "interval": ("upper", "any", "entrywise intervals around the Jacobian"),
    "eclipse-fast": ("upper", "l_2", "ECLipsE-Fast, closed form"),
    "eclipse": ("upper", "l_2", "ECLipsE, a semidefinite program for each layer"),
    "lipsdp-layer": ("upper", "l_2", "LipSDP with one multiplier for each layer"),
    "lipsdp-neuron": ("upper", "l_2", "LipSDP with one multiplier for each neuron"),
    "lipsdp-first-order": ("upper", "l_2", "LipSDP-neuron by quasi-Newton steps, no solver"),
    "sampling": ("lower", "any", "the largest gradient found by climbing"),
}


def bound(
    net: ReluNetwork,
    method: str = "lipsdp-first-order",
    domain: Polyhedron | Ball | None = None,
    ord_in: Any = 2,
    ord_out: Any = 2,
    **options: Any,
) -> Constant:
    """A bound on the Lipschitz constant of a network, of any size.

    Parameters
    ----------
    net : ReluNetwork
    method : str
        A key of `METHODS`.
    domain : Box, Polytope, WholeSpace or Ball, optional
        On bounded domains neurons that interval arithmetic proves on or off are fixed (all methods
        but "product" and "seqlip"; the ECLipsE methods only leave out those that are off).
    ord_in, ord_out : 1, 2 or inf
        The multiplier methods are for l_2.
    **options
        ``rounds`` (evaluations of "lipsdp-first-order", 400), ``samples`` and ``seed`` (of
        "sampling").

    Returns
    -------
    Constant
        ``label`` is "upper", "lower" or "estimate".

    Raises
    ------
    InvalidInput
        For an unknown method or option, or norms that the method does not have.
    TooLarge
        When a conic solver is asked about more than 150 neurons.

    Notes
    -----
    SeqLip is an estimate: beyond 12 neurons in a layer its search is greedy, and its singular
    vectors are not verified. Every upper bound is proved in floats with all rounding errors
    accounted for: products and intervals by running bounds, multiplier methods by a Cholesky
    factorisation of the shifted matrix. A solver only proposes multipliers, and rho is raised until
    the proof succeeds; the bound is inf when it never does.

    References
    ----------
    Fazlyab et al. 2019 (LipSDP); Xu and Sivaranjani 2024 (ECLipsE); Virmaux and Scaman 2018
    (SeqLip); Zhang et al. 2019 (RecurJac); Rump 2006 (the proof).

    Examples
    --------
    >>> net = ReluNetwork([[[3, 4]], [[2]]], [[0], [0]])
    >>> found = bound(net, "eclipse-fast")
    >>> found.label, round(found.value, 6)
    ('upper', 10.0)
    """
    if method not in METHODS:
        raise InvalidInput(f"method must be one of {', '.join(METHODS)}, got {method!r}; "
                           "'lipsdp-network' is not offered since its value is no upper bound")
    p, q = check_order("ord_in", ord_in), check_order("ord_out", ord_out)
    if METHODS[method][1] == "l_2" and (p, q) != (2, 2) and not (p == 2 and net.output_dim == 1):
        raise InvalidInput(f"method {method!r} bounds l_2 to l_2 only, got {p} to {q}; use "
                           "'product' or 'interval'")
    if isinstance(domain, Ball) and domain.ord == 2:
        if domain.radius <= 0:
            raise InvalidInput(f"radius must be positive, got {domain.radius}")
        if domain.dim != net.input_dim:
            raise ShapeError(f"domain has dimension {domain.dim}, the network {net.input_dim}")
        region: Any = domain
    else:
        region = as_polyhedron(domain, net.input_dim)
    return _RUN[method](net, method, region, p, q, options)


def _option(options: dict[str, Any], name: str, default: int) -> int:
    value = options.pop(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise InvalidInput(f"{name} must be a nonnegative int, got {value!r}")
    return value


def _no_more(options: dict[str, Any]) -> None:
    if options:
        raise InvalidInput(f"unknown options {sorted(options)}; see lipschitz.bound")


def _upper(value: float, method: str, p: float, q: float, label: str = "upper",
           **details: Any) -> Constant:
    lower = value if label == "estimate" else 0.0
    return Constant(lower, value if label == "upper" else math.inf, label, method, p, q,
                    details=details)


def _products(net: ReluNetwork, method: str, region: Any, p: float, q: float, options: Any
              ) -> Constant:
    _no_more(options)
    if method == "product":
        return _upper(norm_product(net, p, q), method, p, q)
    value, complete = seqlip(net)
    return _upper(value, method, p, q, "estimate", complete=complete)


def _interval(net: ReluNetwork, method: str, region: Any, p: float, q: float, options: Any
              ) -> Constant:
    _no_more(options)
    state, _, _ = stable_state(net, region)
    norm = operator_norm(p, q, net.output_dim, net.input_dim)
    value, _ = entrywise_bound(net, norm, state)
    return _upper(value, method, p, q, fixed=int((state > 0).sum()))


def _layerwise(net: ReluNetwork, method: str, region: Any, p: float, q: float, options: Any
               ) -> Constant:
    _no_more(options)
    state, _, _ = stable_state(net, region)
    kept = _without(net, state == 1)
    layered = Layered(kept)
    if not layered.finite:
        return _upper(math.inf, method, p, q)
    run = eclipse.closed_form if method == "eclipse-fast" else eclipse.with_programs
    free = np.zeros(kept.num_neurons, np.int64)
    return _proved(layered, free, *run(layered), method, p, q, int((state == 1).sum()))


def _multipliers(net: ReluNetwork, method: str, region: Any, p: float, q: float, options: Any
                 ) -> Constant:
    rounds = _option(options, "rounds", 400) if method == "lipsdp-first-order" else 0
    _no_more(options)
    state, _, _ = stable_state(net, region)
    layered = Layered(net)
    if not layered.finite:
        return _upper(math.inf, method, p, q)
    fixed = int((state > 0).sum())
    if method == "lipsdp-first-order":
        point = layered.descend(state, backward_multipliers(layered, state), rounds)
        return _proved(layered, state, point.t, point.rho, method, p, q, fixed)
    t, _ = solve_multipliers(layered, state, method == "lipsdp-layer")
    best = Point(t, math.inf, np.zeros(0), np.zeros(0))
    # The solver's slack: mixing in a little of feasible multipliers makes the inequality strict.
    safe = backward_multipliers(layered, state)
    for share in (0.0, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4):
        point = layered.evaluate(state, (1 - share) * t + share * safe)
        if point.rho < best.rho:
            best = point
    return _proved(layered, state, best.t, best.rho, method, p, q, fixed)


def _proved(layered: Layered, state: NDArray[np.int64], t: Any, rho: float, method: str, p: float,
            q: float, fixed: int) -> Constant:
    value = layered.constant(layered.certify(state, t, rho))
    return _upper(value, method, p, q, multipliers=t, fixed=fixed)


def _without(net: ReluNetwork, off: NDArray[np.bool_]) -> ReluNetwork:
    """The network without neurons that are off, one zero neuron left where a layer would vanish."""
    if not off.any():
        return net
    weights, biases = [w.copy() for w in net.weights], list(net.biases)
    at = 0
    for level, width in enumerate(net.widths):
        gone = off[at : at + width]
        at += width
        keep = np.flatnonzero(~gone) if not gone.all() else np.array([0])
        weights[level] = weights[level][keep] * (0.0 if gone.all() else 1.0)
        biases[level] = biases[level][keep]
        weights[level + 1] = weights[level + 1][:, keep]
    return ReluNetwork(weights, biases)


def _sampling(net: ReluNetwork, method: str, region: Any, p: float, q: float, options: Any
              ) -> Constant:
    samples, seed = _option(options, "samples", 4000), _option(options, "seed", 0)
    _no_more(options)
    rng = np.random.default_rng(seed)
    norm = operator_norm(p, q, net.output_dim, net.input_dim)
    box = bounding_box(region)
    low, high = box if box is not None else (None, None)
    points = sample_points(low, high, net.input_dim, max(samples, 1), rng)
    points, values = climb(net, norm, points, box, rng, rounds=80, keep=32)
    incumbent = Incumbent(net, norm)
    for x, value in zip(points, values, strict=True):
        if region.contains(x.tolist()):
            incumbent.offer(x, float(value))
    return Constant(incumbent.floor, math.inf, "lower", method, p, q, incumbent.witness,
                    exact_value=incumbent.value)


_RUN: dict[str, Callable[..., Constant]] = {
    "product": _products,
    "seqlip": _products,
    "interval": _interval,
    "eclipse-fast": _layerwise,
    "eclipse": _layerwise,
    "lipsdp-layer": _multipliers,
    "lipsdp-neuron": _multipliers,
    "lipsdp-first-order": _multipliers,
    "sampling": _sampling,
}
