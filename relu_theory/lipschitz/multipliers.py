r"""Multiplier bounds from l_2 to l_2 and their proof in floats.

For a function with slopes in [0, 1] at its neurons, any t > 0 proves the constant sqrt(rho) when
rho |x|^2 - |y|^2 - sum_i 2 t_i v_i (u_i - v_i) is positive semidefinite. `Layered.minimise` looks
for good multipliers, `Layered.bound` proves what they give; the proof does not depend on how they
were found.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from relu_theory._kernels import multipliers as kernel
from relu_theory.network import ReluNetwork

__all__ = ["Layered", "Point", "backward_multipliers", "round_up_root"]

Floats = NDArray[np.float64]
States = NDArray[np.int64]
# Evaluations for each of the children that are compared.
_TRIAL_ROUNDS = 6
# Rising slack that is added to rho until the factorisation succeeds.
_SLACKS = (1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0)


@dataclass
class Point:
    """Multipliers of the free neurons and what they give.

    Attributes
    ----------
    t : (free,) array
    rho : float
        The bound on the squared constant, not yet proved.
    direction : (d,) array
        The input direction that attains it.
    terms : (free,) array
        What each neuron contributes to rho beyond a network: zero where its slope is 0 or 1.
    """

    t: Floats
    rho: float
    direction: Floats
    terms: Floats
    evaluations: int = 0


class Layered:
    """The weights of a network in one array, each matrix scaled by a power of two.

    Attributes
    ----------
    exponent : int
        The constant of the network is 2^exponent times that of the scaled one.
    finite : bool
        False when a weight is beyond the floats; then nothing can be proved here.
    """

    def __init__(self, net: ReluNetwork) -> None:
        self.widths = np.array([net.input_dim, *net.widths, net.output_dim], np.int64)
        self.dim = net.input_dim
        matrices, self.exponent = [], 0
        for weight in net.weights:
            top = float(np.abs(weight).max(initial=0.0))
            shift = math.frexp(top)[1] if 0 < top < math.inf else 0
            self.exponent += shift
            matrices.append(np.ldexp(weight, -shift))
        self.matrices = matrices
        # Bounds the squared constant of the scaled network, a zero layer counting as one of norm 1.
        self.size = math.prod(max(float((m * m).sum()), 1.0) for m in matrices)
        self.weights = np.concatenate([m.ravel() for m in matrices])
        self.sizes = np.abs(self.weights) + 1e-300
        self.finite = bool(np.isfinite(self.weights).all())
        # Units of relative error in any entry of A, B, C, E: sums, products, rounded weights.
        self.terms = float(sum(int(w) + 4 for w in self.widths))

    def linear(self, state: States) -> Floats:
        """A, B and C, E of a state, as the kernel stacks them."""
        return np.asarray(kernel.reduce_state(self.weights, self.widths, state, False))

    def evaluate(self, state: States, t: Floats) -> Point:
        """The bound that multipliers give."""
        return self.minimise(state, t, 1)

    def minimise(self, state: States, t: Floats, rounds: int, target: float = 0.0,
                 smooth: float = 0.01) -> Point:
        """Better multipliers for a state, from t; stops when rho is below the target."""
        free = len(t)
        best, direction, terms = t.copy(), np.zeros(self.dim), np.zeros(free)
        with np.errstate(all="ignore"):
            rho, used = kernel.minimise(self.linear(state), self.dim, t, rounds, target, smooth,
                                        best, direction, terms)
        return Point(best, float(rho), direction, terms, used)

    def descend(self, state: States, t: Floats, rounds: int, target: float = 0.0) -> Point:
        """`minimise` with less and less smoothing."""
        point = Point(t, math.inf, np.zeros(self.dim), np.zeros(len(t)))
        used = 0
        for smooth in (0.03, 0.01, 0.003, 0.001):
            found = self.minimise(state, point.t, rounds // 4, target, smooth)
            used += found.evaluations
            if found.rho <= point.rho:
                point = found
            if point.rho <= target:
                break
        point.evaluations = used
        return point

    def choose(self, state: States, point: Point, order: NDArray[np.int64], target: float) -> int:
        """Which of some free neurons (their places among them) to fix.

        The one whose two children, after some evaluations each, have come down most: the product of
        both gains decides, and nothing below the target counts.
        """
        free, scores = np.flatnonzero(state == 0), []
        for at in order:
            trial, t, score = state.copy(), np.delete(point.t, at), 1.0
            for trial[free[at]] in (1, 2):
                rho = self.minimise(trial, t, _TRIAL_ROUNDS, target).rho
                score *= max(point.rho - max(rho, target), 1e-9 * point.rho)
            scores.append(score)
        return int(order[np.argmax(scores)])

    def proves(self, state: States, t: Floats, rho: float) -> bool:
        """Whether the multipliers are proved to give rho."""
        if not (self.finite and math.isfinite(rho) and np.isfinite(t).all()):
            return False
        absolute = kernel.reduce_state(self.sizes, self.widths, state, True)
        with np.errstate(all="ignore"):
            return bool(kernel.certified(self.linear(state), absolute, self.dim, t, rho,
                                         self.terms))

    def certify(self, state: States, t: Floats, rho: float) -> float:
        """The least proved rho at or a little above the given one; inf when nothing is proved."""
        if not math.isfinite(rho):
            return math.inf
        for slack in _SLACKS:
            tried = rho * (1 + slack) + slack * slack * self.size
            if self.proves(state, t, tried):
                return tried
        return math.inf

    def constant(self, rho: float) -> float:
        """The bound on the network's own constant, rounded up."""
        return round_up_root(rho, self.exponent)


def round_up_root(rho: float, exponent: int = 0) -> float:
    """A float at least 2^exponent sqrt(rho)."""
    if not math.isfinite(rho):
        return math.inf
    root = math.sqrt(rho)
    while Fraction(root) ** 2 < Fraction(rho):
        root = math.nextafter(root, math.inf)
    try:
        scaled = math.ldexp(root, exponent)
    except OverflowError:
        return math.inf
    exact = Fraction(root) * Fraction(2) ** exponent
    return scaled if Fraction(scaled) >= exact else math.nextafter(scaled, math.inf)


def backward_multipliers(layered: Layered, state: States) -> Floats:
    """Multipliers of the free neurons, one number for each layer, in closed form.

    From the output backwards with P = W_L^T W_L: t is the largest eigenvalue of P, and the next P
    is W^T t^2 (2 t I - P)^{-1} W. They are feasible when every neuron is free; fixing neurons on or
    off is a restriction or relaxation that the caller's proof decides.
    """
    matrices = layered.matrices
    gram = matrices[-1].T @ matrices[-1]
    found: list[Floats] = []
    for weight in matrices[-2::-1]:
        top = max(float(np.linalg.eigvalsh(gram)[-1]), 1e-150)
        found.append(np.full(len(gram), top * (1 + 1e-9)))
        inner = np.linalg.inv(2 * top * np.eye(len(gram)) - gram) * top * top
        gram = weight.T @ inner @ weight
    everything = np.concatenate([np.zeros(0), *found[::-1]])
    return np.maximum(everything[state == 0], 1e-150)
