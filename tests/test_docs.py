"""The documentation: its code runs and prints what it says, and its links and pages are right."""

import json
import re
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

import relu_theory
from relu_theory import check_certificate, cli
from relu_theory.testing import __main__ as examination
from tests.documents import ROOT, Document, as_in_script, run_session, words_of
from tests.test_architecture import LEVELS

PAGES = [Document(path) for path in sorted((ROOT / "docs").rglob("*.md"))]
WITH_CODE = [page for page in PAGES if page.blocks]
SCRIPT = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
ROOMS = ("regions", "lipschitz", "relaxation", "vc", "integral", "sparse", "theorems", "testing")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_block_is_of_a_kind_that_is_run(page):
    kinds = {block.kind for block in page.blocks}
    assert kinds <= {"sh", "text", "pycon", "json", "python"}
    assert page.fences() == 2 * len(page.blocks)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page):
    assert page.dead_links() == []


@pytest.mark.parametrize("page", WITH_CODE, ids=str)
def test_the_code_of_a_page(page, tmp_path, monkeypatch, capsys):
    """The session, then the files that it writes, then the commands, all in one folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    run_session(page)
    for kind, title, text in page.blocks:
        if kind == "json":
            assert json.loads(text)
        elif kind == "python" and title:
            Path(title).write_text(text, encoding="utf-8")
        elif kind == "python":
            exec(compile(text, page.name, "exec"), {"__name__": page.name})
    for line, _ in page.commands():
        for words in words_of(line):
            run(words)
    capsys.readouterr()


def run(words: list[str]) -> None:
    """A command: here, or one that .ci/run executes, up to the adapter that it names."""
    if words[0] == "relu-theory":
        # The whole ledger runs once, for the README.
        assert words[1:] == ["verify"] or cli.main(words[1:]) == 0
    elif words[:3] == ["python", "-m", "relu_theory.testing"]:
        with np.errstate(over="ignore"):
            assert examination.main([*words[3:], "--largest", "3"]) == 1
    elif words[0] == "python":
        shutil.copy(check_certificate.__file__, words[1])
        assert check_certificate.main(words[2:]) == 0
    elif words[0] == "pytest":
        assert '"$bin/python" -m pytest --pyargs relu_theory.testing --relu-adapter' in SCRIPT
    else:
        assert as_in_script(words) in SCRIPT


def test_there_is_a_page_and_a_reference_for_every_room():
    pages = {page.name for page in PAGES}
    for room in ROOMS:
        assert {f"docs/rooms/{room}.md", f"docs/api/{room}.md"} <= pages


def test_every_public_name_of_the_package_is_in_the_reference():
    text = "\n".join(page.text for page in PAGES if page.name.startswith("docs/api"))
    for name in relu_theory.__all__:
        if name != "figures":
            assert re.search(rf"`(rt\.)?{name}`|relu_theory\.{name}\b", text), name


def test_every_page_is_in_the_navigation():
    nav = (ROOT / "mkdocs.yml").read_text(encoding="utf-8").split("\nnav:\n")[1]
    listed = re.findall(r"([\w/]+\.md)", nav)
    assert sorted(f"docs/{name}" for name in listed) == sorted(page.name for page in PAGES)


def test_figures_that_pages_name_exist():
    for page in PAGES:
        for names in re.findall(r"Figures: (.*?)\.\n", page.text, re.DOTALL):
            for name in re.findall(r"`(\w+)`", names):
                assert (ROOT / "relu_theory" / "figures" / f"{name}.py").exists(), name


def test_the_script_builds_the_pages_strictly():
    assert '"$bin/mkdocs" build --strict' in SCRIPT
    assert "strict: true" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


def test_what_contributing_says():
    guide = Document(ROOT / "CONTRIBUTING.md")
    assert guide.dead_links() == []
    for name in re.findall(r"`((?:relu_theory|tests)/[\w/.]+)`", guide.text):
        assert (ROOT / name).exists(), name
    levels = re.findall(r"^\| (`.*?) \|", guide.text, re.MULTILINE)
    listed = [re.findall(r"`(\w+)`", level) for level in levels]
    order = {name: i for i, names in enumerate(listed) for name in names}
    for name, level in LEVELS.items():
        if name in order:
            below = [other for other in order if LEVELS[other] < level]
            assert all(order[other] <= order[name] for other in below), name
    assert {name for name in LEVELS if name in ROOMS} <= set(order)
