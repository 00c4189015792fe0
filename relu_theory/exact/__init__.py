"""Exact rational arithmetic on python-flint: numbers, linear algebra, polyhedral cones.

No floating-point number decides anything in here. Floats are only read (as the dyadic
rationals that they are) and, on request, written (correctly rounded).
"""

from relu_theory.exact.cones import Generators, generators
from relu_theory.exact.linalg import dot, independent_rows, nullspace, rank, solve
from relu_theory.exact.numbers import (
    float_of,
    fraction,
    fraction_array,
    primitive,
    rational,
    rational_matrix,
    rational_vector,
)

__all__ = [
    "Generators",
    "dot",
    "float_of",
    "fraction",
    "fraction_array",
    "generators",
    "independent_rows",
    "nullspace",
    "primitive",
    "rank",
    "rational",
    "rational_matrix",
    "rational_vector",
    "solve",
]
