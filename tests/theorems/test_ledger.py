"""The ledger walks every theorem; its quick instances all hold, and it says so in JSON and text."""

import json
import pkgutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import relu_theory.theorems as package
from relu_theory import families, theorems
from relu_theory.certificate import Verdict
from relu_theory.errors import InvalidInput, ReluTheoryError
from relu_theory.theorems import (
    Check,
    Instance,
    Ledger,
    montufar2017_upper_bound,
    registry,
    serra2018_bounds,
    zaslavsky1975_arrangements,
)
from relu_theory.theorems.formula import to_mathml, to_unicode

THEOREMS = {stated.name: stated for stated in theorems.theorems()}


@pytest.mark.parametrize("stated", THEOREMS.values(), ids=THEOREMS)
def test_quick_instances_hold(stated):
    checks = [stated.check(instance) for instance in stated.instances(quick=True)]
    assert checks
    assert [check.instance for check in checks if check.verdict is not Verdict.HOLDS] == []


@pytest.mark.heavy
@pytest.mark.parametrize("stated", THEOREMS.values(), ids=THEOREMS)
def test_all_instances_hold(stated):
    checks = [stated.check(instance) for instance in stated.instances()]
    assert [check.instance for check in checks if check.verdict is not Verdict.HOLDS] == []


@pytest.mark.parametrize("stated", THEOREMS.values(), ids=THEOREMS)
def test_theorems_say_what_they_are(stated):
    assert stated.__doc__
    assert stated.statement.endswith(".")
    assert to_mathml(stated.latex).startswith("<math")
    assert "\\" not in to_unicode(stated.latex)
    assert stated.paper
    assert stated.number
    assert stated.hypotheses.endswith(".")
    names = [instance.name for instance in stated.instances()]
    assert len(names) == len(set(names))
    assert len(list(stated.instances(quick=True))) <= len(names)


def test_papers_are_in_the_bibliography():
    bibliography = (Path(__file__).resolve().parents[2] / "references.bib").read_text("utf-8")
    for stated in THEOREMS.values():
        if stated.paper != "known_answers":
            entry = bibliography.split(f"{{{stated.paper},")[1].split("\n}")[0]
            assert (stated.arxiv or "year") in entry


def test_every_theorem_file_is_walked():
    files = {m.name for m in pkgutil.iter_modules(package.__path__) if "_" in m.name.strip("_")}
    assert {name.split(".")[0] for name in THEOREMS} == files


def test_a_file_dropped_into_the_package_is_found(tmp_path: Path, monkeypatch):
    source = (Path(package.__file__).parent / "hinz2019_histograms.py").read_text()
    (tmp_path / "another2020_paper.py").write_text(source)
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    found = registry.theorems.__wrapped__()
    assert "another2020_paper.recovers_serra" in [t.name for t in found]


@given(
    st.integers(0, 10**9), st.sampled_from([(1, [4, 3]), (2, [4, 4]), (3, [3, 3]), (2, [5, 2, 3])])
)
def test_upper_bounds_hold_on_small_integer_networks(seed, shape):
    net = families.random_integer(*shape, seed)
    instance = Instance("random", {"network": net})
    assert serra2018_bounds.upper_bound.check(instance).verdict is Verdict.HOLDS
    assert montufar2017_upper_bound.upper_bound.check(instance).verdict is Verdict.HOLDS


@settings(max_examples=25)
@given(st.integers(0, 10**9), st.integers(1, 4), st.integers(1, 7))
def test_deletion_and_restriction_on_small_integer_arrangements(seed, dim, n):
    net = families.random_integer(dim, [n], seed)
    check = zaslavsky1975_arrangements.deletion_restriction.check(Instance("", {"network": net}))
    assert check.verdict is Verdict.HOLDS


def test_verify_one_paper_by_key_and_by_arxiv_id():
    by_key, by_id = (theorems.verify(p, quick=True) for p in ("telgarsky2016", "1602.04485"))
    assert [r.instance for r in by_key.rows] == [r.instance for r in by_id.rows]
    assert {r.theorem.split(".")[0] for r in by_key.rows} == {"telgarsky2016_tents"}
    assert by_key.count(Verdict.HOLDS) == len(by_key.rows)


@pytest.mark.parametrize("paper", ["nobody1900", ""])
def test_an_unknown_paper_is_refused(paper):
    with pytest.raises(InvalidInput, match=r"paper must be one of .*zaslavsky1975"):
        theorems.verify(paper)


def row(verdict, name="zaslavsky1975_arrangements.braid", computed=24):
    return Check(name, "n = 4", computed, 24, "==", "exact", verdict, None, 0.5)


def test_the_json_round_trips_with_marks_and_statements(tmp_path):
    ledger = Ledger((row(Verdict.HOLDS), row(Verdict.FAILS, computed=2**70)), quick=True)
    ledger.save(tmp_path / "ledger.json")
    data = json.loads((tmp_path / "ledger.json").read_text(encoding="utf-8"))
    assert data == ledger.to_dict()
    assert data["counts"] == {"HOLDS": 1, "FAILS": 1, "UNDECIDED": 0}
    assert data["rows"][1]["computed"] == 2**70
    record = data["theorems"]["zaslavsky1975_arrangements.braid"]
    assert record["mark"] in data["marks"]
    assert "n! cells" in record["statement"]


def test_the_table_names_source_mark_and_verdict():
    ledger = Ledger((row(Verdict.HOLDS), row(Verdict.FAILS, computed=23)))
    lines = ledger.table().splitlines()
    assert lines[0].split() == ["instance", "computed", "predicted", "verdict", "seconds"]
    source = "zaslavsky1975, classical; number not read; known"
    assert lines[2] == f"zaslavsky1975_arrangements.braid  ({source})"
    assert lines[3].split() == ["n", "=", "4", "24", "==", "24", "HOLDS", "0.500"]
    assert lines[4].split() == ["n", "=", "4", "23", "==", "24", "FAILS", "0.500"]
    assert ledger.failures == (ledger.rows[1],)
    assert ledger.summary() == "2 checks: 1 HOLDS, 1 FAILS, 0 UNDECIDED; 1.0 s"


def test_the_table_fits_a_terminal():
    ledger = theorems.verify("serra2018", quick=True)
    assert max(map(len, ledger.table(80).splitlines())) <= 80
    assert max(map(len, ledger.overview(60).splitlines())) <= 60
    overview = ledger.overview().splitlines()
    assert overview[1].split()[:4] == ["serra2018_bounds.lower_bound", ">=", "5", "HOLDS"]
    assert ledger.open_rows() == ""


def test_the_overview_names_the_worst_verdict():
    ledger = Ledger((row(Verdict.HOLDS), row(Verdict.UNDECIDED), row(Verdict.HOLDS)))
    assert ledger.overview().splitlines()[1].split()[2:4] == ["3", "UNDECIDED"]
    assert ledger.open_rows().count("UNDECIDED") == 1


def test_an_error_names_its_row(monkeypatch):
    def refuse(instance):
        raise InvalidInput("widths must be positive, got 0; use 1")

    stated = theorems.theorems()[0]
    monkeypatch.setattr(type(stated), "check", lambda self, instance: refuse(instance))
    with pytest.raises(ReluTheoryError, match=f"{stated.name} on .*widths must be positive"):
        next(theorems.walk(stated.paper, quick=True))
