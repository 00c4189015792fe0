"""The README: its code runs and prints what it says, its table and its links are right."""

import doctest
import re
import shlex
import shutil
from pathlib import Path

import pytest

from relu_theory import cli, families, regions

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [match.groups() for match in BLOCK.finditer(README)]
# A command, and what the README says it prints, or None.
SHELL = [
    (line, after[1] if after[0] == "text" else None)
    for (kind, text), after in zip(BLOCKS, [*BLOCKS[1:], ("", "")], strict=True)
    if kind == "sh"
    for line in text.splitlines()
]
SECONDS = re.compile(r"\d+\.\d\d s")


def _words(line: str) -> list[list[str]]:
    """The commands of a line, without the folder of the program."""
    commands = [shlex.split(command) for command in line.split("&&")]
    return [[words[0].removeprefix(".venv/bin/"), *words[1:]] for words in commands]


def _as_in_script(words: list[str]) -> str:
    """A command of the README as .ci/run writes it, which works elsewhere and with less noise."""
    program = '"$python"' if words[0] == "python3" else f'"$bin/{words[0]}"'
    if words[:2] == ["pip", "install"]:
        return f'{program} install --quiet "$work/source{words[2].removeprefix(".")}"'
    return " ".join([program, *words[1:]]).replace(" .venv", ' "$work/venv"')


def test_every_block_is_of_a_kind_that_is_run():
    assert {kind for kind, _ in BLOCKS} == {"sh", "text", "pycon"}
    assert README.count("```") == 2 * len(BLOCKS)


def test_the_session_prints_what_the_readme_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    # Everything else becomes empty lines, so that a failure names the line of the README.
    lines, inside = [], False
    for line in README.splitlines():
        inside = line == "```pycon" or (inside and line != "```")
        lines.append(line if inside and line != "```pycon" else "")
    session = doctest.DocTestParser().get_doctest("\n".join(lines), {}, "README.md", "README.md", 0)
    assert len(session.examples) >= 25
    report: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    result = runner.run(session, out=report.append, clear_globs=False)
    assert not result.failed, "".join(report)
    assert (tmp_path / "iris.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("line", "output"), SHELL)
def test_commands(line, output, tmp_path, monkeypatch, capsys):
    """Those of relu-theory run here; pip and pytest are those that .ci/run executes."""
    monkeypatch.chdir(tmp_path)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for words in _words(line):
        if words[0] != "relu-theory":
            assert _as_in_script(words) in script
            continue
        for name in (word for word in words if word.startswith("relu_theory/")):
            Path(name).parent.mkdir(parents=True)
            shutil.copy(ROOT / name, name)
        short = ["--quick", "--no-figures"] if words[1] == "verify" else []
        assert cli.main([*words[1:], *short]) == 0
        printed = capsys.readouterr().out
        if output is not None:
            assert SECONDS.sub("time", printed) == SECONDS.sub("time", output)


def test_the_certificate_of_the_shell_example_is_accepted(tmp_path, capsys):
    path = tmp_path / "grid.cert"
    regions.certify(families.grid(2, [0])).save(path)
    assert "relu-theory check" in README
    assert cli.main(["check", str(path)]) == 0
    assert "exactly 4 proper activation regions" in capsys.readouterr().out


def test_the_table_of_traps_states_the_exact_counts():
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| ([^|]+) \|$", README, re.MULTILINE)
    assert len(rows) >= 10
    for label, count, others in rows:
        [case] = [c for c in families.load_traps() if label.startswith(c.name)]
        domain, recorded = case.counts[0]
        assert int(count) == recorded == regions.count(case.network, domain), label
        # The row is there because every tool that it names differs or refuses.
        wrong = re.findall(r"\w+ (\d+)(?:[,;]|$)", others)
        assert wrong, label
        assert count not in wrong, label


def test_links_lead_somewhere():
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert {"figures/trained_regions.png", "references.bib"} <= set(links)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_it_says_which_python_the_package_asks_for():
    required = re.search(r"python_requires = >=([\d.]+)", (ROOT / "setup.cfg").read_text())
    assert f"Python {required[1]} or newer" in README
