"""Reading and writing exact rationals: every finite number that a user can type has one value.

A float is the dyadic rational that it stores; a string is the decimal or quotient that it spells.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
from flint import fmpq, fmpq_mat, fmpz
from numpy.typing import NDArray

from relu_theory.errors import InvalidInput, ShapeError

__all__ = [
    "float_of",
    "fraction",
    "fraction_array",
    "primitive",
    "rational",
    "rational_matrix",
    "rational_vector",
]


def rational(x: Any) -> fmpq:
    """The exact value of a number.

    Parameters
    ----------
    x : int, float, numpy integer or float, Fraction, Decimal, sympy Rational, fmpq, fmpz or str
        Floats of every width are read as the dyadic rationals that they are. Strings are exact
        decimals (``"3.14"``, ``"1e-3"``) or quotients of integers (``"1/3"``).

    Returns
    -------
    flint.fmpq

    Raises
    ------
    InvalidInput
        For NaN, infinities, booleans, text that is not a number and every other type.

    Notes
    -----
    No rounding happens: ``rational(0.1)`` is not ``rational("0.1")``.

    Examples
    --------
    >>> rational("0.1"), rational(0.5), rational("-4/6")
    (1/10, 1/2, -2/3)
    >>> rational(0.1) == rational("0.1")
    False
    """
    if type(x) is fmpq:
        return x
    if isinstance(x, (bool, np.bool_)):
        raise InvalidInput(f"a number is required, got the boolean {x}; write 0 or 1")
    if isinstance(x, (int, fmpz)):
        return fmpq(x)
    if isinstance(x, np.integer):
        return fmpq(int(x))
    if isinstance(x, str):
        return _from_text(x)
    if isinstance(x, (float, np.floating, Decimal, Fraction)):
        return _from_ratio(x)
    if isinstance(x, np.ndarray) and x.ndim == 0:
        return rational(x[()])
    if getattr(x, "is_Rational", False):
        return fmpq(int(x.p), int(x.q))
    raise InvalidInput(
        f"a finite rational number is required, got {x!r} of type {type(x).__name__}; "
        "pass an int, a float, a Fraction, a sympy Rational or a string such as '1/3'"
    )


def _from_ratio(x: Any) -> fmpq:
    try:
        return fmpq(*x.as_integer_ratio())
    except (ValueError, OverflowError):
        raise InvalidInput(f"a finite number is required, got {x}") from None


def _from_text(text: str) -> fmpq:
    try:
        return _from_ratio(Fraction(text))
    except (ValueError, ZeroDivisionError):
        raise InvalidInput(
            f"a number is required, got the text {text!r}; write a decimal such as '3.14' "
            "or a quotient of integers such as '1/3'"
        ) from None


def fraction(x: Any) -> Fraction:
    """The exact value of a number as a `fractions.Fraction`; accepts what `rational` accepts.

    Examples
    --------
    >>> fraction(0.75)
    Fraction(3, 4)
    """
    if type(x) is Fraction:
        return x
    q = rational(x)
    return Fraction(int(q.p), int(q.q))


def float_of(q: Any) -> float:
    """The float64 nearest to a rational (ties to even; beyond the largest float, an infinity).

    Examples
    --------
    >>> float_of("1/3"), float_of(10**400)
    (0.3333333333333333, inf)
    """
    q = q if type(q) is Fraction else rational(q)
    try:
        return int(q.numerator) / int(q.denominator)
    except OverflowError:
        return math.inf if q > 0 else -math.inf


def rational_vector(values: Iterable[Any], *, name: str = "vector") -> list[fmpq]:
    """The exact values of a sequence of numbers; an error names the position.

    Examples
    --------
    >>> rational_vector([1, "1/2", 0.25])
    [1, 1/2, 1/4]
    """
    if isinstance(values, (str, bytes)) or not hasattr(values, "__iter__"):
        raise ShapeError(f"{name} must be a sequence of numbers, got {values!r}")
    if isinstance(values, np.ndarray) and values.dtype == np.float64:
        values = values.tolist()
    out = []
    for i, value in enumerate(values):
        try:
            out.append(rational(value))
        except InvalidInput as error:
            raise InvalidInput(f"{name}[{i}]: {error}") from None
    return out


def rational_matrix(rows: Any, *, columns: int | None = None, name: str = "matrix") -> fmpq_mat:
    """The exact matrix with the given rows.

    Parameters
    ----------
    rows : fmpq_mat, array of shape (m, n), or sequence of m sequences of n numbers
        Entries are anything that `rational` reads.
    columns : int, optional
        The required number of columns; needed to give a matrix without rows a shape.
    name : str
        What to call the matrix in an error.

    Returns
    -------
    flint.fmpq_mat of shape (m, n)

    Raises
    ------
    InvalidInput, ShapeError
        When an entry is not a number (its position is named), or the rows are uneven.

    Examples
    --------
    >>> rational_matrix([[1, "1/2"], [0.25, 3]]).table()
    [[1, 1/2], [1/4, 3]]
    """
    if isinstance(rows, fmpq_mat):
        matrix = rows
    else:
        table = [
            rational_vector(row, name=f"{name}[{i}]") for i, row in enumerate(_rows(rows, name))
        ]
        matrix = _matrix_of(table, _width(rows, table, columns), name)
    if columns is not None and matrix.ncols() != columns:
        raise ShapeError(f"{name} must have {columns} columns, got {matrix.ncols()}")
    return matrix


def fraction_array(matrix: fmpq_mat) -> NDArray[np.object_]:
    """The numpy object array, of the same shape, of the Fractions in a matrix.

    Examples
    --------
    >>> fraction_array(rational_matrix([["1/2", 3]]))
    array([[Fraction(1, 2), Fraction(3, 1)]], dtype=object)
    """
    out = np.empty((matrix.nrows(), matrix.ncols()), dtype=object)
    for index, q in zip(np.ndindex(out.shape), matrix.entries(), strict=True):
        out[index] = Fraction(int(q.p), int(q.q))
    return out


def primitive(row: Iterable[Any]) -> tuple[int, ...]:
    """The primitive integer vector that is a positive multiple of a rational vector.

    The zero vector is returned as zeros.

    Examples
    --------
    >>> primitive(["1/2", "-3/4", 0])
    (2, -3, 0)
    >>> primitive([0, 0])
    (0, 0)
    """
    values = list(row)
    kinds = set(map(type, values))
    if kinds - {int}:
        values = _common_numerators(
            values if kinds <= {int, Fraction} else rational_vector(values))
    divisor = math.gcd(*values)
    return tuple(v // divisor for v in values) if divisor > 1 else tuple(values)


def _common_numerators(values: Sequence[Any]) -> list[int]:
    pairs = [(int(q.numerator), int(q.denominator)) for q in values]
    common = math.lcm(*(q for _, q in pairs))
    return [p * (common // q) for p, q in pairs]


def _rows(rows: Any, name: str) -> list[Any]:
    if isinstance(rows, np.ndarray) and rows.ndim != 2:
        raise ShapeError(f"{name} must have two axes, got an array of shape {rows.shape}")
    if isinstance(rows, (str, bytes)) or not hasattr(rows, "__iter__"):
        raise ShapeError(f"{name} must be a list of rows, got {rows!r}")
    return list(rows)


def _width(rows: Any, table: Sequence[Sequence[fmpq]], columns: int | None) -> int:
    if table:
        return len(table[0])
    if isinstance(rows, np.ndarray):
        return int(rows.shape[1])
    return columns or 0


def _matrix_of(table: Sequence[Sequence[fmpq]], width: int, name: str) -> fmpq_mat:
    for i, row in enumerate(table):
        if len(row) != width:
            raise ShapeError(
                f"{name} must have rows of one length: row 0 has {width} entries, "
                f"row {i} has {len(row)}"
            )
    return fmpq_mat(len(table), width, [value for row in table for value in row])
