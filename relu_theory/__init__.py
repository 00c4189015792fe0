"""relu_theory: a laboratory for the theory of ReLU networks, in exact arithmetic.

The objects are here; the rooms (`regions`, `families`, `theorems`, ...) load on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from relu_theory.certificate import Bracket, Certificate, Verdict, load_certificate
from relu_theory.domain import Ball, Box, Polytope, WholeSpace
from relu_theory.errors import (
    CertificateError,
    InvalidInput,
    ReluTheoryError,
    ShapeError,
    TooLarge,
    Undecided,
)
from relu_theory.network import ReluNetwork

if TYPE_CHECKING:
    from relu_theory import (
        cpwl,
        data,
        families,
        figures,
        integral,
        interop,
        lipschitz,
        plotting,
        regions,
        relaxation,
        sparse,
        testing,
        theorems,
        vc,
    )

__version__ = "0.1.0"

__all__ = [
    "Ball",
    "Box",
    "Bracket",
    "Certificate",
    "CertificateError",
    "InvalidInput",
    "Polytope",
    "ReluNetwork",
    "ReluTheoryError",
    "ShapeError",
    "TooLarge",
    "Undecided",
    "Verdict",
    "WholeSpace",
    "cpwl",
    "data",
    "families",
    "figures",
    "integral",
    "interop",
    "lipschitz",
    "load_certificate",
    "plotting",
    "regions",
    "relaxation",
    "sparse",
    "testing",
    "theorems",
    "vc",
]

_ROOMS = {
    "cpwl", "data",
    "families", "figures", "integral", "interop", "lipschitz", "plotting", "regions", "relaxation",
    "sparse", "testing", "theorems", "vc",
}


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"relu_theory.{name}")
    raise AttributeError(f"relu_theory has no attribute {name!r}; see relu_theory.__all__")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
