"""One network written in other ways: what is true of it stays true.

All factors are powers of two, so that weights which floats hold exactly stay so, and a subject that
reads float64 weights is asked about the same function.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from relu_theory.domain import Box, Polyhedron
from relu_theory.families import transforms
from relu_theory.network import ReluNetwork

__all__ = ["Variant", "moved", "variants"]


class Variant(NamedTuple):
    """A network and a domain about which a question has the same answer as about the original."""

    name: str
    network: ReluNetwork
    domain: Polyhedron


def variants(net: ReluNetwork, domain: Polyhedron, stretch: int = 2) -> Iterator[Variant]:
    """The network with permuted, rescaled, repeated, split and dead neurons, and moved inputs.

    Parameters
    ----------
    net : ReluNetwork
        With at least one hidden layer.
    domain : Box or WholeSpace
    stretch : int
        By which the input coordinates are stretched as well; 1 where lengths matter.

    Examples
    --------
    >>> from relu_theory.families import sawtooth
    >>> from relu_theory.domain import WholeSpace
    >>> names = [v.name for v in variants(sawtooth(2), WholeSpace(1))]
    >>> len(names), names[0], names[-1]
    (7, 'permuting neurons', 'moving the input')
    """
    last = net.depth - 1
    order = list(reversed(range(net.widths[0])))
    factors = [Fraction(2) ** (5 - 3 * (i % 4)) for i in range(net.widths[last])]
    for name, other in (
        ("permuting neurons", transforms.permute(net, 0, order)),
        ("rescaling neurons", transforms.rescale(net, last, factors)),
        ("scaling the network", _output_scaled_back(net)),
        ("adding dead neurons", transforms.add_dead_neurons(net, last)),
        ("repeating a neuron", transforms.duplicate(net, 0, 0, -4)),
        ("splitting a neuron", transforms.split_neuron(net, last, 0, "1/4")),
    ):
        yield Variant(name, other, domain)
    yield Variant("moving the input", *moved(net, domain, stretch))


def moved(net: ReluNetwork, domain: Polyhedron, stretch: int = 2) -> tuple[ReluNetwork, Polyhedron]:
    """The network y -> net(A y + b) on the preimage of a box or the whole space.

    A reverses the order of the coordinates and their directions, and stretches by `stretch`; b is
    (1/2, ..., 1/2), or 0 where floats could not hold the moved biases.

    Examples
    --------
    >>> net, box = moved(ReluNetwork([[[1, 3]]], [[0]]), Box([0, 1], [1, 5]))
    >>> net.forward_exact([0, 0]), box.lower == (Fraction(-9, 4), Fraction(-1, 4))
    ((Fraction(2, 1),), True)
    """
    d = net.input_dim
    matrix = [[-stretch if i + j == d - 1 else 0 for j in range(d)] for i in range(d)]
    shift = Fraction(1, 2)
    other = net.restrict(matrix, [shift] * d)
    if not other.float_exact:
        shift, other = Fraction(0), net.restrict(matrix, [0] * d)
    if not isinstance(domain, Box):
        return other, domain
    lower, upper = (
        [(shift - v) / stretch for v in reversed(end)] for end in (domain.upper, domain.lower))
    return other, Box(lower, upper)


def _output_scaled_back(net: ReluNetwork) -> ReluNetwork:
    """Every layer scaled by 2^-30, and the output by the inverse of what that amounts to."""
    small = Fraction(1, 2**30)
    return transforms.scaled(net, small).scale(1 / small ** (net.depth + 1))
