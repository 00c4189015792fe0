"""Check a certificate for bounds of a ReLU network on a box. Standard library only: copy it.

JSON with "format"; "network": {"weights", "biases"}, the last pair is the output layer; "box":
{"lower", "upper"}; "layers": a {"lower", "upper", "proof", "attained", "chords"} for each pair;
exact numbers are strings "p" or "p/q". A layer claims: on the box its values before the ReLU lie
between "lower" and "upper". Its "proof" is null, by interval arithmetic from the claim before it;
or for each earlier layer slopes in [0, 1], one row for all 2n bounds or one for each (lower ones
first; null: by interval arithmetic). For a in [l, u], slope * a <= relu(a) <= chord(a), since the
line "chords": [slopes, offsets] lies above relu at l and u. Going back, the first replaces a neuron
with a nonnegative coefficient, the second one with a negative; what is left is affine on the box.
"attained" (may be empty): for each bound a point (input, activations of each layer) of the relaxed
set where it is an equality: nothing better follows.
"""

import json
import sys
from fractions import Fraction

FORMAT = "relu_theory bounds 1"


def require(condition, message):
    if not condition:
        raise ValueError(message)


def numbers(data):
    return [numbers(x) for x in data] if isinstance(data, list) else data and Fraction(data)


def dot(a, b):
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def least(row, shift, lower, upper):
    return shift + dot([max(c, 0) for c in row], lower) + dot([min(c, 0) for c in row], upper)


def back(row, shift, earlier, slopes, box):
    """A lower bound of row . z + shift, where z are the activations of the last earlier layer."""
    for (weight, bias, *_, high, offset), low in list(zip(earlier, slopes, strict=True))[::-1]:
        require(all(0 <= slope <= 1 for slope in low), "a slope is not in [0, 1]")
        shift += dot([min(c, 0) for c in row], offset)
        row = [c * (a if c >= 0 else b) for c, a, b in zip(row, low, high, strict=True)]
        shift += dot(row, bias)
        row = [dot(row, column) for column in zip(*weight, strict=True)]
    return least(row, shift, *box)


def value_at(point, row, shift, earlier, box):
    """The value row . z + shift at a point, which must belong to the relaxed set."""
    require(len(point) == len(earlier) + 1, "a point has the wrong number of layers")
    require(all(a <= x <= b for x, a, b in zip(point[0], *box, strict=True)), "off the box")
    for (weight, bias, *lines), inner, outer in zip(earlier, point, point[1:], strict=False):
        values = [dot(w, inner) + b for w, b in zip(weight, bias, strict=True)]
        for z, a, low, up, s, t in zip(outer, values, *lines, strict=True):
            above = s * a + t if low < 0 < up else max(a, 0)
            require(max(a, 0) <= z <= above and low <= a <= up, "a point is not relaxed")
    return dot(row, point[-1]) + shift


def check_layer(weight, bias, layer, earlier, ends, box):
    """The claimed ends of one layer, if they are proved."""
    lower, upper, points = (numbers(layer[key]) for key in ("lower", "upper", "attained"))
    rows = [*zip(weight, bias, strict=True)]
    rows += [([-w for w in row], -shift) for row, shift in rows]
    require(len(points) in (0, len(rows)), "points are missing")
    for i, ((row, shift), claim) in enumerate(zip(rows, lower + [-x for x in upper], strict=True)):
        tables = [[None]] if layer["proof"] is None else numbers(layer["proof"])
        slopes = [table[0 if len(table) == 1 else i] for table in tables]
        linear = None not in slopes
        proved = back(row, shift, earlier, slopes, box) if linear else least(row, shift, *ends)
        require(claim <= proved, f"bound {i} of a layer is not proved")
        if points:
            require(value_at(points[i], row, shift, earlier, box) == claim, "not attained")
    return lower, upper


def check(data):
    """The proved bounds (lower, upper) of the outputs; an error unless every claim is proved."""
    require(data["format"] == FORMAT, "unknown format")
    box = ends = tuple(numbers(data["box"][key]) for key in ("lower", "upper"))
    require(all(a <= b for a, b in zip(*box, strict=True)), "the box is inverted")
    network, earlier = [numbers(data["network"][key]) for key in ("weights", "biases")], []
    for weight, bias, layer in zip(*network, data["layers"], strict=True):
        lower, upper = check_layer(weight, bias, layer, earlier, ends, box)
        ends = [[max(x, Fraction(0)) for x in end] for end in (lower, upper)]
        if len(earlier) < len(data["layers"]) - 1:
            slopes, offsets = numbers(layer["chords"])
            for a, b, s, t in zip(lower, upper, slopes, offsets, strict=True):
                require(s * a + t >= max(a, 0) and s * b + t >= max(b, 0), "a chord cuts the ReLU")
            earlier.append((weight, bias, lower, upper, slopes, offsets))
    return lower, upper


if __name__ == "__main__":
    with open(sys.argv[1], encoding="ascii") as file:
        print(*(list(map(str, end)) for end in check(json.load(file))))
