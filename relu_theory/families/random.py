"""Seeded random networks. The seed, numpy's generator and the order of draws fix every weight."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from relu_theory.errors import InvalidInput
from relu_theory.families.arrangements import arrangement
from relu_theory.network import ReluNetwork

__all__ = ["gaussian", "gaussian_arrangement", "random_integer"]


def gaussian(inputs: int, widths: Sequence[int], seed: int, outputs: int = 1) -> ReluNetwork:
    r"""Gaussian network: weights N(0, 1/fan-in), biases N(0, 1/100), drawn layer by layer.

    With ``rng = numpy.random.default_rng(seed)`` each layer of width w and fan-in f takes
    ``rng.standard_normal((w, f)) / sqrt(f)`` and then ``0.1 * rng.standard_normal(w)``; the output
    layer comes last, drawn the same way. These are the workloads of `load_workloads`.

    Parameters
    ----------
    inputs, outputs : int
        Input and output dimension, at least 1.
    widths : sequence of int
        Hidden widths; may be empty.
    seed : int

    Returns
    -------
    ReluNetwork
        Its exact weights are the float64 numbers drawn.

    Examples
    --------
    >>> net = gaussian(2, [16, 16], seed=0)
    >>> net.widths, net.forward_exact([0, 0])[0].denominator > 1
    ((16, 16), True)
    """
    sizes = [_positive("inputs", inputs)]
    sizes += [_positive(f"widths[{i}]", w) for i, w in enumerate(widths)]
    sizes.append(_positive("outputs", outputs))
    rng = np.random.default_rng(seed)
    weights, biases = [], []
    for fan_in, width in pairwise(sizes):
        weights.append(rng.standard_normal((width, fan_in)) / np.sqrt(fan_in))
        biases.append(0.1 * rng.standard_normal(width))
    return ReluNetwork(weights, biases)


def gaussian_arrangement(hyperplanes: int, dim: int, seed: int) -> ReluNetwork:
    """One hidden layer with standard normal normals and then offsets, both drawn from ``seed``.

    In general position with probability one, so it has `regions.bounds.zaslavsky` cells.

    Examples
    --------
    >>> gaussian_arrangement(30, 4, seed=0).widths
    (30,)
    """
    rng = np.random.default_rng(seed)
    shape = (_positive("hyperplanes", hyperplanes), _positive("dim", dim))
    normals = rng.standard_normal(shape)
    return arrangement(normals, rng.standard_normal(hyperplanes))


def random_integer(inputs: int, widths: Sequence[int], seed: int, bound: int = 2) -> ReluNetwork:
    """Network with integer weights and biases drawn uniformly from -bound..bound, one output.

    Small integers make what proofs are made of: parallel and repeated hyperplanes, many through one
    point, dead neurons, zero rows.

    Examples
    --------
    >>> net = random_integer(2, [4, 4], seed=1)
    >>> net.forward_exact([1, 2])[0].denominator
    1
    """
    sizes = [_positive("inputs", inputs)]
    sizes += [_positive(f"widths[{i}]", w) for i, w in enumerate(widths)] + [1]
    bound = _positive("bound", bound)
    rng = np.random.default_rng(seed)
    weights, biases = [], []
    for fan_in, width in pairwise(sizes):
        weights.append(rng.integers(-bound, bound + 1, (width, fan_in)))
        biases.append(rng.integers(-bound, bound + 1, width))
    return ReluNetwork(weights, biases)


def _positive(name: str, value: int) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__") or value < 1:
        raise InvalidInput(f"{name} must be a positive integer, got {value!r}")
    return value.__index__()
