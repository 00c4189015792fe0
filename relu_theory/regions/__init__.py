"""Linear regions: enumeration, counting, complexes, duals, bounds and certificates."""

from relu_theory.regions import bounds
from relu_theory.regions.batches import Batch, batches
from relu_theory.regions.cell import Cell, Facet
from relu_theory.regions.certify import certificate_of_cells, certify
from relu_theory.regions.complex import PolyhedralComplex, complex_of_cells, polyhedral_complex
from relu_theory.regions.dual import dual_graph, dual_graph_of_cells
from relu_theory.regions.enumeration import cells, count
from relu_theory.regions.machine import Tally
from relu_theory.regions.output_range import OutputRange, output_range

__all__ = [
    "Batch",
    "Cell",
    "Facet",
    "OutputRange",
    "PolyhedralComplex",
    "Tally",
    "batches",
    "bounds",
    "cells",
    "certificate_of_cells",
    "certify",
    "complex_of_cells",
    "count",
    "dual_graph",
    "dual_graph_of_cells",
    "output_range",
    "polyhedral_complex",
]
