"""From any theorem to its code, its tests and its figures, by name."""

import ast
from pathlib import Path

import pytest

from relu_theory import figures, theorems
from relu_theory.errors import InvalidInput

ROOT = Path(__file__).resolve().parents[2]
THEOREMS = {stated.name: stated for stated in theorems.theorems()}


@pytest.mark.parametrize("stated", THEOREMS.values(), ids=THEOREMS)
def test_the_code_is_where_it_is_said_to_be(stated):
    path, line = theorems.location(stated)
    module, function = stated.name.split(".")
    assert path == ROOT / "relu_theory" / "theorems" / f"{module}.py"
    (node,) = [n for n in ast.parse(path.read_text("utf-8")).body
               if isinstance(n, ast.FunctionDef) and n.name == function]  # fmt: skip
    assert node.decorator_list[0].lineno == line


@pytest.mark.parametrize("stated", THEOREMS.values(), ids=THEOREMS)
def test_the_tests_are_there(stated):
    own, *rooms = theorems.where_tested(stated)
    path, function = own.split("::")
    assert f"def {function.split('[')[0]}(" in (ROOT / path).read_text("utf-8")
    assert f"[{stated.name}]" in own
    assert rooms
    assert all((ROOT / room).is_dir() for room in rooms)


def test_figures_name_theorems_of_the_ledger():
    for name in figures.names():
        for theorem in figures.theorems_of(name):
            assert theorem in THEOREMS, f"{name} shows {theorem}, which is not in the ledger"
            assert name in figures.showing(theorem)


@pytest.mark.parametrize(
    ("name", "message"),
    [("brai", "did you mean zaslavsky1975_arrangements.braid"),
     ("attained", "did you mean serra2018_bounds.attained, serra2018_tightness.attained"),
     ("riemann", "`relu-theory list` prints them all")],
)  # fmt: skip
def test_a_name_that_is_none_or_several_is_refused_with_a_remedy(name, message):
    with pytest.raises(InvalidInput, match=message):
        theorems.find(name)
