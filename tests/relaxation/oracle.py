"""Relaxation bounds straight from the definitions: slow, in Fractions, one number at a time.

DeepPoly keeps for every neuron one affine lower and one affine upper function of the neurons of
the layer before, and goes back neuron by neuron. The triangle program has all neurons as variables
and is solved by scipy: floats, a check and no proof.
"""

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

from relu_theory import Box, ReluNetwork
from relu_theory.exact import fraction

Row = list[Fraction]
Pair = tuple[Fraction, Fraction]


def layers_of(net: ReluNetwork) -> list[tuple[list[Row], Row]]:
    return [
        ([list(map(fraction, row)) for row in w.table()], list(map(fraction, b)))
        for w, b in zip(net.exact.weights, net.exact.biases, strict=True)
    ]


def ibp(net: ReluNetwork, box: Box) -> list[list[Pair]]:
    """Interval arithmetic by trying both ends of each term."""
    ends, found = list(zip(box.lower, box.upper, strict=True)), []
    for weight, bias in layers_of(net):
        layer = []
        for row, b in zip(weight, bias, strict=True):
            terms = [sorted((w * low, w * up)) for w, (low, up) in zip(row, ends, strict=True)]
            layer.append((b + sum(t[0] for t in terms), b + sum(t[1] for t in terms)))
        found.append(layer)
        ends = [(max(low, Fraction(0)), max(up, Fraction(0))) for low, up in layer]
    return found


def deeppoly(net: ReluNetwork, box: Box, method: str) -> list[list[Pair]]:
    """DeepPoly by recursion: the least value of a form in the activations of a layer."""
    layers, found = layers_of(net), []

    def least(form: Sequence[Fraction], shift: Fraction, depth: int) -> Fraction:
        if depth == 0:
            return shift + sum(
                c * (low if c > 0 else up)
                for c, low, up in zip(form, box.lower, box.upper, strict=True)
            )
        weight, bias = layers[depth - 1]
        inner = [Fraction(0)] * len(weight[0])
        for c, row, b, (low, up) in zip(form, weight, bias, found[depth - 1], strict=True):
            slope, offset = line(low, up, c > 0, method)
            shift += c * (offset + slope * b)
            inner = [a + c * slope * w for a, w in zip(inner, row, strict=True)]
        return least(inner, shift, depth - 1)

    for depth, (weight, bias) in enumerate(layers):
        found.append([
            (least(row, b, depth), -least([-w for w in row], -b, depth))
            for row, b in zip(weight, bias, strict=True)
        ])  # fmt: skip
    return found


def line(low: Fraction, up: Fraction, below: bool, method: str) -> Pair:
    if low >= 0:
        return Fraction(1), Fraction(0)
    if up <= 0:
        return Fraction(0), Fraction(0)
    if not below:
        return up / (up - low), -up * low / (up - low)
    one = method == "deeppoly1" or (method == "crown" and up > -low)
    return Fraction(one), Fraction(0)


def triangle(net: ReluNetwork, box: Box) -> list[list[tuple[float, float]]]:
    """The triangle relaxation with a variable for every pre-activation and activation."""
    sizes = [net.input_dim, *net.widths]
    rows, rhs, equal, equal_rhs = [], [], [], []
    limits = [(float(a), float(b)) for a, b in zip(box.lower, box.upper, strict=True)]
    total = sizes[0] + 2 * sum(sizes[1:])
    start, found = 0, []
    for depth, (weight, bias) in enumerate(zip(net.weights, net.biases, strict=True)):
        layer = []
        for row, b in zip(weight, bias, strict=True):
            cost = np.zeros(total)
            cost[start : start + len(row)] = row
            ends = []
            for sign in (1, -1):
                free = limits + [(None, None)] * (total - len(limits))
                result = linprog(
                    sign * cost, A_ub=rows or None, b_ub=rhs or None, A_eq=equal or None,
                    b_eq=equal_rhs or None, bounds=free,
                )  # fmt: skip
                ends.append(sign * result.fun + b)
            layer.append(tuple(ends))
        found.append(layer)
        if depth == net.depth:
            break
        before = start + sizes[depth]
        for j, (row, b) in enumerate(zip(weight, bias, strict=True)):
            a, z = before + j, before + len(bias) + j
            definition = np.zeros(total)
            definition[start : start + len(row)], definition[a] = row, -1
            equal.append(definition)
            equal_rhs.append(-b)
            low, up = layer[j]
            slope, offset = (float(v) for v in line(low, up, False, ""))
            for on_a, on_z, most in ((0, -1, 0), (1, -1, 0), (-slope, 1, offset)):
                constraint = np.zeros(total)
                constraint[a], constraint[z] = on_a, on_z
                rows.append(constraint)
                rhs.append(most)
        limits += [(None, None)] * (2 * len(bias))
        start = before + len(bias)
    return found
