r"""Check a certificate about Boolean functions of halfspaces. Standard library only.

Copy this file anywhere and run ``python check_halfspaces.py FILE``: it prints what is proved and
exits with 0, or says why the certificate is refused and exits with 1.

The format
----------
Gzip-compressed JSON with the keys format, kind, statement, proof. Exact numbers are strings "p" or
"p/q". The statement has points and an architecture with K units, each a halfspace w . x + b > 0;
its label is 1 where all units are on (Intersections), where one is (Unions), or where
sum_k v_k [unit k is on] + c > 0 (Threshold).

*shattered*: all 2^m labelings of the points occur. The proof has for each labeling (a string of 0
and 1) the K halfspaces (w, b), and for Threshold the output (v, c).

*refuted*: one labeling does not occur. The proof is a tree of decisions whether units are on or off
at points. In the beginning nothing is decided, but for Intersections all units are on at points
labeled 1, and for Unions off at points labeled 0.

  ["branch", point, subtrees]  for Intersections (Unions) a point labeled 0 (1): subtree k decides
      that unit k is off (on) there. For Threshold a word of K bits decides all units. A subtree may
      be missing when exchanging units with the same decisions at all points gives another one:
      only the first unit of each kind is needed, and only words in which the ones of each kind come
      first. In the first branch of Threshold the word of zeros suffices, because a unit may be
      replaced by its complement: a closed halfspace cuts the same set out of finitely many points
      as some open one.
  ["hull", unit, on, off]  lists of [point, multiplier > 0] of points where the unit is on, and off:
      the sums of multiplier * (x, 1) are the same, but w . x + b adds up to a positive number for
      the first, and to none for the second.
  ["output", on, off]  the same for Threshold with points labeled 1 and 0, where all units are
      decided, and the K bits in place of x.
"""

import gzip
import json
import sys
from fractions import Fraction
from itertools import product

FORMAT = "relu_theory halfspace certificate 1"


class Refused(Exception):
    """The certificate proves nothing; the message says why."""


def check(data):
    """The statement, when its proof holds; else Refused."""
    try:
        require(data["format"] == FORMAT, "unknown format")
        statement = data["statement"]
        net = statement["architecture"]
        points = [tuple(map(Fraction, p)) for p in statement["points"]]
        require(len(set(points)) == len(points) > 0, "points are repeated or missing")
        require(all(len(p) == net["inputs"] for p in points), "a point has the wrong dimension")
        require(net["name"] in ("Intersections", "Threshold", "Unions"), "unknown architecture")
        require(net["units"] >= 1, "there are no units")
        if data["kind"] == "shattered":
            check_shattered(net, points, data["proof"])
        else:
            require(data["kind"] == "refuted", "unknown kind")
            check_refuted(net, points, statement["labeling"], data["proof"])
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError, AttributeError,
            RecursionError) as reason:
        raise Refused(f"malformed: {reason!r}") from reason
    return {"kind": data["kind"], **statement}


def require(condition, message):
    if not condition:
        raise Refused(message)


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def check_shattered(net, points, proof):
    for word in map("".join, product("01", repeat=len(points))):
        halfspaces = [[Fraction(v) for v in row] for row in proof[word]["halfspaces"]]
        require(len(halfspaces) == net["units"], "there must be a halfspace for each unit")
        for point, label in zip(points, word, strict=True):
            bits = [dot(row, (*point, 1)) > 0 for row in halfspaces]
            if net["name"] == "Threshold":
                output = [Fraction(v) for v in proof[word]["output"]]
                value = dot(output, [*bits, 1]) > 0
            else:
                value = all(bits) if net["name"] == "Intersections" else any(bits)
            require(value == (label == "1"), f"the halfspaces for {word} give another labeling")


def check_refuted(net, points, labeling, proof):
    require(len(labeling) == len(points) and set(labeling) <= {"0", "1"}, "malformed labeling")
    labels = [c == "1" for c in labeling]
    # State of a unit at a point: True, False, or None while nothing is decided.
    states = [[None] * len(points) for _ in range(net["units"])]
    if net["name"] != "Threshold":
        fixed = net["name"] == "Intersections"
        for i, label in enumerate(labels):
            if label == fixed:
                for unit in states:
                    unit[i] = fixed
    check_tree(net, points, labels, states, proof)


def check_tree(net, points, labels, states, tree):
    if tree[0] == "branch":
        check_branch(net, points, labels, states, *tree[1:])
    elif tree[0] == "hull":
        _, unit, on, off = tree
        require(0 <= unit < len(states), "no such unit")
        for rows, side in ((on, True), (off, False)):
            require(all(states[unit][i] is side for i, _ in rows), "a unit is not decided so")
        check_hulls(on, off, points)
    else:
        name, on, off = tree
        require(name == "output" and net["name"] == "Threshold", "unknown node")
        bits = list(zip(*states, strict=True))
        for rows, side in ((on, True), (off, False)):
            require(all(labels[i] is side for i, _ in rows), "a point has another label")
            require(all(None not in bits[i] for i, _ in rows), "a unit is not decided")
        check_hulls(on, off, bits)


def check_hulls(on, off, vectors):
    require(len(on) > 0, "nothing is on")
    sums = []
    for rows in (on, off):
        require(all(type(m) is int and m > 0 and i >= 0 for i, m in rows), "a multiplier is wrong")
        sums.append([sum(m * (*vectors[i], 1)[k] for i, m in rows)
                     for k in range(len(vectors[0]) + 1)])  # fmt: skip
    require(sums[0] == sums[1], "the hulls do not meet there")


def check_branch(net, points, labels, states, point, subtrees):
    require(0 <= point < len(points), "no such point")
    if net["name"] == "Threshold":
        require(states[0][point] is None, "the point was decided before")
        options = words(states)
    else:
        fixed = net["name"] == "Intersections"
        require(labels[point] != fixed, "all units are decided at this point")
        options = {
            str(k): {k: not fixed} for k, unit in enumerate(states) if unit not in states[:k]
        }
    for name, decisions in options.items():
        before = {k: states[k][point] for k in decisions}
        for k, state in decisions.items():
            states[k][point] = state
        check_tree(net, points, labels, states, subtrees[name])
        for k, state in before.items():
            states[k][point] = state


def words(states):
    """The words that are needed, with the decisions that they stand for."""
    units = len(states)
    if all(state is None for unit in states for state in unit):
        return {"0" * units: dict.fromkeys(range(units), False)}
    found = {}
    for word in map("".join, product("01", repeat=units)):
        if not any(states[k] == states[j] and word[j] < word[k]
                   for k in range(units) for j in range(k)):  # fmt: skip
            found[word] = {k: c == "1" for k, c in enumerate(word)}
    return found


def main(path):
    with gzip.open(path) as file:
        data = json.load(file)
    try:
        statement = check(data)
    except Refused as reason:
        print(f"refused: {reason}")
        return 1
    names = ("kind", "architecture", "labeling")
    print("proved:", {k: statement[k] for k in names if k in statement})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
