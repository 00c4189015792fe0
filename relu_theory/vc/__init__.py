"""Shattering, growth functions and VC dimension: exact on points, bracketed for architectures."""

from relu_theory.vc.architectures import Halfspaces, Intersections, OneHidden, Threshold, Unions
from relu_theory.vc.certificates import ShatteringCertificate, load_certificate
from relu_theory.vc.concepts import ConceptClass, sauer_shelah
from relu_theory.vc.dimension import dimension
from relu_theory.vc.finite import Dimension, class_dimension, dual_dimension, pajor_count
from relu_theory.vc.growth import Shattering, growth, labelings, realises, shatters
from relu_theory.vc.upper import (
    alternation,
    counting_bound,
    dichotomies,
    planar_bound,
)

__all__ = [
    "ConceptClass",
    "Dimension",
    "Halfspaces",
    "Intersections",
    "OneHidden",
    "Shattering",
    "ShatteringCertificate",
    "Threshold",
    "Unions",
    "alternation",
    "class_dimension",
    "counting_bound",
    "dichotomies",
    "dimension",
    "dual_dimension",
    "growth",
    "labelings",
    "load_certificate",
    "pajor_count",
    "planar_bound",
    "realises",
    "sauer_shelah",
    "shatters",
]
