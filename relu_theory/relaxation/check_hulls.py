"""Check a certificate for multi-neuron bounds of a ReLU network. Standard library only: copy it.

JSON with "format"; "network": {"weights", "biases"}, the last pair is the output layer; "box":
{"lower", "upper"}; "layers": one for each pair; exact numbers are strings "p" or "p/q". A
half-space is a list (a, b) that says a . v + b >= 0. It follows from others by "multipliers", pairs
[index, number >= 0]: the half-space less the combination is a constant >= 0. Facts about the input
are lower_0 <= x_0, x_0 <= upper_0, lower_1 <= x_1, ...; about the activations of a hidden layer
they are its "facets".

A layer claims "lower" and "upper" ends of its values p before the ReLU: its "proof" has multipliers
of the facts before it for each of them, lower ends first. A hidden layer has "rows", half-spaces
c . x + a . relu(p) + b >= 0 over its inputs x and its activations, with "cases". A term
a_j relu(p_j) with a_j < 0 is the lesser of 0 and a_j p_j (where the ends leave both open), so that
there is one case for each choice; one with a_j >= 0 is at least a_j s_j p_j for the "slopes" s_j of
the case, in [0, 1]. What is left is affine in x and follows from the facts by the "multipliers" of
the case. The "facets" follow, with "multipliers" each, from the facts before the layer and the
rows, in this order.
"""

import json
import sys
from fractions import Fraction
from itertools import product

FORMAT = "relu_theory hull bounds 1"


class Refused(ValueError):
    """The certificate does not prove its claim; the message says where."""


def require(condition, message):
    if not condition:
        raise Refused(message)


def numbers(data):
    return [numbers(x) for x in data] if isinstance(data, list) else Fraction(data)


def plus(form, factor, other):
    return [x + factor * y for x, y in zip(form, other, strict=True)]


def require_implied(form, multipliers, facts, what):
    for index, factor in multipliers:
        require(0 <= index < len(facts) and Fraction(factor) >= 0, f"bad multiplier of {what}")
        form = plus(form, -Fraction(factor), facts[index])
    require(not any(form[:-1]) and form[-1] >= 0, f"{what} is not proved")


def check_ends(values, layer, facts):
    lower, upper = numbers(layer["lower"]), numbers(layer["upper"])
    claims = [[*form[:-1], form[-1] - end] for form, end in zip(values, lower, strict=True)]
    claims += [[*(-a for a in form[:-1]), end - form[-1]]
               for form, end in zip(values, upper, strict=True)]  # fmt: skip
    for i, (claim, proof) in enumerate(zip(claims, layer["proof"], strict=True)):
        require_implied(claim, proof, facts, f"bound {i}")
    return lower, upper


def choices(a, low, up):
    """The factors of p_j among which a_j relu(p_j), a_j < 0, is the least."""
    return [None] if a >= 0 else [1] if low >= 0 else [0] if up <= 0 else [0, 1]


def check_row(row, cases, values, ends, facts, what):
    inputs = len(values[0]) - 1
    form, outer = [*row[:inputs], row[-1]], row[inputs:-1]
    every = list(product(*map(choices, outer, *ends)))
    for choice, case in zip(every, cases, strict=True):
        affine = form
        for a, own, slope, value in zip(outer, choice, case["slopes"], values, strict=True):
            require(0 <= Fraction(slope) <= 1, f"a slope of {what} is not in [0, 1]")
            affine = plus(affine, a * (Fraction(slope) if own is None else own), value)
        require_implied(affine, case["multipliers"], facts, what)


def check_hidden(layer, values, ends, facts):
    """The facets of a hidden layer, if they are proved."""
    size, rows, facets = len(values), numbers(layer["rows"]), numbers(layer["facets"])
    for i, (row, cases) in enumerate(zip(rows, layer["cases"], strict=True)):
        require(len(row) == len(values[0]) + size, "a row has the wrong length")
        check_row(row, cases, values, ends, facts, f"row {i}")
    known = [[*fact[:-1], *[Fraction(0)] * size, fact[-1]] for fact in facts] + rows
    for i, (facet, proof) in enumerate(zip(facets, layer["multipliers"], strict=True)):
        wide = [*[Fraction(0)] * (len(values[0]) - 1), *facet]
        require_implied(wide, proof, known, f"facet {i}")
    return facets


def check(data):
    """The proved bounds (lower, upper) of the outputs; an error unless every claim is proved."""
    require(data["format"] == FORMAT, "unknown format")
    lower, upper = (numbers(data["box"][key]) for key in ("lower", "upper"))
    require(all(a <= b for a, b in zip(lower, upper, strict=True)), "the box is inverted")
    facts = []
    for i, (low, up) in enumerate(zip(lower, upper, strict=True)):
        unit = [Fraction(i == j) for j in range(len(lower))]
        facts += [[*unit, -low], [*(-x for x in unit), up]]
    network = [numbers(data["network"][key]) for key in ("weights", "biases")]
    for left, weight, bias, layer in zip(
        range(len(network[0]))[::-1], *network, data["layers"], strict=True
    ):
        values = [[*row, shift] for row, shift in zip(weight, bias, strict=True)]
        ends = check_ends(values, layer, facts)
        if left:
            facts = check_hidden(layer, values, ends, facts)
    return ends


if __name__ == "__main__":
    with open(sys.argv[1], encoding="ascii") as file:
        print(*(list(map(str, end)) for end in check(json.load(file))))
