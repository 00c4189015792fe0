"""Finite networks sampled from ridge representations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput
from relu_theory.exact import fraction
from relu_theory.integral.representation import MultipliedNetwork, count_of
from relu_theory.network import ReluNetwork

if TYPE_CHECKING:
    from relu_theory.integral.ridge import RidgeRepresentation

__all__ = ["SCHEMES", "affine_plus_neurons", "build_network", "known_scheme", "sample",
           "uniforms"]  # fmt: skip

Floats = NDArray[np.float64]
SCHEMES = ("iid", "optimal", "stratified", "qmc")


def sample(
    rep: RidgeRepresentation, m: int, rng: np.random.Generator, importance: str = "iid",
    distribution: Any = None,
) -> ReluNetwork | MultipliedNetwork:  # fmt: skip
    """A network of m neurons drawn from the representation, in floats, with expectation f.

    Parameters
    ----------
    m : int
    rng : numpy Generator
    importance : str
        ``"iid"``: the law of the form. ``"stratified"``: one bias from each of m equal shares.
        ``"qmc"``: scrambled Sobol' points. ``"optimal"``: density proportional to |g| times the
        L2 norm of the neuron (see `importance`), which needs the distribution and is refused
        where E|C(w)| is not known to a relative error of 1e-12 (see `sphere_absolute_mean`).

    Returns
    -------
    ReluNetwork, or MultipliedNetwork for the exponential form
        m neurons, and 2 more when f has a linear part: c.x = relu(c.x) - relu(-c.x).
    """
    count_of(m)
    known_scheme(importance)
    if importance == "optimal":
        from relu_theory.integral.importance import optimal_neurons

        w, b, a = optimal_neurons(rep, m, rng, distribution)
    else:
        u = uniforms(m, rep.law.ambient + 1, rng, importance)
        w, b = rep.law.from_uniform(u[:, 1:]), rep.bias.from_uniform(u[:, 0])
        a = weights(rep, w, b) / rep.bias.density(b)
    net = build_network(rep, w[:, : rep.inputs], b, a / m)
    return MultipliedNetwork(net) if rep.multiplied else net


def known_scheme(importance: str) -> None:
    """Refuse the name of a scheme that does not exist."""
    if importance not in SCHEMES:
        raise InvalidInput(f"importance must be one of {', '.join(SCHEMES)}, got {importance!r}")


def uniforms(m: int, columns: int, rng: np.random.Generator, importance: str) -> Floats:
    """Numbers in (0, 1) of shape (m, columns); the first column is the one that is stratified."""
    if importance == "qmc":
        from scipy.stats import qmc

        engine = qmc.Sobol(columns, scramble=True, rng=rng)
        u = engine.random_base2(max(m - 1, 0).bit_length())[:m]
    else:
        u = rng.random((m, columns))
    if importance == "stratified":
        u[:, 0] = (np.arange(m) + u[:, 0]) / m
    tiny = 2.0**-53
    return np.clip(u, tiny, 1 - tiny)


def weights(rep: RidgeRepresentation, w: Floats, b: Floats) -> Floats:
    """The weight g at given weight vectors and biases, in floats."""
    seen = rep.law.visible(w)
    total = np.zeros(len(b))
    for term in rep.terms:
        kernel = 1.0 if rep.bias.point is not None else term.kernel.float_values(b)
        total += float(term.scale) * term.c.float_values(seen) * kernel
    return total * float(rep.factor)


def build_network(rep: RidgeRepresentation, w: Floats, b: Floats, a: Floats) -> ReluNetwork:
    """The network ``affine(x) + sum of a_i relu(<w_i, x> - b_i)``."""
    linear = [fraction(0)] * rep.inputs
    size = rep.affine.size
    for i, at in enumerate(rep.law.support):
        unit = tuple(int(i == j) for j in range(size))
        linear[at] = fraction(rep.affine.coefficient(unit))
    constant = fraction(rep.affine.coefficient((0,) * size))
    return affine_plus_neurons(constant, linear, w, b, a)


def affine_plus_neurons(
    constant: Any, linear: list[Any], w: Floats, b: Floats, a: Floats
) -> ReluNetwork:
    """The same from plain numbers; two neurons carry the linear part when there is one."""
    if not any(linear):
        return ReluNetwork([w, a[None, :]], [-b, [constant]])
    rows = [*w.tolist(), linear, [-v for v in linear]]
    return ReluNetwork([rows, [[*a.tolist(), 1, -1]]], [[*(-b).tolist(), 0, 0], [constant]])
