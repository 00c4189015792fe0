"""Back-substitution: linear forms of a layer bounded by affine forms of the input."""

from __future__ import annotations

from collections.abc import Sequence

from flint import fmpq, fmpq_mat

from relu_theory.intervals import Interval
from relu_theory.relaxation.lines import Chords

__all__ = ["concretised", "substituted"]

Slopes = Sequence[Sequence[fmpq]]
"""For each row (or one for all) the slopes of the lower lines of one layer."""


def substituted(
    rows: fmpq_mat,
    offsets: Sequence[fmpq],
    weights: Sequence[fmpq_mat],
    biases: Sequence[Sequence[fmpq]],
    slopes: Sequence[Slopes],
    upper: Sequence[Chords],
) -> tuple[fmpq_mat, list[fmpq]]:
    """Affine forms of the input below ``rows . z + offsets``, z the activations of a layer.

    Parameters
    ----------
    rows : fmpq_mat of shape (k, n)
        Coefficients on the n activations of the last of the given layers.
    offsets : k fmpq
    weights, biases : the affine maps of hidden layers 0, ..., i
    slopes : for each of these layers, one list of slopes for all rows or one for each row
        The line slope * a lies below the ReLU; 0 <= slope <= 1.
    upper : for each of these layers its `Chords`

    Returns
    -------
    fmpq_mat of shape (k, d), list of k fmpq
        On every input of the box the form is at most rows . z + offsets: at a ReLU with a
        positive coefficient the lower line takes its place, with a negative one the chord.
    """
    offsets = list(offsets)
    for layer in reversed(range(len(weights))):
        rows, offsets = _through_relu(rows, offsets, slopes[layer], upper[layer])
        shift = rows * fmpq_mat(rows.ncols(), 1, list(biases[layer]))
        offsets = [value + s for value, s in zip(offsets, shift.entries(), strict=True)]
        rows = rows * weights[layer]
    return rows, offsets


def _through_relu(
    rows: fmpq_mat, offsets: list[fmpq], slopes: Slopes, upper: Chords
) -> tuple[fmpq_mat, list[fmpq]]:
    shared = len(slopes) == 1
    table, moved = [], []
    for i, (row, offset) in enumerate(zip(rows.table(), offsets, strict=True)):
        own, out = slopes[0 if shared else i], []
        for c, low, high, shift in zip(row, own, *upper, strict=True):
            if c >= 0:
                out.append(c * low if c and low else fmpq(0))
            else:
                out.append(c * high)
                offset = offset + c * shift
        table += out
        moved.append(offset)
    return fmpq_mat(rows.nrows(), rows.ncols(), table), moved


def concretised(rows: fmpq_mat, offsets: Sequence[fmpq], box: Interval) -> list[fmpq]:
    """The exact minimum of each affine form over a box."""
    found = []
    for row, offset in zip(rows.table(), offsets, strict=True):
        ends = (c * (low if c > 0 else up) for c, low, up in zip(row, *box, strict=True))
        found.append(sum(ends, offset))
    return found
