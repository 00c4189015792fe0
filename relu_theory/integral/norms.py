"""Norms of two-layer ReLU networks: of their weights, and of the function that they compute.

f(x) = sum of a_k relu(w_k.x + b_k) + c. Neurons on one hyperplane are merged: with (w_k, b_k) =
lambda_k (n, beta) for one primitive row (n, beta), f = sum over hyperplanes of
c_H relu(n.x + beta) + an affine function, where c_H = sum of a_k |lambda_k| is the jump of the
gradient across H in units of n. Hyperplanes with c_H = 0 disappear.

Every measure that represents f has the c_H as its even part and an arbitrary odd part o, which
adds an affine function. A neuron may face either way: relu(z) = z + relu(-z). So the cheapest
measure takes q_H between 0 and c_H on the backward side for free, and pays twice the norm for
whatever affine function is left: minimise 2 |v_0 + sum of q_H (n, beta)_H| over these q.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from relu_theory.certificate import Bracket
from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction, primitive
from relu_theory.integral.remainders import least_l1, least_l2
from relu_theory.integral.roots import RootSum
from relu_theory.network import ReluNetwork

__all__ = ["Ridges", "barron_norm", "bias_penalised_norm", "path_norm", "r_norm",
           "ridges", "variation_norm"]  # fmt: skip

Row = tuple[int, ...]


@dataclass(frozen=True)
class Ridges:
    """A scalar two-layer network as a function: merged ridges and an affine part.

    Attributes
    ----------
    jumps : dict from primitive row (n, beta) to Fraction
        f = affine + sum of jump relu(n.x + beta); the first non-zero entry of n is positive.
    slope : tuple of Fraction
    constant : Fraction
    """

    jumps: dict[Row, Fraction]
    slope: tuple[Fraction, ...]
    constant: Fraction


def ridges(network: ReluNetwork) -> Ridges:
    """Merge the neurons of a two-layer network that lie on one hyperplane, exactly.

    Parameters
    ----------
    network : ReluNetwork
        One hidden layer (or none), one output.

    Raises
    ------
    InvalidInput
        For another number of hidden layers or outputs.

    Notes
    -----
    relu(-z) = relu(z) - z turns all neurons of a hyperplane to one side. Neurons without input
    weight are constants.

    Examples
    --------
    |x| and -|x| cancel, and x is left:

    >>> net = ReluNetwork([[[2], [-1], [1]], [[1, 2, -1]]], [[0, 0, 0], [0]])
    >>> ridges(net).jumps, ridges(net).slope
    ({(1, 0): Fraction(3, 1)}, (Fraction(-2, 1),))
    """
    _two_layers(network)
    weights, biases = network.exact.weights, network.exact.biases
    constant = biases[-1][0]
    if not network.depth:
        return Ridges({}, tuple(map(fraction, weights[0].table()[0])), fraction(constant))
    jumps: dict[Row, fmpq] = {}
    slope = [fmpq(0)] * network.input_dim
    for w, b, a in zip(weights[0].tolist(), biases[0], weights[1].table()[0], strict=True):
        lead = next((v for v in w if v), None)
        if lead is None:
            constant += a * max(b, fmpq(0))
            continue
        side = 1 if lead > 0 else -1
        row = primitive([v * side for v in [*w, b]])
        at = next(i for i, v in enumerate(w) if v)
        size = abs(lead) / abs(row[at])
        jumps[row] = jumps.get(row, fmpq(0)) + a * size
        if side < 0:
            slope = [s - a * size * n for s, n in zip(slope, row, strict=False)]
            constant -= a * size * row[-1]
    kept = {row: fraction(c) for row, c in sorted(jumps.items()) if c}
    return Ridges(kept, tuple(map(fraction, slope)), fraction(constant))


def path_norm(network: ReluNetwork) -> Fraction:
    """The l1 path norm: the sum over paths from an input to an output of |product of weights|.

    Biases are not counted; any depth.

    Examples
    --------
    >>> path_norm(ReluNetwork([[[1, -2], [0, 3]], [[-1, "1/2"]]], [[0, 5], [1]]))
    Fraction(9, 2)
    """
    totals = [fmpq(1)] * network.input_dim
    for layer in network.exact.weights:
        totals = [
            sum((abs(v) * t for v, t in zip(row, totals, strict=True)), fmpq(0))
            for row in layer.tolist()
        ]
    return fraction(sum(totals, fmpq(0)))


def r_norm(network: ReluNetwork, skip: bool = True) -> RootSum | Bracket:
    """The least sum of |a_k| |w_k|_2 over all networks that compute this function.

    Parameters
    ----------
    network : ReluNetwork
        One hidden layer, one output.
    skip : bool
        Whether an affine function is free, as in the R-norm of Ongie et al.; otherwise only a
        constant is.

    Returns
    -------
    RootSum, or Bracket without skip where no closed form was certified
        With skip: the sum of |c_H| |n_H|.

    Notes
    -----
    Derived in the docstring of this module; infinitely many neurons do not help. Without skip the
    remainder is a small convex problem: a dual vector, rounded to rationals, proves the lower
    bound and the primal solution the upper one. In one dimension it is exact.

    Examples
    --------
    |x_1 + x_2| twice, on parallel neurons that partly cancel:

    >>> net = ReluNetwork([[[1, 1], [-1, -1], [2, 2]], [[2, 2, "-1/2"]]], [[0, 0, 0], [0]])
    >>> r_norm(net)
    3*sqrt(2)
    """
    f = ridges(network)
    base = RootSum((abs(c), _square(row[:-1])) for row, c in f.jumps.items())
    if skip:
        return base
    columns = [(c, row[:-1]) for row, c in f.jumps.items()]
    rest = least_l2(f.slope, columns)
    if rest.is_exact:
        return base + RootSum([(2, rest.lower)])
    return _plus(base, rest)


def bias_penalised_norm(network: ReluNetwork) -> RootSum:
    """The least sum of |a_k| |(w_k, b_k)|_2 when affine functions are free.

    In one dimension it is the sum over knots u of |jump of f'| sqrt(1 + u^2)
    [Boursier and Flammarion 2023].

    Examples
    --------
    A jump of 2 at u = 3/4:

    >>> bias_penalised_norm(ReluNetwork([[[1]], [[2]]], [["-3/4"], [0]])).fraction
    Fraction(5, 2)
    """
    return RootSum((abs(c), _square(row)) for row, c in ridges(network).jumps.items())


def variation_norm(network: ReluNetwork) -> RootSum | Bracket:
    """The norm of F_1 (Bach): the least total variation over unit vectors (w, b) in R^(d + 1).

    Notes
    -----
    The constant neuron (0, 1) costs its value once; a linear remainder costs twice its norm.

    Examples
    --------
    >>> variation_norm(ReluNetwork([[[3]], [[2]]], [[4], [0]])).fraction
    Fraction(10, 1)
    """
    f = ridges(network)
    base = RootSum((abs(c), _square(row)) for row, c in f.jumps.items())
    columns = list((c, row) for row, c in f.jumps.items())
    rest = least_l2((*f.slope, f.constant), columns, constant=True)
    if rest.is_exact:
        return base + RootSum([(2, rest.lower)])
    return _plus(base, rest)


def barron_norm(network: ReluNetwork) -> Fraction | Bracket:
    """The Barron norm (E, Ma and Wu): the least sum of |a_k| (|w_k|_1 + |b_k|).

    Returns
    -------
    Fraction, or Bracket when the linear programme was not certified as optimal

    Examples
    --------
    >>> barron_norm(ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [3]]))
    Fraction(5, 1)
    """
    f = ridges(network)
    base = sum((abs(c) * sum(map(abs, row)) for row, c in f.jumps.items()), Fraction(0))
    costs = [2] * network.input_dim + [1]
    rest = least_l1((*f.slope, f.constant), [(c, row) for row, c in f.jumps.items()], costs)
    if rest.is_exact:
        return base + rest.lower
    return Bracket(base + rest.lower, base + rest.upper, reason=rest.reason)


def _plus(base: RootSum, rest: Bracket) -> Bracket:
    """base + 2 sqrt(rest) as rational bounds."""
    from relu_theory.integral.cubature import outward

    low, high = (
        base.enclosure() + 2 * arb(fmpq(v.numerator, v.denominator)).sqrt()
        for v in (rest.lower, rest.upper)
    )
    return Bracket(outward(low)[0], outward(high)[1], reason=rest.reason)


def _square(row: Any) -> int:
    return sum(v * v for v in row)


def _two_layers(network: ReluNetwork) -> None:
    if network.depth > 1 or network.output_dim != 1:
        raise InvalidInput(
            f"network must have at most one hidden layer and one output, got {network.depth} and "
            f"{network.output_dim}; use path_norm for deeper ones, select for one output"
        )
