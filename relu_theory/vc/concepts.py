"""Finite concept classes: 0/1 matrices with a row for each concept, a column for each point."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, ShapeError

__all__ = ["ConceptClass", "sauer_shelah"]


def sauer_shelah(points: int, dimension: int) -> int:
    """The most concepts on so many points with this VC dimension: ``sum_{i <= d} C(m, i)``.

    Raises
    ------
    InvalidInput
        When an argument is negative.

    References
    ----------
    Sauer 1972, Theorem 1; Shelah 1972.

    Examples
    --------
    >>> sauer_shelah(40, 5)
    760099
    """
    if points < 0 or dimension < 0:
        raise InvalidInput(f"points and dimension must be at least 0, got {points}, {dimension}")
    return sum(comb(points, i) for i in range(min(points, dimension) + 1))


@dataclass(frozen=True, eq=False)
class ConceptClass:
    """The distinct rows of a 0/1 matrix, in lexicographic order.

    Attributes
    ----------
    matrix : read-only uint8 array of shape (concepts, points)
    """

    matrix: NDArray[np.uint8]

    @classmethod
    def read(cls, matrix: Any) -> ConceptClass:
        """The class of a matrix of 0 and 1, or of booleans; repeated rows count once.

        Raises
        ------
        InvalidInput
            When the class is empty, or an entry is neither 0 nor 1 (its position is named).
        ShapeError
            When the matrix has not two axes.

        Examples
        --------
        >>> ConceptClass.read([[0, 1], [1, 1], [0, 1]]).matrix.tolist()
        [[0, 1], [1, 1]]
        """
        if isinstance(matrix, ConceptClass):
            return matrix
        given = _array(matrix)
        wrong = np.argwhere((given != 0) & (given != 1))
        if len(wrong):
            i, j = map(int, wrong[0])
            raise InvalidInput(
                f"a concept matrix must hold 0 and 1, got {given[i, j]!r} in row {i}, column {j}; "
                "write labels -1 as 0"
            )
        return cls._of(given.astype(np.uint8))

    @classmethod
    def _of(cls, rows: NDArray[np.uint8]) -> ConceptClass:
        packed = np.packbits(rows, axis=1)
        if packed.shape[1]:
            keys = np.ascontiguousarray(packed).view(f"V{packed.shape[1]}").ravel()
            first = np.unique(keys, return_index=True)[1]
        else:
            first = np.zeros(1, np.int64)
        distinct = np.ascontiguousarray(rows[first])
        distinct.flags.writeable = False
        return cls(distinct)

    @property
    def concepts(self) -> int:
        """The number of distinct concepts."""
        return int(self.matrix.shape[0])

    @property
    def points(self) -> int:
        """The number of points."""
        return int(self.matrix.shape[1])

    def columns(self) -> NDArray[np.uint64]:
        """For each point the set of its concepts, 64 to a word; shape (points, words)."""
        words = (self.concepts + 63) // 64
        padded = np.zeros((self.points, 64 * words), np.uint8)
        padded[:, : self.concepts] = self.matrix.T
        return np.packbits(padded, axis=1, bitorder="little").view(np.uint64)

    def dual(self) -> ConceptClass:
        """The class in which points and concepts have changed places.

        Its VC dimension is the dual VC dimension of this class.

        Raises
        ------
        InvalidInput
            When there are no points.
        """
        if not self.points:
            raise InvalidInput("a class without points has no dual; give the matrix a column")
        return ConceptClass._of(np.ascontiguousarray(self.matrix.T))

    def restrict(self, points: Any) -> ConceptClass:
        """The class of the labelings of some of the points."""
        return ConceptClass._of(np.ascontiguousarray(self.matrix[:, list(points)]))

    def growth(self, points: Any) -> int:
        """The number of labelings of the given points (indices of columns).

        Examples
        --------
        >>> ConceptClass.read([[0, 0, 1], [0, 1, 1], [1, 1, 1]]).growth([0, 1])
        3
        """
        return self.restrict(points).concepts

    def __repr__(self) -> str:
        return f"<ConceptClass: {self.concepts} concepts on {self.points} points>"


def _array(matrix: Any) -> NDArray[Any]:
    try:
        given = np.asarray(matrix)
    except ValueError:
        raise ShapeError("a concept matrix must have rows of one length") from None
    if given.ndim != 2:
        raise ShapeError(
            f"a concept matrix must have shape (concepts, points), got {given.shape}; "
            "one row for each concept"
        )
    if not given.shape[0]:
        raise InvalidInput("a concept class must have at least one concept, got none")
    if given.dtype.kind not in "biuf":
        raise InvalidInput(f"a concept matrix must hold 0 and 1, got entries of {given.dtype}")
    return given
