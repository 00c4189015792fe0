"""Convex relaxations of ReLU networks in rational arithmetic, and when they are exact."""

from relu_theory.relaxation.bounds import METHODS, Bounds, BoundsCertificate, bounds
from relu_theory.relaxation.encode import Encoding, encode, encodes
from relu_theory.relaxation.exactness import Exactness, exactness
from relu_theory.relaxation.milp import milp_range
from relu_theory.relaxation.parametric import parametric_bounds
from relu_theory.relaxation.subboxes import SubboxExactness, exact_on_all_subboxes

# Not in __all__: a star import must not hide the builtin.
from relu_theory.relaxation.true_range import range as range

__all__ = [
    "METHODS",
    "Bounds",
    "BoundsCertificate",
    "Encoding",
    "Exactness",
    "SubboxExactness",
    "bounds",
    "encode",
    "encodes",
    "exact_on_all_subboxes",
    "exactness",
    "milp_range",
    "parametric_bounds",
]
