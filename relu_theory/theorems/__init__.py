"""The theorem ledger: theorems of papers, each a function that is checked on instances.

One file is one paper, ``<author><year>_<topic>.py``; each public function in it states one theorem
and returns what was computed and what was predicted. `verify` walks them all:

>>> from relu_theory import theorems
>>> ledger = theorems.verify(paper="zaslavsky1975", quick=True)
>>> ledger.failures
()

A new paper is a new file; copy the shape of `zaslavsky1975_arrangements`. Nothing is registered by
hand: the ledger finds every `Theorem` in the package.
"""

from relu_theory.theorems.check import (
    MARKS,
    RELATIONS,
    Check,
    Instance,
    Measured,
    Theorem,
    decide,
    theorem,
)
from relu_theory.theorems.journal import Journal
from relu_theory.theorems.ledger import Ledger
from relu_theory.theorems.plan import Plan
from relu_theory.theorems.registry import find, location, papers, theorems, where_tested
from relu_theory.theorems.runs import run, verify, walk

__all__ = [
    "MARKS",
    "RELATIONS",
    "Check",
    "Instance",
    "Journal",
    "Ledger",
    "Measured",
    "Plan",
    "Theorem",
    "decide",
    "find",
    "location",
    "papers",
    "run",
    "where_tested",
    "theorem",
    "theorems",
    "verify",
    "walk",
]
