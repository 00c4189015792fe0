"""The option ``--relu-adapter`` of pytest, for ``pytest --pyargs relu_theory.testing``.

It is outside of the package, so that a run of pytest that has nothing to do with relu_theory does
not import it.
"""

from __future__ import annotations

from typing import Any


def pytest_addoption(parser: Any) -> None:
    """Add the option."""
    parser.getgroup("relu_theory").addoption(
        "--relu-adapter",
        dest="relu_adapter",
        metavar="MODULE:ADAPTER",
        help="what relu_theory.testing examines: an object with count_regions, lipschitz or bounds",
    )
