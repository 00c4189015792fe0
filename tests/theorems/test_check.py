"""Checks: the relation decides the verdict, and what is undecided stays undecided."""

import pytest

from relu_theory.certificate import Bracket, Verdict
from relu_theory.errors import InvalidInput, TooLarge, Undecided
from relu_theory.theorems import Instance, Measured, decide, theorem


def stated(body, relation="=="):
    facts = {"statement": "s", "latex": "l", "paper": "p", "mark": "derived"}
    wrap = theorem(**facts, relation=relation, instances=lambda quick: iter(()))
    return wrap(body)


@pytest.mark.parametrize(
    ("computed", "relation", "predicted", "verdict"),
    [
        (4, "==", 4, Verdict.HOLDS),
        (3, "==", 4, Verdict.FAILS),
        (4, "<=", 4, Verdict.HOLDS),
        (5, "<=", 4, Verdict.FAILS),
        (4, ">=", 4, Verdict.HOLDS),
        (3, ">=", 4, Verdict.FAILS),
        (Bracket(4, 4), "==", 4, Verdict.HOLDS),
        (Bracket(3, 5), "==", 4, Verdict.UNDECIDED),
        (Bracket(5, 6), "==", 4, Verdict.FAILS),
        (Bracket(1, 3), "==", 4, Verdict.FAILS),
        (Bracket(3, 4), "<=", 4, Verdict.HOLDS),
        (Bracket(3, 5), "<=", 4, Verdict.UNDECIDED),
        (Bracket(5, 6), "<=", 4, Verdict.FAILS),
        (Bracket(4, 9), ">=", 4, Verdict.HOLDS),
        (Bracket(3, 9), ">=", 4, Verdict.UNDECIDED),
        (Bracket(1, 3), ">=", 4, Verdict.FAILS),
        (None, "==", 4, Verdict.UNDECIDED),
        (4, "==", None, Verdict.UNDECIDED),
    ],
)
def test_decide(computed, relation, predicted, verdict):
    assert decide(computed, relation, predicted) is verdict


def test_check_carries_the_numbers_and_the_time():
    check = stated(lambda n: Measured(n, 4, certificate="proof"), "<=").check(
        Instance("n", {"n": 3})
    )
    assert (check.computed, check.relation, check.predicted) == (3, "<=", 4)
    assert (check.verdict, check.arithmetic, check.certificate) == (Verdict.HOLDS, "exact", "proof")
    assert check.seconds >= 0


@pytest.mark.parametrize(
    "error", [Undecided("too close to call", Bracket(3, 5)), TooLarge("limit reached", counted=7)]
)
def test_an_open_answer_is_undecided(error):
    def body():
        raise error

    check = stated(body).check(Instance("open"))
    assert check.verdict is Verdict.UNDECIDED
    assert check.note == str(error)
    assert check.to_dict()["verdict"] == "UNDECIDED"


def test_a_bracket_that_settles_a_bound_after_all_is_used():
    def body():
        return Measured(Bracket(3, 5), 6)

    assert stated(body, "<=").check(Instance("enough")).verdict is Verdict.HOLDS


def test_other_errors_are_not_hidden():
    def body():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stated(body).check(Instance("bug"))


def test_unknown_marks_and_relations_are_refused():
    facts = {"statement": "s", "latex": "l", "paper": "p", "instances": lambda quick: iter(())}
    with pytest.raises(
        InvalidInput, match="mark must be one of read, reconstructed, known, derived"
    ):
        theorem(**facts, mark="certain", relation="==")
    with pytest.raises(InvalidInput, match="relation must be one of ==, <=, >="):
        theorem(**facts, mark="read", relation="<")
