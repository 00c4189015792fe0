"""The notebooks: every cell runs, its assertions hold, and the paired .ipynb is the same notebook.

After a change:  python notebooks/build.py
"""

import ast
import importlib.util
import json
import re
import runpy
import warnings
from pathlib import Path

import matplotlib
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "notebooks"
SOURCES = sorted(FOLDER.glob("[0-9][0-9]_*.py"))
MARKER = re.compile(r"^# %%( \[markdown\])?\n", re.MULTILINE)
# What only one machine has: folders, addresses of objects, times of day.
LOCAL = re.compile(
    r"/(home|root|tmp|usr|var|opt|work|Users)/|[A-Z]:\\|site-packages|object at 0x"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d")
MOST_BYTES = 400_000
# Numbers that are printed with a decimal point may differ by this much: they come from floats,
# which other processors round otherwise. Integers and fractions must be the same.
DECIMAL = re.compile(r"[-+]?\d+\.\d+(?:e[-+]\d+)?")
RELATIVE = 0.02

each = pytest.mark.parametrize("path", SOURCES, ids=[path.stem for path in SOURCES])


def _cells(path: Path) -> list[tuple[str, str]]:
    """Pairs of a kind and a text, from the percent format."""
    _, *parts = MARKER.split(path.read_text(encoding="utf-8"))
    kinds = ["markdown" if mark else "code" for mark in parts[::2]]
    texts = [text.strip() for text in parts[1::2]]
    plain = [
        re.sub(r"^# ?", "", text, flags=re.MULTILINE) if kind == "markdown" else text
        for kind, text in zip(kinds, texts, strict=True)
    ]
    return list(zip(kinds, plain, strict=True))


def _paired(path: Path) -> dict:
    return json.loads(path.with_suffix(".ipynb").read_text(encoding="utf-8"))


def _code(path: Path) -> list[dict]:
    return [cell for cell in _paired(path)["cells"] if cell["cell_type"] == "code"]


def _printed(path: Path) -> str:
    outputs = [output for cell in _code(path) for output in cell["outputs"]]
    return "".join("".join(output.get("text", "")) for output in outputs)


def _assert_same(text: str, stored: str) -> None:
    assert DECIMAL.sub("#", text).split() == DECIMAL.sub("#", stored).split()
    numbers = [[float(v) for v in DECIMAL.findall(t)] for t in (text, stored)]
    assert numbers[0] == pytest.approx(numbers[1], rel=RELATIVE, abs=0.011)


@each
def test_it_runs_and_prints_what_is_stored(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*non-interactive")
            runpy.run_path(str(path), run_name="__main__")
        assert plt.get_fignums()
    finally:
        plt.close("all")
    _assert_same(capsys.readouterr().out, _printed(path))
    assert not list(tmp_path.iterdir())


@each
def test_every_printing_cell_asserts(path):
    code = [ast.parse(text) for kind, text in _cells(path) if kind == "code"]
    assert len(code) >= 5
    for tree in code:
        nodes = list(ast.walk(tree))
        prints = any(isinstance(n, ast.Name) and n.id == "print" for n in nodes)
        raised = any(isinstance(n, ast.Name) and n.id == "AssertionError" for n in nodes)
        if prints:
            assert raised or any(isinstance(n, ast.Assert) for n in nodes), ast.unparse(tree)


@each
def test_the_paired_notebook_has_the_same_cells(path):
    paired = [(c["cell_type"], "".join(c["source"]).strip()) for c in _paired(path)["cells"]]
    assert paired == _cells(path)


@each
def test_the_paired_notebook_was_executed_to_its_end(path):
    code = _code(path)
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    outputs = [output for cell in code for output in cell["outputs"]]
    assert not [o for o in outputs if o["output_type"] == "error" or o.get("name") == "stderr"]
    assert [o for o in outputs if "image/png" in o.get("data", {})]


@each
def test_nothing_of_the_machine_is_stored(path):
    notebook = _paired(path)
    outputs = [output for cell in _code(path) for output in cell["outputs"]]
    values = ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs]
    assert not LOCAL.search("\n".join([_printed(path), *values]))
    assert set(notebook["metadata"]) == {"jupytext", "kernelspec", "language_info"}
    assert notebook["metadata"]["language_info"] == {"name": "python"}
    assert all(cell["metadata"] == {} for cell in notebook["cells"])
    assert path.with_suffix(".ipynb").stat().st_size < MOST_BYTES


def test_what_the_texts_mention_exists():
    from relu_theory import figures, theorems

    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    shown = re.findall(r"""figures\.figure\("(\w+)"\)""", text)
    papers = re.findall(r"relu-theory verify ([a-z]+\d{4})", text)
    stated = re.findall(r"`([a-z]+\d{4}_\w+\.\w+)`", text)
    assert len(shown) >= 5
    assert len(papers) >= 8
    assert len(stated) >= 1
    assert set(shown) <= set(figures.names())
    assert set(papers) <= set(theorems.papers())
    assert set(stated) <= {theorem.name for theorem in theorems.theorems()}


def _builder():
    spec = importlib.util.spec_from_file_location("build", FOLDER / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_outputs_are_compared_as_they_should_be():
    _assert_same("f = 0.500, 3 of 7", "f = 0.501,  3 of 7")
    for other in ("f = 0.600, 3 of 7", "f = 0.500, 4 of 7", "g = 0.500, 3 of 7"):
        with pytest.raises(AssertionError):
            _assert_same("f = 0.500, 3 of 7", other)


def test_no_notebook_is_left_over():
    assert {p.stem for p in FOLDER.glob("*.ipynb")} == {p.stem for p in SOURCES}
    assert _builder().sources() == SOURCES


def test_the_builder_refuses_a_name_without_notebook(capsys):
    with pytest.raises(SystemExit):
        _builder().main(["99"])
    assert "no notebook begins with 99" in capsys.readouterr().err


@pytest.mark.heavy
@each
def test_building_again_changes_nothing(path):
    pytest.importorskip("jupytext")
    pytest.importorskip("nbclient")
    assert _builder().main([path.stem, "--check"]) == 0
