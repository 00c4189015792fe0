r"""Check a certificate of an upper bound on a VC dimension. Standard library only.

Copy this file anywhere and run ``python check_upper.py FILE``: it prints what is proved and exits
with 0, or says why the certificate is refused and exits with 1.

The format
----------
Gzip-compressed JSON with the keys format, kind, statement, proof. The statement holds an
architecture and ``upper``: no upper + 1 points get all 2^(upper + 1) labelings x -> [f(x) > 0].
The proof names a method. Architectures without an output bias belong to those with one. Closed and
open halfspaces cut the same sets out of finitely many points.

*dependence*  Halfspaces. n + 1 vectors of R^n have sum c_i x_i = 0 with some c_i > 0; the labels
    [c_i > 0] would give sum c_i f(x_i) > 0.
*neuron*  One ReLU, no linear part. [+-relu(u) + c > 0] is nothing, everything or a halfspace.
*changes*  One input. OneHidden has K knots, K + 1 affine pieces and at most K + 1 sign changes;
    Threshold has K; Intersections and Unions leave out one of the labelings of three points.
*slopes*  OneHidden on the line, no linear part. With K + 1 sign changes every piece has one, so the
    knots t_1 < .. < t_K are distinct and the slopes alternate in sign. A neuron that looks right
    adds its jump j to the slope right of its knot, one that looks left adds -j left of it. For each
    word of looks (R, L) the proof gives multipliers >= 0, not all 0, of the rows
    (-1)^k slope_k > 0 that add up to 0 for every jump.
*polygon*  Intersections or Unions of K halfplanes: 2 K + 1. Of 2 K + 2 points one lies in the hull
    of the others (label it 0 and the others 1), or they are a convex polygon: label it alternately.
    A halfplane without the points labeled 1 has at most one of the K + 1 labeled 0.
*counting*  m = upper + 1 points get at most `growth` < 2^m labelings, see `growth`.
*pieces*  OneHidden. With p positive and q negative ReLUs f = max over S (a_S) - max over T (b_T)
    with 2^p and 2^q affine functions: f > 0 is a union of 2^p intersections of 2^q halfspaces,
    f <= 0 one of 2^q intersections of 2^p. See `pieces`; it is less than 2^m.
*layers*  DeepNetwork: at most prod_i 2 (2 e m i k_i / W_i)^W_i labelings for m >= sum W_i, with
    k_i units and W_i parameters of the layers 1..i (Bartlett, Harvey, Liaw, Mehrabian 2019).
*crossings*  GroupConv with one channel, kernel and unit, positive output; see `crossings`.
*sorting*  The same with a group of order 2; see `check_sorting`.
"""

import gzip
import json
import sys
from fractions import Fraction
from itertools import combinations, permutations, product
from math import comb

FORMAT = "relu_theory dimension bound certificate 1"


class Refused(Exception):
    """The certificate proves nothing; the message says why."""


def check(data):
    """The statement, when its proof holds; else Refused."""
    try:
        require(data["format"] == FORMAT and data["kind"] == "upper", "unknown format or kind")
        statement, proof = data["statement"], data["proof"]
        require(proof["method"] in METHODS, "unknown method")
        upper = statement["upper"]
        require(isinstance(upper, int) and upper >= 1, "upper is no positive int")
        METHODS[proof["method"]](statement["architecture"], upper, proof)
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError,
            RecursionError, OverflowError) as reason:
        raise Refused(f"malformed: {reason!r}") from reason
    return {"kind": "upper", **statement}


def require(condition, message):
    if not condition:
        raise Refused(message)


def check_dependence(net, upper, proof):
    require(net["name"] == "Halfspaces", "not a class of halfspaces")
    require(upper >= net["inputs"] + (not net["homogeneous"]), "the vectors may be independent")


def check_neuron(net, upper, proof):
    require(net["name"] == "OneHidden" and net["units"] == 1 and not net["skip"], "not one ReLU")
    require(upper >= net["inputs"] + 1, "halfspaces shatter more points")


def check_changes(net, upper, proof):
    require(net["inputs"] == 1, "there are more inputs than one")
    least = {"OneHidden": net["units"] + 2, "Threshold": net["units"] + 1, "Intersections": 2,
             "Unions": 2}[net["name"]]
    require(upper >= least, "there may be sign changes enough")


def check_slopes(net, upper, proof):
    units = net["units"]
    plain = net["name"] == "OneHidden" and net["inputs"] == 1 and not net["skip"]
    require(plain and upper >= units + 1, "the argument is about K + 2 points without a skip")
    for word in map("".join, product("RL", repeat=units)):
        multipliers = [Fraction(v) for v in proof["multipliers"][word]]
        require(len(multipliers) == units + 1, "a multiplier is missing")
        require(min(multipliers) >= 0 < max(multipliers), "multipliers must be >= 0, not all 0")
        for j, look in enumerate(word):
            # Knot j is between the pieces j and j + 1.
            column = [
                (k > j if look == "R" else -(k <= j)) * (-1) ** k for k in range(units + 1)
            ]
            total = sum(m * c for m, c in zip(multipliers, column, strict=True))
            require(total == 0, "the rows do not add up to 0")


def check_polygon(net, upper, proof):
    require(net["name"] in ("Intersections", "Unions") and net["inputs"] == 2, "no polygons")
    require(upper >= 2 * net["units"] + 1, "polygons shatter more points")


def check_counting(net, upper, proof):
    found = growth(net, upper + 1)
    require(proof["growth"] == str(found), "the number of labelings is another")
    require(found < 1 << (upper + 1), "there may be labelings enough")


def cover(points, dim):
    """Cover's bound on the labelings of so many points by halfspaces through 0 in R^dim."""
    return 2 * sum(comb(points - 1, i) for i in range(dim))


def multisets(kinds, size):
    return comb(kinds + size - 1, size)


def growth(net, m):
    """Multisets of (signed) dichotomies of the neurons, times labelings while these are fixed.

    Then f is linear in its n parameters. Without an output bias the VC dimension is at most n, and
    Sauer's lemma gives sum_{i <= n} C(m, i).
    """
    name, d = net["name"], net["inputs"]
    if name == "Halfspaces":
        if net["homogeneous"]:
            return sum(comb(m, i) for i in range(d + 1))
        return cover(m, d + 1)
    units = net["units"]
    if name == "OneHidden":
        n = units * (d + 1) + net["output_bias"] + d * net["skip"]
        linear = cover(m, n) if net["output_bias"] else sum(comb(m, i) for i in range(n + 1))
        return multisets(2 * cover(m, d + 1), units) * linear
    if name == "GroupConv":
        width = net["channels"] * len(net["kernels"]) + 1
        kinds = cover(m * len(net["table"]), width) * (2 if net["signed"] else 1)
        return multisets(kinds, units) * cover(m, units * width + 1)
    outputs = {"Intersections": 1, "Unions": 1, "Threshold": None}[name] or summable(units)
    return multisets(cover(m, d + 1), units) * outputs


def summable(units):
    """Functions on {0, 1}^units without vertices a, b labeled 1 and c, d labeled 0, a + b = c + d.

    All threshold functions are among them.
    """
    require(units <= 4, "too many units to list the functions")
    cube = list(product((0, 1), repeat=units))
    sums = {}
    for a, b in product(range(len(cube)), repeat=2):
        total = tuple(x + y for x, y in zip(cube[a], cube[b], strict=True))
        sums.setdefault(total, []).append(1 << a | 1 << b)
    pairs = list(sums.values())
    return sum(
        not any(
            any(f & s == s for s in same) and any(~f & s == s for s in same) for same in pairs
        )
        for f in range(1 << len(cube))
    )


def check_pieces(net, upper, proof):
    found = pieces(net, upper + 1)
    require(proof["growth"] == str(found), "the number of labelings is another")
    require(found < 1 << (upper + 1), "there may be labelings enough")


def pieces(net, m):
    """Sum over p + q = K of the smaller of the two ways to count.

    Without a linear part one of the affine functions a_S is the constant c and one of the b_T is 0:
    one of the intersections has a halfspace less (the others have them all).
    """
    require(net["name"] == "OneHidden", "not a network with one hidden layer")
    dim, units = net["inputs"], net["units"]

    def unions(many, parts):
        if net["skip"]:
            return multisets(intersections(m, dim, parts), many)
        first = intersections(m, dim, parts - 1)
        return first * multisets(intersections(m, dim, parts), many - 1)

    return sum(
        min(unions(2**p, 2 ** (units - p)), unions(2 ** (units - p), 2**p))
        for p in range(units + 1)
    )


def intersections(m, dim, parts):
    """At most so many sets are intersections of so many halfspaces (polygons: Sauer's lemma)."""
    found = multisets(cover(m, dim + 1), parts)
    return min(found, sum(comb(m, i) for i in range(2 * parts + 2))) if dim == 2 else found


def check_layers(net, upper, proof):
    """Layer i splits the parameters of the layers before it by m k_i polynomials of degree i."""
    require(net["name"] == "DeepNetwork" and net["widths"][-1] == 1, "not a deep network")
    m, bound, weights, all_weights = upper + 1, Fraction(1), 0, 0
    for i in range(1, len(net["widths"])):
        before, units = net["widths"][i - 1], net["widths"][i]
        weights += units * (before + 1)
        all_weights += weights
        # e < 2.71829
        bound *= 2 * (2 * Fraction(271829, 100000) * m * i * units / weights) ** weights
    require(m >= all_weights, "the bound is for more points")
    require(bound < 1 << m, "there may be labelings enough")


def check_crossings(net, upper, proof):
    m = upper + 1
    found = crossings(net, m)
    require(proof["growth"] == str(found), "the number of labelings is another")
    require(found < 1 << m, "there may be labelings enough")


def one_unit(net):
    plain = net["name"] == "GroupConv" and net["channels"] == net["units"] == 1
    require(plain and len(net["kernels"]) == 1 and not net["signed"], "more than one curve each")
    return len(net["table"])


def crossings(net, m):
    """2 m + C(m, 2) (2 r - 2 - [r even]) labelings of m functions by one unit, r the order.

    With weight w > 0 (scale it to 1) the curve F(b) = sum_g relu(a_g - b) of a function with
    features a is compared with a level. Move the features to general position. From b = infinity
    downwards the curves leave 0 one by one, which gives the empty set, all, and m - 1 more upper
    sets; each crossing of two adds one. The difference D of two curves has D' = -M, where M is the
    number of features of one above b minus that of the other: M makes 2 r steps +-1 from 0 to 0, so
    has at most r excursions and D at most r monotone pieces, up and down alternately, from 0 to
    s = sum a - sum a'. The first piece does not cross 0. With w < 0 the difference is D - s, and
    the last piece does not cross s. If all the others cross both, piece 1 moves towards s from 0
    and piece r towards s across 0, both in the direction of s: r is odd.
    """
    order = one_unit(net)
    return 2 * m + comb(m, 2) * (2 * order - 2 - (order % 2 == 0))


def check_sorting(net, upper, proof):
    """r = 2: nothing but three orders matters, of the maxima, of the minima and of the sums.

    With w > 0 the upper sets start in the order of the maxima and end in that of the sums; with
    w < 0 they start in the reverse order of the minima and end in that of the sums. Each pair
    crosses at most once on either way (r = 2 in `crossings`). All that this allows is tried.
    """
    require(one_unit(net) == 2 and upper >= 2, "the argument is about three pairs")
    for high, low in product(permutations(range(3)), repeat=2):
        # Sums in the order 0, 1, 2: a function larger in maximum and minimum has a larger sum.
        if any(high.index(b) < high.index(a) and low.index(b) < low.index(a)
               for a, b in combinations(range(3), 2)):  # fmt: skip
            continue
        up = upper_sets(high, (0, 1, 2))
        down = upper_sets(low[::-1], (2, 1, 0))
        require(all(len(a | b) < 6 for a in up for b in down), "three functions are shattered")


def upper_sets(start, end):
    """For each way to sort by swaps of neighbours, each pair at most once: proper upper sets."""
    here = {frozenset(start[:k]) for k in (1, 2)}
    if start == end:
        return [here]
    found = []
    for k in (0, 1):
        a, b = start[k], start[k + 1]
        if end.index(a) > end.index(b):
            after = upper_sets((*start[:k], b, a, *start[k + 2 :]), end)
            found += [here | later for later in after]
    return found


METHODS = {
    "dependence": check_dependence,
    "neuron": check_neuron,
    "changes": check_changes,
    "slopes": check_slopes,
    "polygon": check_polygon,
    "counting": check_counting,
    "pieces": check_pieces,
    "layers": check_layers,
    "crossings": check_crossings,
    "sorting": check_sorting,
}


def main(path):
    with gzip.open(path) as file:
        data = json.load(file)
    try:
        statement = check(data)
    except Refused as reason:
        print(f"refused: {reason}")
        return 1
    print("proved:", {"upper": statement["upper"], "architecture": statement["architecture"]})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
