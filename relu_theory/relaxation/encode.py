"""Encodings of functions of one variable that a relaxation analyses exactly on every sub-box."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

from relu_theory.certificate import Verdict
from relu_theory.cpwl import CPWL
from relu_theory.domain import Box
from relu_theory.errors import InvalidInput
from relu_theory.intervals import enclosing_box
from relu_theory.network import ReluNetwork
from relu_theory.relaxation import constructions as build
from relu_theory.relaxation.folding import chain
from relu_theory.relaxation.subboxes import SubboxExactness, breaks, exact_on_all_subboxes
from relu_theory.relaxation.true_range import range as true_range

__all__ = ["ENCODABLE", "Encoding", "encode", "encodes"]

ENCODABLE = ("ibp", "deeppoly0", "deeppoly1", "triangle", "multineuron")
Points = list[Fraction]


@dataclass(frozen=True)
class Encoding:
    """A network that a relaxation analyses exactly, or why there is none.

    Attributes
    ----------
    verdict : Verdict
        HOLDS: ``network`` equals the function on the domain and the relaxation is exact on all
        sub-boxes. FAILS: no network does. UNDECIDED: whether one does is open.
    network : ReluNetwork or None
    reason : str
        The construction and what proves it, or the theorem that excludes it.
    proof : SubboxExactness or None
        The decision, for the network or for the one that it is derived from.
    witness : tuple of three Fractions, or None
        For FAILS: points a < b < c where the function turns at b.
    """

    verdict: Verdict
    network: ReluNetwork | None
    reason: str
    proof: SubboxExactness | None = None
    witness: tuple[Fraction, Fraction, Fraction] | None = None


def encodes(net: ReluNetwork, f: CPWL, domain: Any) -> bool:
    """Whether a network with one input and one output equals f on an interval, decided exactly.

    Examples
    --------
    >>> size = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> encodes(size, CPWL([0], [-1, 1]), Box(-1, 1, dim=1))
    True
    """
    box = _interval(domain)
    if (net.input_dim, net.output_dim) != (1, 1):
        return False
    points = {*breaks(net, box), *_points(f, box)[0]}
    return all(net.forward_exact([x])[0] == f(x) for x in points)


def encode(f: CPWL, method: str, domain: Any) -> Encoding:
    """A network for f that a relaxation analyses exactly on every sub-box of an interval.

    Parameters
    ----------
    f : CPWL
        Only its values on the domain matter.
    method : {"ibp", "deeppoly0", "deeppoly1", "triangle", "multineuron"}
    domain : Box with one coordinate

    Returns
    -------
    Encoding

    Raises
    ------
    InvalidInput, ShapeError
        For another method, a function that is no `CPWL`, or a domain that is no bounded interval.

    Notes
    -----
    The positive answers are those of [Baader et al. 2024]: interval arithmetic expresses monotone
    functions by sums of ramps, DeepPoly and the triangle also convex (and concave) ones, and a
    multi-neuron relaxation every function by one hidden layer. Further, derived here: functions
    with one turn, as a monotone function of a convex one, and compositions of these, which have any
    number of turns (`relu_theory.relaxation.folding`), since the three classes are closed under
    composition. Interval arithmetic expresses nothing else, by a theorem derived here: increments
    of its ends add up, so that an exactly bounded function is monotone. For DeepPoly and the
    triangle, what lies beyond is the open cell of the paper's table.

    Examples
    --------
    >>> tent = CPWL([0], [1, -1])
    >>> encode(tent, "ibp", Box(-1, 1, dim=1)).verdict.name
    'FAILS'
    >>> found = encode(tent, "triangle", Box(-1, 1, dim=1))
    >>> found.verdict.name, encodes(found.network, tent, Box(-1, 1, dim=1))
    ('HOLDS', True)
    """
    if method not in ENCODABLE:
        raise InvalidInput(f"method must be one of {', '.join(ENCODABLE)}, got {method!r}")
    if not isinstance(f, CPWL):
        raise InvalidInput(f"f must be a CPWL, got {type(f).__name__}; see CPWL.from_points")
    box = _interval(domain)
    x, y = _points(f, box)
    if len(x) == 1 or method == "multineuron":
        return _proved(_canonical(x, y), method, box, "one hidden layer")
    if method == "ibp":
        return _by_intervals(x, y, box)
    if _is_monotone(y):
        return _built(build.ramps(x, y), method, box, "a sum of ramps of one direction")
    slopes = build.slopes_of(x, y)
    for sign, word in ((1, "convex"), (-1, "concave")):
        if all(sign * a <= sign * b for a, b in pairwise(slopes)):
            net = _convex(x, [sign * v for v in y], method).scale(sign)
            return _built(net, method, box, f"a {word} function as a sum of rays")
    links = chain(x, y)
    if links is not None:
        return _composed(links, method, box)
    reason = "no composition of monotone functions and such of one turn: open for this relaxation"
    return Encoding(Verdict.UNDECIDED, None, reason)


def _interval(domain: Any) -> Box:
    return enclosing_box(domain, 1)


def _points(f: CPWL, box: Box) -> tuple[Points, Points]:
    (low,), (up,) = box.lower, box.upper
    x = sorted({low, up, *(k for k in f.knots if low < k < up)})
    return x, [f(t) for t in x]


def _canonical(x: Points, y: Points) -> ReluNetwork:
    return ReluNetwork([[[0]]], [[y[0]]]) if len(x) == 1 else build.canonical(x, y)


def _is_monotone(y: Points) -> bool:
    steps = [b - a for a, b in pairwise(y)]
    return all(s >= 0 for s in steps) or all(s <= 0 for s in steps)


def _by_intervals(x: Points, y: Points, box: Box) -> Encoding:
    if _is_monotone(y):
        return _proved(build.ramps(x, y), "ibp", box, "a sum of ramps of one direction")
    reason = "interval arithmetic is exact on all sub-boxes for monotone functions only"
    return Encoding(Verdict.FAILS, None, reason, witness=_turn(x, y))


def _turn(x: Points, y: Points) -> tuple[Fraction, Fraction, Fraction]:
    """Three points whose values rise and then fall, or fall and then rise."""
    moves = [(i, b > a) for i, (a, b) in enumerate(pairwise(y)) if a != b]
    (i, _), (j, _) = next(pair for pair in pairwise(moves) if pair[0][1] != pair[1][1])
    return x[i], x[i + 1], x[j + 1]


def _convex(x: Points, y: Points, method: str) -> ReluNetwork:
    if method == "triangle":
        return build.convex_by_signs(x, y, [1] * (len(x) - 2))
    return build.convex_by_rays(x, y)


def _built(net: ReluNetwork, method: str, box: Box, how: str) -> Encoding:
    """The network itself, or its mirror image where the lower lines are those of DeepPoly-1."""
    if method != "deeppoly1":
        return _proved(net, method, box, how)
    found = _proved(net, "deeppoly0", box, how)
    reason = f"{found.reason}; mirrored, which turns deeppoly0 into deeppoly1"
    return Encoding(found.verdict, build.mirrored(net, box), reason, found.proof)


def _proved(net: ReluNetwork, method: str, box: Box, how: str) -> Encoding:
    proof = exact_on_all_subboxes(net, box, method, tries=60)
    return Encoding(proof.verdict, net, f"{how}: {proof.reason}", proof)


def _composed(links: list[ReluNetwork], method: str, box: Box) -> Encoding:
    """A composition of networks: exact since each is and the class is closed."""
    base = "deeppoly0" if method == "deeppoly1" else method
    proofs, net, inside = [], None, box
    for link in links:
        proofs.append(exact_on_all_subboxes(link, inside, base))
        (image,) = true_range(link, inside)
        inside = Box([image.minimum], [image.maximum])
        net = link if net is None else link.compose(net)
    assert net is not None
    verdict = next((p.verdict for p in proofs if p.verdict is not Verdict.HOLDS), Verdict.HOLDS)
    how = f"a composition of {len(links)} networks, each exact on all sub-boxes"
    if method == "deeppoly1":
        net = build.mirrored(net, box)
        how += "; mirrored, which turns deeppoly0 into deeppoly1"
    return Encoding(verdict, net, how, proofs[0])
