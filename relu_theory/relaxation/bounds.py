"""Bounds of a network on a box by a convex relaxation, with what proves them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from flint import fmpq

from relu_theory.certificate import network_part
from relu_theory.domain import Box
from relu_theory.errors import CertificateError, InvalidInput, ShapeError
from relu_theory.exact.numbers import fraction, rational, rational_matrix
from relu_theory.intervals import Interval, enclosing_box
from relu_theory.network import ReluNetwork
from relu_theory.relaxation import check_bounds as checker
from relu_theory.relaxation import check_hulls
from relu_theory.relaxation.float_bounds import float_bounds
from relu_theory.relaxation.hull_certificate import hull_certificate
from relu_theory.relaxation.hulls import multineuron_trace
from relu_theory.relaxation.trace import Point, Trace, linear_trace
from relu_theory.relaxation.triangle import triangle_trace

__all__ = ["METHODS", "Bounds", "BoundsCertificate", "bounds"]

LINEAR = ("ibp", "deeppoly0", "deeppoly1", "crown")
METHODS = (*LINEAR, "triangle", "multineuron")
SMALL_BITS, PRECISION = 16, 64

Ends = tuple[tuple[Any, ...], tuple[Any, ...]]


@dataclass(frozen=True)
class Bounds:
    """Bounds that one relaxation proves.

    Attributes
    ----------
    lower, upper : tuples of Fractions (floats with ``arithmetic="float"``)
        One entry for each output, or for each row of the specification.
    layers : tuple of (lower, upper) pairs of tuples
        Bounds of the pre-activations of every hidden layer.
    method, arithmetic : str
    precision : int or None
        Bounds of hidden layers and chords were rounded outward to multiples of 2^-precision; None
        where nothing was rounded, so that the bounds are those of the relaxation itself.
    """

    lower: tuple[Any, ...]
    upper: tuple[Any, ...]
    layers: tuple[Ends, ...]
    method: str
    arithmetic: str
    precision: int | None
    _trace: Trace | None = field(default=None, repr=False, compare=False)

    def certificate(self) -> BoundsCertificate:
        """The proof of all these bounds, for one of two independent checkers.

        Slopes of the lines around each neuron for `relu_theory.relaxation.check_bounds`; for the
        multi-neuron relaxation half-spaces with multipliers for
        `relu_theory.relaxation.check_hulls`.

        Raises
        ------
        InvalidInput
            For float bounds, which have none.
        TooLarge
            When the facets of the multi-neuron relaxation have too many cases.
        """
        if self._trace is None:
            raise InvalidInput(
                f"there is no certificate for method={self.method!r} in {self.arithmetic} "
                "arithmetic; ask for exact arithmetic"
            )
        if self.method == "multineuron":
            return BoundsCertificate(hull_certificate(self._trace))
        return BoundsCertificate(_encoded(self._trace))

    def attained(self) -> list[tuple[tuple[Fraction, ...], ...]]:
        """Points of the relaxed set at which the bounds are attained, lower ones first.

        Each point is the input followed by the activations of every hidden layer. Known for the
        triangle and the multi-neuron relaxation without a precision; otherwise empty.
        """
        points = [] if self._trace is None else self._trace.attained[-1]
        return [tuple(tuple(map(fraction, part)) for part in point) for point in points]


class BoundsCertificate:
    """A proof of bounds, in the format of one of two checkers that need nothing of this package.

    `relu_theory.relaxation.check_bounds`, or `relu_theory.relaxation.check_hulls` for the
    multi-neuron relaxation.

    Parameters
    ----------
    data : dict
        The JSON object; it is not checked before `check`.
    """

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def check(self, net: ReluNetwork | None = None, box: Box | None = None) -> bool:
        """Verify the proof in exact arithmetic; True, or an error that says what is wrong.

        Parameters
        ----------
        net, box : optional
            What the caller believes the certificate to be about.

        Raises
        ------
        CertificateError
            When the proof is refused, or is about another network or box.
        """
        try:
            hulls = self.data["format"] == check_hulls.FORMAT
            (check_hulls if hulls else checker).check(self.data)
        except (ValueError, KeyError, TypeError, IndexError, ZeroDivisionError) as reason:
            raise CertificateError(f"the certificate is refused: {reason}") from reason
        if net is not None and network_part(net) != self.data["network"]:
            raise CertificateError("the certificate is about another network; ask for its bounds")
        if box is not None and _box_part(box) != self.data["box"]:
            raise CertificateError("the certificate is about another box; ask for its bounds")
        return True

    def save(self, path: str | Path) -> None:
        """Write JSON, which `load` and the checker (``python check_bounds.py``) read."""
        Path(path).write_text(json.dumps(self.data, separators=(",", ":")), encoding="ascii")

    @classmethod
    def load(cls, path: str | Path) -> BoundsCertificate:
        """Read a certificate that `save` wrote; nothing is checked yet."""
        try:
            return cls(json.loads(Path(path).read_text(encoding="ascii")))
        except ValueError as reason:
            raise CertificateError(
                f"{path} is no JSON ({reason}); write it with BoundsCertificate.save"
            ) from reason


def bounds(
    net: ReluNetwork,
    box: Any,
    method: str,
    *,
    arithmetic: str = "exact",
    precision: int | str | None = "auto",
    specification: Iterable[Iterable[Any]] | None = None,
    group: int | None = None,
    over: str = "inputs",
    intermediate: str | None = None,
) -> Bounds:
    """Lower and upper bounds of every output (and every neuron) by a convex relaxation.

    Parameters
    ----------
    net : ReluNetwork
    box : Box or bounded Polytope
        A polytope is replaced by the smallest box around it. Flat boxes are allowed.
    method : str
        ``"ibp"``: interval arithmetic. ``"deeppoly0"``, ``"deeppoly1"``: back-substitution with
        the lower line 0 or a for every unstable neuron, ``"crown"`` with the one that cuts off the
        smaller triangle. ``"triangle"``: all three lines of every neuron, by linear programs that
        also bound the hidden neurons. ``"multineuron"``: the convex hull of each layer's graph
        over the hull of the layer before (P_1), or of groups of neurons (see ``group``); for few
        neurons.
    arithmetic : {"exact", "float"}
        ``"exact"``: rationals. ``"float"``: outward-rounded floats, sound and fast, for all but
        the triangle and multi-neuron relaxations.
    precision : int, None or "auto"
        Round bounds of hidden layers and chords outward to multiples of 2^-precision, so that
        rationals stay short; None rounds nothing. ``"auto"`` is None when the weights and the box
        are rationals of at most 16 bits, and 64 otherwise. Interval arithmetic and the multi-neuron
        relaxation are never rounded.
    specification : (k, outputs) numbers, optional
        Bound these linear combinations c . y of the outputs instead of the outputs.
    group : int, optional
        For ``"multineuron"``: hulls over this many outputs of a layer together with its inputs
        (M_k); all of them by default.
    over : {"inputs", "preactivations"}
        For ``"multineuron"``: with ``"preactivations"`` the hull of a group forgets the inputs of
        the layer, which is weaker (the k-ReLU relaxation).
    intermediate : {"deeppoly0", "deeppoly1", "crown"}, optional
        For ``"triangle"``: take the bounds of hidden layers from this method, or from interval
        arithmetic where that is better, and solve linear programs for the outputs only. Faster and
        looser; the outputs' bounds are proved, and exceed the optimum by rounding errors only.

    Returns
    -------
    Bounds

    Raises
    ------
    InvalidInput
        For an unknown method, an unbounded or empty domain, a negative precision, or an option
        that the method does not have.
    ShapeError
        When sizes do not fit.
    TooLarge
        When the hulls of the multi-neuron relaxation have too many vertices.

    Notes
    -----
    Definitions as in [Baader et al. 2024, section 2]. Every lower bound is an affine form of the
    input, found by going back from an output and replacing each ReLU by the line below it or the
    chord above it, according to the sign of its coefficient; for the triangle relaxation the
    slopes of the lines below come from the multipliers of the linear program. Without a precision
    the triangle bounds are the exact optima, with a primal point as a proof; with one, they are
    proved bounds that exceed the optimum by rounding errors only. These slopes are also the best
    that an optimisation over the lower lines of every neuron (alpha-CROWN) can reach.

    Examples
    --------
    No encoding of the maximum of two numbers is bounded exactly by single neurons:

    >>> largest = ReluNetwork([[[1, -1], [0, 1], [0, -1]], [[1, 1, -1]]], [[0, 0, 0], [0]])
    >>> bounds(largest, Box(0, 1, dim=2), "triangle").upper
    (Fraction(3, 2),)
    >>> bounds(largest, Box(0, 1, dim=2), "multineuron").upper
    (Fraction(1, 1),)
    """
    _one_of("method", method, METHODS)
    _one_of("arithmetic", arithmetic, ("exact", "float"))
    if (group is not None or over != "inputs") and method != "multineuron":
        raise InvalidInput(
            f"group and over are for method='multineuron' only, got method={method!r}"
        )
    if intermediate is not None:
        _one_of("intermediate", intermediate, LINEAR[1:])
        if method != "triangle" or arithmetic != "exact":
            raise InvalidInput(
                f"intermediate is for method='triangle' in exact arithmetic only, got {method!r}"
            )
    domain = enclosing_box(box, net.input_dim)
    if specification is not None:
        net = _specified(net, specification)
    if arithmetic == "float":
        return _in_floats(net, domain, method)
    digits = None if method in ("ibp", "multineuron") else _precision(precision, net, domain)
    trace = _traced(net, domain, method, digits, (group, over), intermediate)
    *hidden, last = [(tuple(map(fraction, a)), tuple(map(fraction, b))) for a, b in trace.intervals]
    return Bounds(*last, tuple(hidden), method, arithmetic, digits, trace)


def _traced(
    net: ReluNetwork,
    box: Box,
    method: str,
    precision: int | None,
    hull: tuple[int | None, str],
    intermediate: str | None,
) -> Trace:
    ends = Interval(*(list(map(rational, end)) for end in (box.lower, box.upper)))
    if method == "triangle":
        return triangle_trace(net, ends, precision, intermediate)
    if method == "multineuron":
        return multineuron_trace(net, box, *hull)
    return linear_trace(net, ends, method, precision)


def _in_floats(net: ReluNetwork, box: Box, method: str) -> Bounds:
    if method not in LINEAR:
        raise InvalidInput(
            f"method={method!r} has no float arithmetic; use arithmetic='exact', or one of {LINEAR}"
        )
    found = float_bounds(net, box, method)
    *hidden, last = [(tuple(a.tolist()), tuple(b.tolist())) for a, b in found]
    return Bounds(*last, tuple(hidden), method, "float", None)


def _specified(net: ReluNetwork, specification: Iterable[Iterable[Any]]) -> ReluNetwork:
    matrix = rational_matrix(specification, name="specification")
    if matrix.ncols() != net.output_dim or not matrix.nrows():
        raise ShapeError(
            f"specification must have shape (k, {net.output_dim}) with k >= 1, got "
            f"({matrix.nrows()}, {matrix.ncols()}); one column for each output"
        )
    return ReluNetwork([matrix.table()], [[0] * matrix.nrows()]).compose(net)


def _precision(asked: int | str | None, net: ReluNetwork, box: Box) -> int | None:
    if asked == "auto":
        return None if _is_small(net, box) else PRECISION
    if asked is not None and (isinstance(asked, bool) or not isinstance(asked, int) or asked < 0):
        raise InvalidInput(f"precision must be 'auto', None or an int >= 0, got {asked!r}")
    return asked


def _is_small(net: ReluNetwork, box: Box) -> bool:
    exact = net.exact
    numbers: list[fmpq] = [rational(x) for x in (*box.lower, *box.upper)]
    for weight, bias in zip(exact.weights, exact.biases, strict=True):
        numbers += [*weight.entries(), *bias]
    return all(max(abs(q.p), q.q) < 1 << SMALL_BITS for q in numbers)


def _one_of(name: str, value: Any, choices: Sequence[str]) -> None:
    if value not in choices:
        raise InvalidInput(f"{name} must be one of {', '.join(choices)}, got {value!r}")


def _box_part(box: Box) -> dict[str, list[str]]:
    return {"lower": list(map(str, box.lower)), "upper": list(map(str, box.upper))}


def _encoded(trace: Trace) -> dict[str, Any]:
    layers = []
    parts = zip(trace.intervals, trace.proofs, trace.attained, strict=True)
    for i, (interval, proof, points) in enumerate(parts):
        layer: dict[str, Any] = {
            "lower": list(map(str, interval.lower)),
            "upper": list(map(str, interval.upper)),
            "proof": None if proof is None else [_table(slopes) for slopes in proof],
            "attained": [_table(point) for point in points],
        }
        if i < len(trace.chords):
            layer["chords"] = _table(trace.chords[i])
        layers.append(layer)
    return {
        "format": checker.FORMAT,
        "network": network_part(trace.net),
        "box": {"lower": list(map(str, trace.box.lower)), "upper": list(map(str, trace.box.upper))},
        "layers": layers,
    }


def _table(rows: Sequence[Sequence[fmpq] | None] | Point) -> list[list[str] | None]:
    return [None if row is None else list(map(str, row)) for row in rows]
