r"""Check a certificate about shattering. Standard library only.

Copy this file anywhere and run ``python check_shattering.py FILE``: it prints what is proved and
exits with 0, or says why the certificate is refused and exits with 1.

The format
----------
Gzip-compressed JSON with the keys format, kind, statement, proof. Exact numbers are strings "p" or
"p/q". There are three kinds.

*finite class*: concepts 0..M-1 and points, of which ``columns`` gives for each point the set of
concepts that contain it (a hexadecimal integer; bit c is concept c). Proved: the VC dimension is
``dimension``. The proof has a ``shattered`` set of that size and, for the upper side, one of

  cardinality  M < 2^(dimension + 1).
  radius       a labeling ``base`` from which every concept differs in at most `dimension` points.
               (A shattered set carries a concept that differs from the base in all its points.)
  search       ``order``, a permutation of the points, and ``verdicts``, base64 of a zlib stream of
               little-endian 32-bit integers. With k = dimension + 1, the tree of all k-sets in
               that order is walked: at a node, a set S and candidates after it, there is a verdict
               for each candidate p in turn. It is -1 (p stays), or b >= 0: fewer than
               2^(k - |S| - 1) concepts have on S and p the labels that are the binary digits of b,
               S first, so that no k-set that contains S and p is shattered. Then the walk enters S
               with each p that stayed, the candidates being those that stayed after p, as long as
               there are enough of them.

*shattered*: an architecture and m points. Proved: all 2^m labelings x -> [f(x) > 0] occur. The
proof has for each labeling (a string of 0 and 1) the signs of the units and the parameters theta.
With an output bias and outputs of both signs one of two opposite labelings suffices, since
-f + delta gives the other for a small delta > 0. For a DeepNetwork there are instead weights and
biases of each layer, with a ReLU after all but the last.

*refuted*: an architecture, points and a labeling. Proved: it does not occur. The proof has for
each sign pattern, up to the order of the neurons, a tree. A leaf holds rows (kind, point, units,
multiplier > 0), each an inequality a.theta >= b, that add up to 0 >= positive. A label row (kind
0) of point i with units T reads, with label y: y (base_i + sum over T of sign * form) . theta >=
1 if y = 1, else 0. It follows from the labeling if T contains exactly those units of sign y that
were decided on, and all of them were decided: other units may be in T or not, because leaving out
or adding their relu is a bound in the right direction; and the output may be scaled. Rows of kind
1 and 2 are decisions: form >= 0, form <= 0. A branch at a point names a unit that is decided on in
the first subtree, and off in the second; further units named after it, single neurons with the
same sign and history, are decided off in the second as well, which loses nothing by symmetry.

With ``thresholds`` t_i in the statement the labels are [f(x) > t] and all 2^m must be proved. There
is one more parameter s > 0, which multiplies the thresholds: f_i - t_i s takes the place of f_i,
and at one more point, with label 1 in all labelings, the value is s.

Architectures
-------------
f_i(theta) = base_i . theta + sum over units of sign * max(form . theta, 0), see `forms`.
"""

import base64
import gzip
import json
import sys
import zlib
from array import array
from fractions import Fraction
from itertools import product

FORMAT = "relu_theory shattering certificate 1"


class Refused(Exception):
    """The certificate proves nothing; the message says why."""


def check(data):
    """The statement, when its proof holds; else Refused."""
    try:
        require(data["format"] == FORMAT, "unknown format")
        require(data["kind"] in KINDS, "unknown kind")
        KINDS[data["kind"]](data["statement"], data["proof"])
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError,
            RecursionError, zlib.error, OverflowError) as reason:
        raise Refused(f"malformed: {reason!r}") from reason
    return {"kind": data["kind"], **data["statement"]}


def require(condition, message):
    if not condition:
        raise Refused(message)


def check_finite(statement, proof):
    size, dimension = statement["concepts"], statement["dimension"]
    columns = [int(text, 16) for text in statement["columns"]]
    everything = (1 << size) - 1
    require(isinstance(size, int) and size > 0, "there are no concepts")
    require(all(0 <= c <= everything for c in columns), "a column has concepts that do not exist")
    shattered = proof["shattered"]
    distinct = len(set(shattered)) == len(shattered)
    require(distinct and len(shattered) == dimension, "the shattered set has the wrong size")
    require(all(0 <= p < len(columns) for p in shattered), "a shattered point does not exist")
    blocks = [everything]
    for p in shattered:
        blocks = [part for b in blocks for part in (b & columns[p], b & ~columns[p])]
    require(all(blocks), "the set is not shattered")
    upper = proof["upper"]
    if upper["method"] == "cardinality":
        require(size < 1 << (dimension + 1), "there are concepts enough for a larger set")
    elif upper["method"] == "radius":
        check_radius(columns, everything, upper["base"], dimension)
    else:
        require(upper["method"] == "search", "unknown method for the upper side")
        check_search(columns, everything, upper, dimension + 1)


def check_radius(columns, everything, base, radius):
    """Count the differences of all concepts at once, in binary counters that are sets."""
    require(len(base) == len(columns) and set(base) <= {0, 1}, "the base is no labeling")
    counters = [0] * (len(columns).bit_length() + 1)
    for column, label in zip(columns, base, strict=False):
        carry = everything & ~column if label else column
        for k, counter in enumerate(counters):
            counters[k], carry = counter ^ carry, counter & carry
    above, equal = 0, everything
    for k in reversed(range(len(counters))):
        if radius >> k & 1:
            equal &= counters[k]
        else:
            above |= equal & counters[k]
            equal &= ~counters[k]
    require(radius >= 0 and not above, "a concept is further away than the dimension")


def check_search(columns, everything, upper, target):
    order = upper["order"]
    require(sorted(order) == list(range(len(columns))), "the order is no permutation")
    verdicts = array("i")
    require(verdicts.itemsize == 4, "needs 32-bit integers")
    verdicts.frombytes(zlib.decompress(base64.b64decode(upper["verdicts"])))
    if sys.byteorder == "big":
        verdicts.byteswap()
    walk = iter(verdicts)
    stack = [([], order)]
    while stack:
        chosen, candidates = stack.pop()
        need = 1 << (target - len(chosen) - 1)
        blocks = {}
        stay = []
        for p in candidates:
            verdict = next(walk, None)
            require(verdict is not None, "a verdict is missing")
            if verdict < 0:
                stay.append(p)
                continue
            block, width = verdict >> 1, len(chosen)
            require(block < 1 << width, "a verdict names no block")
            if block not in blocks:
                found = everything
                for k, q in enumerate(chosen):
                    one = block >> (width - 1 - k) & 1
                    found &= columns[q] if one else ~columns[q]
                blocks[block] = found
            half = blocks[block] & (columns[p] if verdict & 1 else ~columns[p])
            require(half.bit_count() < need, "a verdict is wrong")
        require(len(chosen) + 1 < target or not stay, "a set was not refuted")
        entered = len(stay) - (target - len(chosen)) + 1
        for i in reversed(range(max(entered, 0))):
            stack.append(([*chosen, stay[i]], stay[i + 1 :]))
    require(next(walk, None) is None, "there are verdicts left over")


def forms(architecture, point):
    """(base, forms) of a point: lists of numbers, one for each parameter."""
    x = [Fraction(v) for v in point]
    require(len(x) == architecture["inputs"], "a point has the wrong dimension")
    return SYSTEMS[architecture["name"]](architecture, x)


def halfspace_forms(architecture, x):
    return (x if architecture["homogeneous"] else [*x, 1]), []


def hidden_forms(architecture, x):
    units, size = architecture["units"], len(x) + 1
    bias, skip = int(architecture["output_bias"]), len(x) * int(architecture["skip"])
    zeros = [0] * (units * size + bias + skip)
    base = zeros[: units * size] + [1] * bias + x[:skip]
    rows = []
    for k in range(units):
        rows.append([*zeros[:k * size], *x, 1, *zeros[(k + 1) * size:]])
    return base, rows


def group_forms(architecture, x):
    """Parameters: for each neuron its weights w, by channel and kernel, and a bias; the threshold.

    Unit (j, g) is sum over channels and kernels of w * sum_h kernel(g^-1 h) x_channel(h) - b_j.
    """
    table, kernels = architecture["table"], architecture["kernels"]
    order, units, channels = len(table), architecture["units"], architecture["channels"]
    identity = table.index(list(range(order)))
    inverse = [row.index(identity) for row in table]
    size = channels * len(kernels) + 1
    total = units * size + 1
    rows = []
    for j in range(units):
        for g in range(order):
            row = [0] * total
            for c in range(channels):
                for s, kernel in enumerate(kernels):
                    row[j * size + c * len(kernels) + s] = sum(
                        Fraction(kernel[table[inverse[g]][h]]) * x[c * order + h]
                        for h in range(order)
                    )
            row[j * size + size - 1] = -1
            rows.append(row)
    return [0] * (total - 1) + [1], rows


def neuron_forms(architecture, x):
    row = [*x, 1] if architecture["bias"] else x
    return [0] * len(row), [row]


SYSTEMS = {"Neuron": neuron_forms, "Halfspaces": halfspace_forms, "OneHidden": hidden_forms,
           "GroupConv": group_forms}  # fmt: skip


def neurons_of(architecture):
    """The neuron of each unit; whether outputs may be negative; whether there is an output bias."""
    if architecture["name"] == "Halfspaces":
        return [], True, not architecture["homogeneous"]
    if architecture["name"] == "Neuron":
        return [0], False, False
    if architecture["name"] == "OneHidden":
        return list(range(architecture["units"])), True, architecture["output_bias"]
    order = len(architecture["table"])
    neurons = [j for j in range(architecture["units"]) for _ in range(order)]
    return neurons, architecture["signed"], True


def dot(a, b):
    return sum((x * y for x, y in zip(a, b, strict=True) if x), Fraction(0))


def read_system(statement):
    points = [tuple(map(Fraction, p)) for p in statement["points"]]
    require(len(set(points)) == len(points) > 0, "points are repeated or missing")
    system = [forms(statement["architecture"], p) for p in points]
    if "thresholds" not in statement:
        return system
    levels = [Fraction(t) for t in statement["thresholds"]]
    require(len(levels) == len(points), "there must be a threshold for each point")
    above = [([*base, -t], [[*row, 0] for row in rows])
             for (base, rows), t in zip(system, levels, strict=True)]  # fmt: skip
    zeros = [0] * len(system[0][0])
    return [*above, ([*zeros, 1], [[*zeros, 0] for _ in system[0][1]])]


def word_of(statement, labeling):
    """With the label of the point that stands for s."""
    return labeling + "1" if "thresholds" in statement else labeling


def check_deep(statement, proof):
    widths = statement["architecture"]["widths"]
    points = [[Fraction(v) for v in p] for p in statement["points"]]
    require(len(set(map(tuple, points))) == len(points) > 0, "points are repeated or missing")
    require(widths[-1] == 1 and "thresholds" not in statement, "there must be one output")
    for word in map("".join, product("01", repeat=len(points))):
        opposite = word.translate({48: 49, 49: 48})
        require(word in proof or opposite in proof, f"there are no weights for {word}")
    for word, layers in proof.items():
        require(len(layers) == len(widths) - 1, "a layer is missing")
        for label, x in zip(word, points, strict=True):
            require(len(x) == widths[0], "a point has the wrong dimension")
            for k, layer in enumerate(layers):
                require(len(layer["biases"]) == widths[k + 1], "a layer has the wrong width")
                here = [max(v, 0) for v in x] if k else x
                x = [dot(map(Fraction, row), here) + Fraction(b)
                     for row, b in zip(layer["weights"], layer["biases"], strict=True)]  # fmt: skip
            require((x[0] > 0) == (label == "1"), f"the weights for {word} give another labeling")


def check_shattered(statement, proof):
    if statement["architecture"]["name"] == "DeepNetwork":
        check_deep(statement, proof)
        return
    system = read_system(statement)
    neurons, signed, bias = neurons_of(statement["architecture"])
    count = len(statement["points"])
    bias = bias and "thresholds" not in statement
    for labeling, (signs, theta) in proof.items():
        require(len(labeling) == count and set(labeling) <= {"0", "1"}, "a labeling is malformed")
        require_signs(signs, neurons, signed)
        theta = [Fraction(t) for t in theta]
        for (base, rows), label in zip(system, word_of(statement, labeling), strict=True):
            value = dot(base, theta)
            for sign, row in zip(signs, rows, strict=True):
                value += sign * max(dot(row, theta), 0)
            require((value > 0) == (label == "1"), f"the parameters for {labeling} give another")
    for word in product("01", repeat=count):
        labeling = "".join(word)
        opposite = labeling.translate({48: 49, 49: 48})
        allowed = labeling in proof or (signed and bias and opposite in proof)
        require(allowed, f"there are no parameters for {labeling}")


def require_signs(signs, neurons, signed):
    require(len(signs) == len(neurons), "there must be a sign for each unit")
    require(set(signs) <= ({1, -1} if signed else {1}), "a sign is not allowed")
    pairs = set(zip(neurons, signs, strict=False))
    require(len(pairs) == len(set(neurons)), "units of one neuron have different signs")


def check_refuted(statement, proof):
    system = read_system(statement)
    word = word_of(statement, statement["labeling"])
    labels = [1 if c == "1" else -1 for c in word]
    require(len(labels) == len(system) and set(word) <= {"0", "1"}, "malformed labeling")
    neurons, signed, _ = neurons_of(statement["architecture"])
    count = len(set(neurons))
    positive = range(count, -1, -1) if signed else [count]
    if not neurons:
        positive = [0]
    require(len(proof) == len(positive), "there must be a tree for each sign pattern")
    for k, tree in zip(positive, proof, strict=False):
        signs = [1 if j < k else -1 for j in neurons]
        decided = [[0] * len(neurons) for _ in labels]
        check_tree(tree, system, labels, signs, neurons, decided)


def check_tree(tree, system, labels, signs, neurons, decided):
    if tree[0] == "leaf":
        check_leaf(tree[1], system, labels, signs, decided)
        return
    name, point, units, on, off = tree
    require(name == "branch" and 0 <= point < len(labels), "malformed branch")
    first = units[0]
    for u in units:
        require(0 <= u < len(signs) and decided[point][u] == 0, "a unit was decided before")
        if u != first:
            same = all(row[u] == row[first] for row in decided) and signs[u] == signs[first]
            alone = neurons.count(neurons[u]) == neurons.count(neurons[first]) == 1
            require(same and alone, "units that differ cannot be exchanged")
    decided[point][first] = 1
    check_tree(on, system, labels, signs, neurons, decided)
    for u in units:
        decided[point][u] = -1
    check_tree(off, system, labels, signs, neurons, decided)
    for u in units:
        decided[point][u] = 0


def check_leaf(rows, system, labels, signs, decided):
    total, right = [Fraction(0)] * len(system[0][0]), 0
    for kind, i, units, multiplier in rows:
        require(isinstance(multiplier, int) and multiplier > 0, "a multiplier is not positive")
        require(0 <= i < len(labels), "a row names no point")
        base, forms_here = system[i]
        if kind == 0:
            for u, sign in enumerate(signs):
                if sign == labels[i]:
                    require(decided[i][u] != 0, "a label row is not implied")
                    require((u in units) == (decided[i][u] > 0), "a label row is not implied")
            require(len(set(units)) == len(units), "a unit is repeated")
            row = list(base)
            for u in units:
                row = [a + signs[u] * b for a, b in zip(row, forms_here[u], strict=False)]
            row = [labels[i] * a for a in row]
            right += multiplier * (labels[i] > 0)
        else:
            (u,) = units
            state = {1: 1, 2: -1}[kind]
            require(decided[i][u] == state, "a row was not decided")
            row = [state * a for a in forms_here[u]]
        total = [t + multiplier * a for t, a in zip(total, row, strict=True)]
    require(not any(total) and right > 0, "the rows of a leaf do not contradict each other")


KINDS = {"finite class": check_finite, "shattered": check_shattered, "refuted": check_refuted}


def main(path):
    with gzip.open(path) as file:
        data = json.load(file)
    try:
        statement = check(data)
    except Refused as reason:
        print(f"refused: {reason}")
        return 1
    names = ("kind", "concepts", "dimension", "architecture", "labeling")
    print("proved:", {k: statement[k] for k in names if k in statement})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
