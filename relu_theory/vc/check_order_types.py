r"""Check a certificate of an upper bound by order types. Standard library only.

Copy this file anywhere and run ``python check_order_types.py FILE``: it prints what is proved and
exits with 0, or says why the certificate is refused and exits with 1.

The format
----------
Gzip-compressed JSON with the keys format, kind, statement, proof. The statement holds an
architecture, a network with one hidden layer in the plane (two ReLUs without a linear part, or one
with it), and ``upper``: no upper + 1 points get all 2^(upper + 1) labelings x -> [f(x) > 0].

Why one side is an intersection of 3, or 2, halfplanes
------------------------------------------------------
An architecture without an output bias c belongs to the one with it, and c may be lowered a little
on finitely many points, so it is not 0 and labels have a margin; closed and open halfplanes cut
out the same sets.

f = relu(u) + relu(v) + c: the side f <= 0 is empty or {u <= -c, v <= -c, u + v <= -c}.
f = -relu(u) - relu(v) + c: the side f > 0 is empty or {u < c, v < c, u + v < c}.
f = relu(u) - relu(v) + c: for c < 0 the side f > 0 is {u > -c, u - v > -c}; for c > 0 the side
f <= 0 is {v >= c, v - u >= c}.
f = l + relu(u): the side f <= 0 is {l <= 0, l + u <= 0}.
f = l - relu(u): the side f > 0 is {l > 0, l - u > 0}.

Why it suffices to walk order types
-----------------------------------
Because of the margin shattered points may be moved to general position. The sets that halfplanes
cut out of them depend on nothing but the orientations of triples: a line through i and j, turned
and moved a little, cuts off the points on one side of it with none, one or both of i and j; every
set but the empty one and all points is cut off in this way.

The proof
---------
``levels`` has, for 4, 5, .. points, ``types``: the signs of the triples a < b < c in lexicographic
order as words of + and -; and ``fates``: for each type of the level before a fate for each of its
extensions, by the word of the signs of (i, j, new) over the pairs i < j. A number is a labeling, as
a bit set, of which no side is an intersection. Else [number, order, mirror] says that the points in
that order have the signs of that type of this level times mirror. Each subset of a set that is
shattered is shattered: the set extends a type of the level before (the order of points and
reflections change nothing). A level without types ends the proof; of three points there is one
type.
"""

import gzip
import json
import sys
from itertools import combinations, product

FORMAT = "relu_theory order type certificate 1"


class Refused(Exception):
    """The certificate proves nothing; the message says why."""


def check(data):
    """The statement, when its proof holds; else Refused."""
    try:
        require(data["format"] == FORMAT and data["kind"] == "upper", "unknown format or kind")
        statement = data["statement"]
        check_levels(statement["architecture"], statement["upper"], data["proof"])
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as reason:
        raise Refused(f"malformed: {reason!r}") from reason
    return {"kind": "upper", **statement}


def require(condition, message):
    if not condition:
        raise Refused(message)


def check_levels(net, upper, proof):
    kind = (net["name"], net["inputs"], net["units"], net["skip"])
    parts = {("OneHidden", 2, 2, False): 3, ("OneHidden", 2, 1, True): 2}.get(kind)
    require(parts is not None, "no side need be an intersection of halfplanes")
    types = [{(0, 1, 2): 1}]
    for n, level in enumerate(proof["levels"], 3):
        triples = list(combinations(range(n + 1), 3))
        larger = []
        for word in level["types"]:
            require(len(word) == len(triples) and set(word) <= {"+", "-"}, "malformed type")
            larger.append({t: 1 if c == "+" else -1 for t, c in zip(triples, word, strict=True)})
        pairs = list(combinations(range(n), 2))
        for old, fates in zip(types, level["fates"], strict=True):
            turn = table_of(n, old)
            for _ in extensions(n, turn):
                fate = fates["".join("+" if turn[i][j][n] > 0 else "-" for i, j in pairs)]
                if isinstance(fate, int):
                    check_labeling(n + 1, turn, parts, fate)
                else:
                    check_same(n + 1, turn, fate, larger)
        types = larger
    require(not types, "types of point sets survive")
    require(upper >= len(proof["levels"]) + 2, "the walk ends later")


def table_of(n, signs):
    """turn[a][b][c] for all orders of three of n points, with room for one more."""
    turn = [[[0] * (n + 1) for _ in range(n + 1)] for _ in range(n + 1)]
    for (a, b, c), sign in signs.items():
        set_sign(turn, a, b, c, sign)
    return turn


def set_sign(turn, a, b, c, sign):
    turn[a][b][c] = turn[b][c][a] = turn[c][a][b] = sign
    turn[b][a][c] = turn[a][c][b] = turn[c][b][a] = -sign


def extensions(n, turn):
    """Set the signs of triples with the point n in all ways that obey what holds for real points.

    Of five points t, a, b, c, d the Grassmann-Pluecker relation says [tab][tcd] - [tac][tbd] +
    [tad][tbc] = 0; and four points have an affine dependency with coefficients of both signs.
    Row i holds the signs of (i, j, n).
    """
    options = []
    for i in range(n):
        others = [j for j in range(n) if j != i]
        found = [[*c[:i], 0, *c[i:]] for c in product((1, -1), repeat=n - 1)]
        for a, b, c in combinations(others, 3):
            x, y, z = turn[i][a][b], -turn[i][a][c], turn[i][b][c]
            found = [row for row in found if not x * row[c] == y * row[b] == z * row[a]]
        options.append(found)
    rows = []

    def walk(i):
        if i == n:
            for j, k in combinations(range(n), 2):
                set_sign(turn, j, k, n, rows[j][k])
            yield
            return
        before = [-row[i] for row in rows]
        for row in options[i]:
            if row[:i] == before and possible(turn, rows, row):
                rows.append(row)
                yield from walk(i + 1)
                rows.pop()

    return walk(0)


def possible(turn, rows, last):
    """Four points j, k, i, n; and five with t = n, where [nia] is the entry a of the last row."""
    i = len(rows)
    for j in range(i):
        row, column = rows[j], turn[j]
        for k in range(j + 1, i):
            if column[k][i] == -row[k] == -last[j] == last[k]:
                return False
            x = row[k]
            for h in range(k + 1, i):
                if last[j] * rows[k][h] == -last[k] * row[h] == last[h] * x:
                    return False
    return True


def check_same(n, turn, fate, larger):
    number, order, mirror = fate
    require(sorted(order) == list(range(n)) and mirror in (1, -1), "malformed numbering")
    require(0 <= number < len(larger), "no such type")
    for (a, b, c), sign in larger[number].items():
        same = mirror * turn[order[a]][order[b]][order[c]] == sign
        require(same, "an extension is not of the type named")


def check_labeling(n, turn, parts, label):
    """No side of the labeling is an intersection of so many halfplanes."""
    everything = (1 << n) - 1
    require(0 <= label <= everything, "a labeling has points that do not exist")
    halves = {0, everything}
    for i, j in combinations(range(n), 2):
        left = 0
        for k, sign in enumerate(turn[i][j]):
            left |= (sign > 0) << k
        one, two = 1 << i, 1 << j
        right = everything ^ (left | one | two)
        for ends in (0, one, two, one | two):
            halves.add(left | ends)
            halves.add(right | ends)
    for inside in (label, everything ^ label):
        pieces = [everything ^ h for h in halves if h & inside == inside]
        require(not covered(everything ^ inside, pieces, parts), "a side is an intersection")


def covered(need, pieces, parts):
    if not need:
        return True
    first = need & -need
    return parts > 0 and any(covered(need & ~p, pieces, parts - 1) for p in pieces if p & first)


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
