"""The README: its code runs and prints what it says, its table and its links are right."""

import json
import re
import shutil
from pathlib import Path

import pytest

from relu_theory import ReluNetwork, cli, families, lipschitz, regions, testing
from tests.documents import ROOT, Document, as_in_script, run_session, words_of

README = Document(ROOT / "README.md")
SECONDS = re.compile(r"\d+\.\d\d s")


def test_every_block_is_of_a_kind_that_is_run():
    assert {block.kind for block in README.blocks} == {"sh", "text", "pycon"}
    assert README.fences() == 2 * len(README.blocks)


def test_the_session_prints_what_the_readme_shows(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run_session(README) >= 20
    assert (tmp_path / "iris.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("line", "output"), README.commands())
def test_commands(line, output, tmp_path, monkeypatch, capsys):
    """Those of relu-theory run here; pip and pytest are those that .ci/run executes."""
    monkeypatch.chdir(tmp_path)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for words in words_of(line):
        if words[0] != "relu-theory":
            assert as_in_script(words) in script
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
    assert "relu-theory check" in README.text
    assert cli.main(["check", str(path)]) == 0
    assert "exactly 4 proper activation regions" in capsys.readouterr().out


def section(topic: str) -> str:
    """The part of the README about what goes wrong."""
    return re.split(r"^## ", README.text.split(f"## Where {topic} go wrong")[1], flags=re.M)[0]


def test_the_table_of_ranges_states_the_exact_ones():
    cases = {case.name: case for case in testing.load_ranges()}
    rows = re.findall(
        r"^\| ([\w ^]+): [^|]+ \| (\[.*?\]) \| ([^|]+) \|$", section("bounds"), re.MULTILINE)
    assert len(rows) == 4
    for name, stated, others in rows:
        case = cases[name]
        (found,) = regions.output_range(case.network, case.box)
        assert [str(v) for v in json.loads(stated)] == [str(found.minimum), str(found.maximum)]
        assert ((found.minimum, found.maximum),) == case.ranges
        wrong = re.findall(r"\[.*?\]", others)
        assert wrong, name
        assert stated not in wrong, name


def test_the_table_of_constants_states_the_exact_ones():
    rows = re.findall(
        r"^\| (\w+)[^|]* \| ([\d.]+) \| [^|]+: ([\d.]+) \|$", section("bounds"), re.MULTILINE)
    gaussian = families.gaussian(2, [16, 16, 16], seed=0)
    networks = {
        "identity": testing.load_constants()[0].network,
        "Gaussian": ReluNetwork([10 * gaussian.weights[0], *gaussian.weights[1:]], gaussian.biases),
    }
    assert [row[0] for row in rows] == list(networks)
    for name, stated, other in rows:
        value = float(lipschitz.exact(networks[name]).value)
        assert f"{value:.2f}".startswith(stated)
        assert abs(float(other) - value) > 0.5


def test_the_table_of_traps_states_the_exact_counts():
    rows = re.findall(r"^\| ([^|]+) \| (\d+) \| ([^|]+) \|$", section("counts"), re.MULTILINE)
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
    assert {"figures/trained_regions.png", "references.bib"} <= set(README.links())
    assert README.dead_links() == []


def test_it_says_which_python_the_package_asks_for():
    required = re.search(r"python_requires = >=([\d.]+)", (ROOT / "setup.cfg").read_text())
    assert f"Python {required[1]} or newer" in README.text
