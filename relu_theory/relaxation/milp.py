"""The range by mixed-integer programming: a float search whose answer is made exact on its region.

An independent route to `range`, for networks with too many regions to enumerate. The solver's
claim of optimality is not a proof; what is proved is said in the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat
from numpy.typing import NDArray

from relu_theory.certificate import Bracket
from relu_theory.domain import Box, Polytope
from relu_theory.errors import InvalidInput, Undecided
from relu_theory.exact.numbers import float_of, fraction
from relu_theory.intervals import enclosing_box
from relu_theory.network import Pattern, ReluNetwork
from relu_theory.regions import output_range
from relu_theory.relaxation.bounds import Bounds, bounds

__all__ = ["milp_range"]

Floats = NDArray[np.float64]


def milp_range(
    net: ReluNetwork, box: Any, *, seconds: float = 60.0
) -> list[tuple[Bracket, Bracket]]:
    """Brackets of the minimum and the maximum of every output, by mixed-integer programs.

    Parameters
    ----------
    net : ReluNetwork
    box : Box or bounded Polytope
        A polytope is replaced by the smallest box around it.
    seconds : float
        Time limit of the solver for each of the 2 programs of an output.

    Returns
    -------
    list of (Bracket, Bracket), one pair for each output
        Of the minimum and of the maximum. One end is a value that is attained: the exact extreme
        over the region in which the solver's point lies; ``witness`` is a rational point where the
        network takes it. The other end is the proved bound of the triangle relaxation. Where the
        two agree the bracket is exact. Otherwise the attained end is the solver's answer, which
        only `range` can prove.

    Raises
    ------
    InvalidInput, ShapeError
        When the domain is empty or unbounded or does not fit, or ``seconds`` is not positive.
    Undecided
        When the solver finds no point in time.

    Notes
    -----
    One binary variable for each unstable neuron, with bounds from the triangle relaxation.

    Examples
    --------
    >>> size = ReluNetwork([[[1], [-1]], [[1, 1]]], [[0, 0], [0]])
    >>> low, high = milp_range(size, Box(-2, 1, dim=1))[0]
    >>> low.value, high.lower, high.witness
    (Fraction(0, 1), Fraction(2, 1), (Fraction(-2, 1),))
    """
    domain = enclosing_box(box, net.input_dim)
    if not seconds > 0:
        raise InvalidInput(f"seconds must be positive, got {seconds}; give the solver some time")
    relaxed = bounds(net, domain, "triangle")
    model = _Model(net, domain, relaxed)
    found = []
    for out in range(net.output_dim):
        low, x = _exact_end(net, domain, model.best(out, -1, seconds), out, -1)
        high, y = _exact_end(net, domain, model.best(out, 1, seconds), out, 1)
        reason = "attained at the witness; the triangle relaxation bounds the other side"
        minimum = Bracket(relaxed.lower[out], low, x, reason)
        found.append((minimum, Bracket(high, relaxed.upper[out], y, reason)))
    return found


def _exact_end(
    net: ReluNetwork, box: Box, point: Floats, out: int, sign: int
) -> tuple[Any, tuple[Any, ...]]:
    """The exact extreme over the closed region of a point."""
    x = [
        min(max(fraction(v), a), b)
        for v, a, b in zip(point.tolist(), box.lower, box.upper, strict=True)
    ]
    region = _region(net, box, net.pattern(x))
    r = output_range(net.select(out), region)[0]
    end = (r.maximum, r.argmax) if sign > 0 else (r.minimum, r.argmin)
    assert end[1] is not None
    return end[0], end[1]


def _region(net: ReluNetwork, box: Box, pattern: Pattern) -> Polytope:
    """The closed set of points of a box with an activation pattern, neurons at zero included."""
    rows, offsets = [], []
    size = net.input_dim
    matrix = fmpq_mat(size, size, [int(i == j) for i in range(size) for j in range(size)])
    shift = [fmpq(0)] * size
    for weight, bias, mask in zip(net.exact.weights, net.exact.biases, pattern, strict=False):
        moved = (weight * fmpq_mat(len(shift), 1, shift)).entries()
        table = (weight * matrix).table()
        shift = [m + b for m, b in zip(moved, bias, strict=True)]
        for row, value, on in zip(table, shift, mask, strict=True):
            rows.append([-v if on else v for v in row])
            offsets.append(value if on else -value)
        zeros = [fmpq(0)] * size
        matrix = fmpq_mat([r if on else zeros for r, on in zip(table, mask, strict=True)])
        shift = [v if on else fmpq(0) for v, on in zip(shift, mask, strict=True)]
    for i, (low, up) in enumerate(zip(box.lower, box.upper, strict=True)):
        unit = [int(i == j) for j in range(size)]
        rows += [unit, [-v for v in unit]]
        offsets += [up, -low]
    return Polytope(rows, offsets)


class _Model:
    """Rows over inputs, activations of unstable neurons, and their binary variables."""

    def __init__(self, net: ReluNetwork, box: Box, relaxed: Bounds) -> None:
        ends = [
            (np.array([float_of(v) for v in low]), np.array([float_of(v) for v in up]))
            for low, up in relaxed.layers
        ]
        unstable = [np.flatnonzero((low < 0) & (up > 0)) for low, up in ends]
        self.inputs, count = net.input_dim, sum(map(len, unstable))
        self.size = self.inputs + 2 * count
        self.lower = np.array([*(float_of(v) for v in box.lower), *[0.0] * (2 * count)])
        self.upper = np.array(
            [*(float_of(v) for v in box.upper), *[np.inf] * count, *[1.0] * count]
        )
        self.rows: list[Floats] = []
        self.rhs: list[float] = []
        forms, offsets = np.eye(self.inputs, self.size), np.zeros(self.inputs)
        place = self.inputs
        layers = zip(net.weights, net.biases, ends, unstable, strict=False)
        for weight, bias, (low, up), chosen in layers:
            forms, offsets = weight @ forms, weight @ offsets + bias
            active = (low >= 0).astype(float)
            following = forms * active[:, None], offsets * active
            for j in chosen:
                self._neuron(place, place + count, forms[j], offsets[j], (low[j], up[j]))
                following[0][j, place] = 1.0
                place += 1
            forms, offsets = following
        self.outputs = net.weights[-1] @ forms

    def _neuron(self, z: int, on: int, form: Floats, offset: float, ends: Sequence[float]) -> None:
        """z >= a, z <= a - l (1 - on), z <= u on, with a = form . v + offset."""
        low, up = ends
        unit, switch = np.eye(self.size)[[z, on]]
        self.rows += [form - unit, unit - form - low * switch, unit - up * switch]
        self.rhs += [-offset, offset - low, 0.0]

    def best(self, out: int, sign: int, seconds: float) -> Floats:
        """The input that the solver finds to maximise sign * output."""
        from scipy.optimize import Bounds as Limits
        from scipy.optimize import LinearConstraint, milp

        whole = np.zeros(self.size)
        whole[(self.size + self.inputs) // 2 :] = 1
        rows = LinearConstraint(np.array(self.rows), ub=self.rhs) if self.rows else None
        result = milp(
            -sign * self.outputs[out], integrality=whole, bounds=Limits(self.lower, self.upper),
            constraints=rows, options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )  # fmt: skip
        if result.x is None:
            raise Undecided(
                f"the solver found no point within {seconds} seconds; give it more, or ask for "
                "bounds only"
            )
        return result.x[: self.inputs]
