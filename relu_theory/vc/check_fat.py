r"""Check a certificate about fat-shattering. Standard library only.

Copy this file anywhere and run ``python check_fat.py FILE``: it prints what is proved and exits
with 0, or says why the certificate is refused and exits with 1.

The format
----------
Gzip-compressed JSON with the keys format, kind, statement, proof. Exact numbers are strings "p" or
"p/q". The statement has points x_i, thresholds t_i, ``bound`` B, ``margin`` g > 0, ``ord`` (1, 2 or
"inf"), ``bias`` (whether functions may have one) and ``neuron``. The functions are w . x + b, or
relu(w . x + b), with |w|_ord <= B. A labeling y occurs when f(x_i) >= t_i + g where y_i = 1, and
f(x_i) <= t_i - g where y_i = 0. For a neuron t_i >= g is demanded in a positive statement: then
relu may be left out, since t_i - g >= 0; and some t_i < g is a proof of the negative one.

*fat-shattered*: every labeling occurs; the proof has w and b for each (a string of 0 and 1).
*not fat-shattered*: the proof has a labeling and multipliers l_i >= 0. With s_i = +-1 for y_i = 1,
0 the rows s_i (w . x_i + b) >= g + s_i t_i add up to w . z + b sum l_i s_i >= h with
z = sum l_i s_i x_i. They are refused to every w when h > B |z|*, in the dual norm, and
sum l_i s_i = 0 if there are biases. For a neuron the labeling may be "threshold", with the number
of a point that has t_i < g in place of the multipliers.

Thresholds that are not given (null) stand for all: with f and f' for opposite labels (f - f') / 2
has the same margin at the thresholds 0, so that these may be taken. A neuron must have a bias then:
thresholds and biases that are all moved by the same large number satisfy t_i >= g.
"""

import gzip
import json
import sys
from fractions import Fraction
from itertools import product

FORMAT = "relu_theory fat-shattering certificate 1"


class Refused(Exception):
    """The certificate proves nothing; the message says why."""


def check(data):
    """The statement, when its proof holds; else Refused."""
    try:
        require(data["format"] == FORMAT, "unknown format")
        require(data["kind"] in ("fat-shattered", "not fat-shattered"), "unknown kind")
        statement = data["statement"]
        points, thresholds = read(statement)
        if data["kind"] == "fat-shattered":
            check_positive(statement, points, thresholds, data["proof"])
        else:
            check_negative(statement, points, thresholds, data["proof"])
    except (KeyError, TypeError, ValueError, IndexError, ZeroDivisionError,
            AttributeError) as reason:
        raise Refused(f"malformed: {reason!r}") from reason
    return {"kind": data["kind"], **statement}


def require(condition, message):
    if not condition:
        raise Refused(message)


def read(statement):
    points = [[Fraction(v) for v in p] for p in statement["points"]]
    require(len({len(p) for p in points}) == 1, "points have different dimensions")
    require(statement["ord"] in (1, 2, "inf"), "unknown norm")
    require(Fraction(statement["margin"]) > 0 < Fraction(statement["bound"]), "not positive")
    if statement["thresholds"] is None:
        require(statement["bias"] or not statement["neuron"], "a neuron needs thresholds or a bias")
        return points, [Fraction(0)] * len(points)
    thresholds = [Fraction(v) for v in statement["thresholds"]]
    require(len(thresholds) == len(points), "there must be a threshold for each point")
    return points, thresholds


def dot(a, b):
    return sum((x * y for x, y in zip(a, b, strict=True)), Fraction(0))


def norm_exceeds(vector, order, level):
    """Whether |vector| > level >= 0."""
    if order == 2:
        return dot(vector, vector) > level**2
    sizes = [abs(v) for v in vector]
    return (sum(sizes) if order == 1 else max(sizes)) > level


def check_positive(statement, points, thresholds, proof):
    bound, margin = Fraction(statement["bound"]), Fraction(statement["margin"])
    if statement["neuron"] and statement["thresholds"] is not None:
        require(min(thresholds) >= margin, "a neuron is never below a threshold")
    for word in map("".join, product("01", repeat=len(points))):
        w, b = [Fraction(v) for v in proof[word][0]], Fraction(proof[word][1])
        require(not norm_exceeds(w, statement["ord"], bound), "weights are too large")
        require(b == 0 or statement["bias"], "there are no biases")
        for label, point, t in zip(word, points, thresholds, strict=True):
            sign = 1 if label == "1" else -1
            require(sign * (dot(w, point) + b - t) >= margin, f"the function for {word} is wrong")


def check_negative(statement, points, thresholds, proof):
    bound, margin = Fraction(statement["bound"]), Fraction(statement["margin"])
    labeling, rows = proof
    if labeling == "threshold":
        require(statement["neuron"] and statement["thresholds"] is not None, "thresholds may move")
        require(0 <= rows < len(points) and thresholds[rows] < margin, "the threshold is not low")
        return
    require(len(labeling) == len(points) and set(labeling) <= {"0", "1"}, "malformed labeling")
    multipliers = [Fraction(v) for v in rows]
    require(len(multipliers) == len(points) and min(multipliers) >= 0, "a multiplier is negative")
    signed = [m if c == "1" else -m for m, c in zip(multipliers, labeling, strict=True)]
    require(sum(signed) == 0 or not statement["bias"], "the biases do not cancel")
    total = [dot(signed, column) for column in zip(*points, strict=True)]
    right = margin * sum(multipliers) + dot(signed, thresholds)
    dual = {1: "inf", 2: 2, "inf": 1}[statement["ord"]]
    require(right > 0 and not norm_exceeds_or_equals(total, dual, right / bound),
            "some weights may satisfy the rows")  # fmt: skip


def norm_exceeds_or_equals(vector, order, level):
    """Whether |vector| >= level > 0."""
    if order == 2:
        return dot(vector, vector) >= level**2
    sizes = [abs(v) for v in vector]
    return (sum(sizes) if order == 1 else max(sizes)) >= level


def main(path):
    with gzip.open(path) as file:
        data = json.load(file)
    try:
        statement = check(data)
    except Refused as reason:
        print(f"refused: {reason}")
        return 1
    print("proved:", {k: v for k, v in statement.items() if k != "points"})
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
