"""Examine an adapter of yours, one test for each question::

    pytest --pyargs relu_theory.testing --relu-adapter mymodule:adapter

Without the option relu_theory itself is examined. A declined question is a skipped test.
"""

from __future__ import annotations

from typing import Any

import pytest

from relu_theory.testing import Exact, load_adapter, questions_for

__all__ = ["pytest_generate_tests", "test_question"]


def pytest_generate_tests(metafunc: Any) -> None:
    """One test for each question that the adapter can be asked."""
    if "question" in metafunc.fixturenames:
        name = metafunc.config.getoption("relu_adapter", None)
        pairs = list(questions_for(load_adapter(name) if name else Exact()))
        names = [f"{q.subject}: {q.name}: {q.case}" for q, _ in pairs]
        metafunc.parametrize(("question", "method"), pairs, ids=names)


def test_question(question: Any, method: Any) -> None:
    """The answer is right, or declined."""
    row = question.ask(method)
    if row.outcome == "declined":
        pytest.skip(row.note or "declined")
    if row.failed:
        pytest.fail(str(row), pytrace=False)
