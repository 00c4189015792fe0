"""Networks rewritten: the same regions, or regions that are known from the old ones.

These are the invariances that an exact count must respect and the degenerate inputs on which counts
by tolerance go wrong. All arithmetic is exact.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from relu_theory.errors import InvalidInput
from relu_theory.exact.numbers import fraction
from relu_theory.network import ReluNetwork

__all__ = [
    "add_dead_neurons",
    "dead_layer",
    "duplicate",
    "permute",
    "rescale",
    "scaled",
    "split_neuron",
]

Rows = list[list[Fraction]]


def scaled(net: ReluNetwork, c: Any) -> ReluNetwork:
    """Positively homogeneous scaling: layer l becomes ``c W, c^l b``, so layer l scales by ``c^l``.

    The regions do not change for any c > 0; the sizes of the numbers do.

    Examples
    --------
    >>> from relu_theory.families import sawtooth
    >>> scaled(sawtooth(2), 8).forward_exact([Fraction(1, 4)])
    (Fraction(512, 1),)
    """
    c = _positive("c", c)
    weights, biases = _rows(net)
    return ReluNetwork(
        [[[c * w for w in row] for row in matrix] for matrix in weights],
        [[c ** (layer + 1) * b for b in bias] for layer, bias in enumerate(biases)],
    )


def dead_layer(net: ReluNetwork, layer: int, bias: Any = -1000) -> ReluNetwork:
    """The network with every bias of hidden layer ``layer`` (from 0) replaced by ``bias``.

    A very negative bias silences the layer near the origin and leaves far regions where it wakes
    up.

    Examples
    --------
    >>> from relu_theory.families import gaussian
    >>> dead_layer(gaussian(2, [8, 8], seed=5), 1).biases[1].tolist() == [-1000.0] * 8
    True
    """
    layer = _hidden_layer(net, layer)
    weights, biases = _rows(net)
    biases[layer] = [fraction(bias)] * net.widths[layer]
    return ReluNetwork(weights, biases)


def duplicate(net: ReluNetwork, layer: int, neuron: int, factor: Any = 1) -> ReluNetwork:
    """Append a copy of one hidden neuron, its row and bias multiplied by ``factor``, unread.

    The same hyperplane occurs twice (facing the other way when the factor is negative); the
    function and the proper regions stay the same.

    Examples
    --------
    >>> from relu_theory.families import sawtooth
    >>> duplicate(sawtooth(2), 0, 1, -3).widths
    (3, 2)
    """
    layer = _hidden_layer(net, layer)
    neuron = _neuron(net, layer, neuron)
    factor = fraction(factor)
    weights, biases = _rows(net)
    row = [factor * w for w in weights[layer][neuron]]
    return _append(weights, biases, layer, [row], [factor * biases[layer][neuron]])


def add_dead_neurons(
    net: ReluNetwork, layer: int, biases: Sequence[Any] = (-1, 0, 1)
) -> ReluNetwork:
    """Append neurons with zero rows and the given biases, unread: never or always active.

    Examples
    --------
    >>> from relu_theory.families import sawtooth
    >>> add_dead_neurons(sawtooth(2), 1).widths
    (2, 5)
    """
    layer = _hidden_layer(net, layer)
    weights, old = _rows(net)
    fan_in = len(weights[layer][0])
    zero_rows = [[Fraction(0)] * fan_in for _ in biases]
    return _append(weights, old, layer, zero_rows, [fraction(b) for b in biases])


def permute(net: ReluNetwork, layer: int, order: Sequence[int]) -> ReluNetwork:
    """The same network with the neurons of one hidden layer in another order.

    Examples
    --------
    >>> from relu_theory.families import sawtooth
    >>> permute(sawtooth(1), 0, [1, 0]).biases[0].tolist()
    [-0.5, 0.0]
    """
    layer = _hidden_layer(net, layer)
    if sorted(order) != list(range(net.widths[layer])):
        raise InvalidInput(
            f"order must be a permutation of 0..{net.widths[layer] - 1}, got {list(order)}"
        )
    weights, biases = _rows(net)
    weights[layer] = [weights[layer][i] for i in order]
    biases[layer] = [biases[layer][i] for i in order]
    weights[layer + 1] = [[row[i] for i in order] for row in weights[layer + 1]]
    return ReluNetwork(weights, biases)


def rescale(net: ReluNetwork, layer: int, factors: Sequence[Any]) -> ReluNetwork:
    """Multiply each neuron of a hidden layer by a positive factor and divide where it is read.

    Examples
    --------
    >>> from relu_theory.families import sawtooth
    >>> rescale(sawtooth(1), 0, [4, "1/2"]).forward_exact(["1/4"])
    (Fraction(1, 2),)
    """
    layer = _hidden_layer(net, layer)
    if len(factors) != net.widths[layer]:
        raise InvalidInput(
            f"factors must have one entry for each of the {net.widths[layer]} neurons of layer "
            f"{layer}, got {len(factors)}"
        )
    scale = [_positive(f"factors[{i}]", f) for i, f in enumerate(factors)]
    weights, biases = _rows(net)
    weights[layer] = [[f * w for w in row] for f, row in zip(scale, weights[layer], strict=True)]
    biases[layer] = [f * b for f, b in zip(scale, biases[layer], strict=True)]
    weights[layer + 1] = [
        [w / f for w, f in zip(row, scale, strict=True)] for row in weights[layer + 1]
    ]
    return ReluNetwork(weights, biases)


def split_neuron(net: ReluNetwork, layer: int, neuron: int, share: Any = "1/3") -> ReluNetwork:
    """Append a twin of one hidden neuron that takes over the given share of its outgoing weight.

    Examples
    --------
    >>> from relu_theory.families import sawtooth
    >>> split_neuron(sawtooth(2), 0, 0).forward_exact(["3/8"]) == sawtooth(2).forward_exact(["3/8"])
    True
    """
    layer = _hidden_layer(net, layer)
    neuron, share = _neuron(net, layer, neuron), fraction(share)
    weights, biases = _rows(net)
    weights[layer].append(list(weights[layer][neuron]))
    biases[layer].append(biases[layer][neuron])
    for row in weights[layer + 1]:
        row.append(share * row[neuron])
        row[neuron] *= 1 - share
    return ReluNetwork(weights, biases)


def _append(
    weights: list[Rows], biases: Rows, layer: int, rows: Rows, new: list[Fraction]
) -> ReluNetwork:
    weights[layer] += rows
    biases[layer] += new
    weights[layer + 1] = [row + [Fraction(0)] * len(new) for row in weights[layer + 1]]
    return ReluNetwork(weights, biases)


def _rows(net: ReluNetwork) -> tuple[list[Rows], Rows]:
    """Exact weights and biases as nested lists of Fractions, free to be changed."""
    exact = net.exact
    weights = [[[fraction(w) for w in row] for row in matrix.tolist()] for matrix in exact.weights]
    return weights, [[fraction(b) for b in bias] for bias in exact.biases]


def _hidden_layer(net: ReluNetwork, layer: int) -> int:
    if isinstance(layer, bool) or not 0 <= layer < net.depth:
        raise InvalidInput(f"layer must be a hidden layer 0..{net.depth - 1}, got {layer!r}")
    return layer


def _neuron(net: ReluNetwork, layer: int, neuron: int) -> int:
    if isinstance(neuron, bool) or not 0 <= neuron < net.widths[layer]:
        raise InvalidInput(
            f"neuron must be one of 0..{net.widths[layer] - 1} in layer {layer}, got {neuron!r}"
        )
    return neuron


def _positive(name: str, value: Any) -> Fraction:
    value = fraction(value)
    if value <= 0:
        raise InvalidInput(
            f"{name} must be positive, got {value}: relu(c t) = c relu(t) needs c > 0"
        )
    return value
