"""Shattering, growth functions and VC dimension: exact on points, bracketed for architectures."""

from relu_theory.vc import bounds
from relu_theory.vc.agnostic import failure_probability
from relu_theory.vc.architectures import Halfspaces, Intersections, OneHidden, Threshold, Unions
from relu_theory.vc.bit_extraction import extraction_network, extraction_points
from relu_theory.vc.certificates import (
    ShatteringCertificate,
    load_certificate,
    upper_certificate,
)
from relu_theory.vc.concepts import ConceptClass, sauer_shelah
from relu_theory.vc.curves import curve_labelings, search_functions
from relu_theory.vc.deep import DeepNetwork, shatter_by_descent
from relu_theory.vc.dimension import dimension
from relu_theory.vc.fat import FatShattering, fat_shatters, margin_squared
from relu_theory.vc.finite import Dimension, class_dimension, dual_dimension, pajor_count
from relu_theory.vc.group_networks import (
    GroupConv,
    GroupNetwork,
    embed_network,
    indicator,
    indicator_family,
)
from relu_theory.vc.groups import (
    FiniteGroup,
    correlation,
    cyclic,
    dihedral,
    direct_product,
    shifted,
    symmetric,
)
from relu_theory.vc.growth import Shattering, growth, labelings, realises, shatters
from relu_theory.vc.order_types import order_type_bound
from relu_theory.vc.pseudo import Neuron, pseudo_shatters
from relu_theory.vc.realise import Realisation, Refutation
from relu_theory.vc.teaching import littlestone_dimension, teaching_dimension, teaching_sets
from relu_theory.vc.threshold_functions import count_threshold_functions, threshold_classes
from relu_theory.vc.upper import alternation, counting_bound, dichotomies, planar_bound
from relu_theory.vc.upper_ends import crossing_growth, pieces_growth, upper_end

__all__ = [
    "ConceptClass",
    "DeepNetwork",
    "Dimension",
    "FatShattering",
    "FiniteGroup",
    "GroupConv",
    "GroupNetwork",
    "Halfspaces",
    "Intersections",
    "Neuron",
    "OneHidden",
    "Realisation",
    "Refutation",
    "Shattering",
    "ShatteringCertificate",
    "Threshold",
    "Unions",
    "alternation",
    "bounds",
    "class_dimension",
    "correlation",
    "count_threshold_functions",
    "counting_bound",
    "crossing_growth",
    "curve_labelings",
    "cyclic",
    "dichotomies",
    "dihedral",
    "dimension",
    "direct_product",
    "dual_dimension",
    "embed_network",
    "extraction_network",
    "extraction_points",
    "failure_probability",
    "fat_shatters",
    "growth",
    "indicator",
    "indicator_family",
    "labelings",
    "littlestone_dimension",
    "load_certificate",
    "margin_squared",
    "order_type_bound",
    "pajor_count",
    "pieces_growth",
    "planar_bound",
    "pseudo_shatters",
    "realises",
    "sauer_shelah",
    "search_functions",
    "shatter_by_descent",
    "shatters",
    "shifted",
    "symmetric",
    "teaching_dimension",
    "teaching_sets",
    "threshold_classes",
    "upper_certificate",
    "upper_end",
]
