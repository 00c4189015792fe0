"""Shattering, growth functions and VC dimension: exact on points, bracketed for architectures."""

from relu_theory.vc.architectures import Halfspaces, Intersections, OneHidden, Threshold, Unions
from relu_theory.vc.certificates import ShatteringCertificate, load_certificate
from relu_theory.vc.concepts import ConceptClass, sauer_shelah
from relu_theory.vc.finite import Dimension, class_dimension, dual_dimension, pajor_count
from relu_theory.vc.growth import Shattering, growth, labelings, realises, shatters

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
    "class_dimension",
    "dual_dimension",
    "growth",
    "labelings",
    "load_certificate",
    "pajor_count",
    "realises",
    "sauer_shelah",
    "shatters",
]
