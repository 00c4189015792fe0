"""The triangle relaxation as a linear program in floats: it finds bases and slopes, proves nothing.

Columns are the inputs and the activations of the unstable neurons so far; stable neurons are
substituted. Rows 2 j and 2 j + 1 of unstable neuron j say z >= a and z <= slope a + offset.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import Undecided
from relu_theory.relaxation.multipliers import Multipliers

__all__ = ["FloatTriangle", "Found"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOLERANCE = 1e-12


class Found(NamedTuple):
    """What the solver says about one program.

    Attributes
    ----------
    multipliers : Multipliers
    columns, rows : int arrays
        -1 where a variable or row is at its lower end, 1 at its upper end, 0 where basic.
    """

    multipliers: Multipliers
    columns: Ints
    rows: Ints


class FloatTriangle:
    """A warm HiGHS model that grows layer by layer.

    Parameters
    ----------
    lower, upper : arrays with the ends of the box
    """

    def __init__(self, lower: Floats, upper: Floats) -> None:
        import highspy

        # The constructor of Highs itself prints a banner.
        self._highs: Any = highspy.Highs.__base__()
        for option, value in (
            ("output_flag", False), ("presolve", "off"), ("threads", 1), ("solver", "simplex"),
            ("primal_feasibility_tolerance", 1e-9), ("dual_feasibility_tolerance", 1e-9),
        ):  # fmt: skip
            self._highs.setOptionValue(option, value)
        self._optimal = highspy.HighsModelStatus.kOptimal
        side = highspy.HighsBasisStatus
        self._sides = {side.kLower: -1, side.kUpper: 1}
        self.inputs = len(lower)
        self._add_columns(lower, upper)

    def _add_columns(self, lower: Floats, upper: Floats) -> None:
        none = np.zeros(0)
        empty = np.zeros(len(lower), dtype=np.int32)
        self._highs.addCols(
            len(lower), np.zeros(len(lower)), lower, upper, 0, empty, none.astype(np.int32), none
        )

    def add_layer(self, forms: Floats, offsets: Floats, slopes: Floats, shifts: Floats) -> None:
        """Add unstable neurons with pre-activations forms . v + offsets and their chords."""
        count, size = forms.shape
        if not count:
            return
        self._add_columns(np.zeros(count), np.full(count, np.inf))
        table = np.zeros((2 * count, size + count))
        table[0::2, :size], table[1::2, :size] = -forms, slopes[:, None] * forms
        table[0::2, size:], table[1::2, size:] = np.eye(count), -np.eye(count)
        rhs = np.empty(2 * count)
        rhs[0::2], rhs[1::2] = offsets, -(slopes * offsets + shifts)
        starts = np.arange(0, table.size, size + count, dtype=np.int32)
        columns = np.tile(np.arange(size + count, dtype=np.int32), 2 * count)
        self._highs.addRows(
            2 * count, rhs, np.full(2 * count, np.inf), table.size, starts, columns, table.ravel()
        )

    def minimise(self, cost: Floats) -> Found:
        """Solve for one cost, from the basis of the last one."""
        self._highs.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        self._highs.run()
        if self._highs.getModelStatus() != self._optimal:
            raise Undecided(
                "the float LP solver gave up on the triangle relaxation; rescale the network, or "
                "use method='deeppoly0'"
            )
        solution, basis = self._highs.getSolution(), self._highs.getBasis()
        zero = np.array(solution.col_dual)[self.inputs :]
        line, chord = np.array(solution.row_dual).reshape(-1, 2).T
        parts = (np.where(part > TOLERANCE, part, 0.0).tolist() for part in (zero, line, chord))
        return Found(
            Multipliers(*parts), self._statuses(basis.col_status), self._statuses(basis.row_status)
        )

    def _statuses(self, statuses: Sequence[Any]) -> Ints:
        return np.array([self._sides.get(s, 0) for s in statuses], dtype=np.int64)
