"""The hierarchy of errors, and that errors survive the way back from a worker process."""

import pickle

import pytest

from relu_theory import errors


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_is_a_relu_theory_error(name: str) -> None:
    assert issubclass(getattr(errors, name), errors.ReluTheoryError)


def test_invalid_input_is_a_value_error() -> None:
    assert issubclass(errors.ShapeError, errors.InvalidInput)
    assert issubclass(errors.InvalidInput, ValueError)


def test_too_large_carries_what_was_counted() -> None:
    error = pickle.loads(pickle.dumps(errors.TooLarge("limit 10 reached", 10)))
    assert (str(error), error.counted) == ("limit 10 reached", 10)


def test_undecided_carries_its_bracket() -> None:
    error = pickle.loads(pickle.dumps(errors.Undecided("between", bracket=(1, 2))))
    assert (str(error), error.bracket) == ("between", (1, 2))
