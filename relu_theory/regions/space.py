"""What the cells of one enumeration share: the question, its exact maps, and the way back."""

from __future__ import annotations

import math
from collections.abc import Sequence

from flint import fmpq, fmpz_mat

from relu_theory.exact import primitive
from relu_theory.regions.answers import Answers
from relu_theory.regions.face import RawFace
from relu_theory.regions.start import Question

__all__ = ["Space"]

Row = tuple[int, ...]
# Rays remembered at a time.
REMEMBERED = 1 << 16


class Space:
    """What the cells of one enumeration share: the question, exact maps, the way back."""

    def __init__(self, question: Question, answers: Answers) -> None:
        self.question, self.answers = question, answers
        self.given = answers
        if question.network is not question.given:
            self.given = Answers(question.given, (), answers.layers)
        self._lift = _homogeneous(question)
        self._lifted: dict[Row, Row] = {}

    def lift(self, ray: Row) -> Row:
        """A homogeneous ray of the reduced space in the given space."""
        if self._lift is None:
            return ray
        found = self._lifted.get(ray)
        if found is None:
            image = self._lift * fmpz_mat(len(ray), 1, list(ray))
            found = primitive([int(x) for x in image.entries()])
            if len(self._lifted) >= REMEMBERED:
                self._lifted.clear()
            self._lifted[ray] = found
        return found

    def rays(self, face: RawFace, on: Sequence[int]) -> tuple[Row, ...]:
        """The exact rays of a face; ``on[r]`` is the bit mask of the slots that hold ray r."""
        sources = face.sources.tolist()
        integer = (face.rays[:, -1] == 0.0).tolist()
        return tuple(
            self.answers.ray(face, r)
            if integer[r]
            else self.answers.meeting_ray(face, [sources[s] for s in members(mask)])
            for r, mask in enumerate(on)
        )


def members(mask: int) -> list[int]:
    """The positions of the bits that are set."""
    out = []
    while mask:
        low = mask & -mask
        out.append(low.bit_length() - 1)
        mask ^= low
    return out


def _homogeneous(question: Question) -> fmpz_mat | None:
    """A positive multiple of the matrix (lift_matrix, lift_offset; 0, 1), in integers."""
    matrix, offset = question.lift_matrix, question.lift_offset
    if matrix is None:
        return None
    rows = [[*row, shift] for row, shift in zip(matrix.table(), offset, strict=True)]
    rows.append([fmpq(0)] * matrix.ncols() + [fmpq(1)])
    unit = math.lcm(*(int(q.q) for row in rows for q in row))
    return fmpz_mat([[q.p * (unit // int(q.q)) for q in row] for row in rows])
