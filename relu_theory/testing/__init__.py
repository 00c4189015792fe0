"""The correctness properties of this package, for a region counter, bound or verifier of yours.

A subject is examined through a function that takes a network and a domain:

========================  ===============================  ====================================
`check_region_counter`    ``count(net, domain)``           the number of proper regions
`check_lipschitz`         ``constant(net, domain, ord)``   an upper or lower bound, or the value
`check_bounds`            ``bounds(net, box)``             lower and upper ends of every output
========================  ===============================  ====================================

Each returns a `Report`. An answer of None (or NotImplementedError) declines a question, which is
never held against a subject; a wrong answer is. Under pytest, with an object that has some of the
methods ``count_regions``, ``lipschitz`` and ``bounds``::

    pytest --pyargs relu_theory.testing --relu-adapter mymodule:adapter
"""

from relu_theory.testing.adapters import Exact, load_adapter
from relu_theory.testing.cases import (
    ConstantCase,
    Known,
    RangeCase,
    load_constants,
    load_ranges,
)
from relu_theory.testing.checks import (
    check_adapter,
    check_bounds,
    check_lipschitz,
    check_region_counter,
    questions_for,
)
from relu_theory.testing.questions import Question
from relu_theory.testing.report import Report, Row

__all__ = [
    "ConstantCase",
    "Exact",
    "Known",
    "Question",
    "RangeCase",
    "Report",
    "Row",
    "check_adapter",
    "check_bounds",
    "check_lipschitz",
    "check_region_counter",
    "load_adapter",
    "load_constants",
    "load_ranges",
    "questions_for",
]
