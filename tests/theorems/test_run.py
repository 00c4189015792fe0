"""Runs: seeds, processes, and a journal that survives a kill."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from relu_theory import theorems
from relu_theory.certificate import Verdict
from relu_theory.errors import InvalidInput
from relu_theory.theorems import Instance, Journal, Plan, find, runs
from relu_theory.theorems.journal import row_key
from relu_theory.vc.certificates import load_certificate

ROOT = Path(__file__).resolve().parents[2]
SEEDED = {stated.name: stated for stated in theorems.theorems() if stated.has_seeds}


def facts(ledger):
    return [{**row.to_dict(), "seconds": 0, "file": ""} for row in ledger.rows]


@pytest.mark.parametrize("stated", SEEDED.values(), ids=SEEDED)
def test_a_seeded_case_depends_on_its_seed_alone_and_holds(stated):
    once, again = (list(stated.seeded([10_001, 10_002])) for _ in range(2))
    assert [row_key(stated, case) for case in once] == [row_key(stated, case) for case in again]
    assert once[0].name != once[1].name
    assert [stated.check(case).verdict for case in once] == [Verdict.HOLDS] * 2


@pytest.mark.heavy
@pytest.mark.parametrize("stated", theorems.theorems(), ids=lambda stated: stated.name)
def test_heavier_cases_hold(stated):
    for case in stated.heavier():
        assert stated.check(case).verdict is Verdict.HOLDS, case.name


def test_a_plan_chooses_by_paper_arxiv_id_file_and_theorem():
    whole = Plan(("1711.02114",)).theorems
    assert whole == Plan(("serra2018",)).theorems
    assert Plan(("serra2018_bounds", "serra2018_tightness")).theorems == whole
    (one,) = Plan(("serra2018_bounds.attained",)).theorems
    assert one.name == "serra2018_bounds.attained"
    assert Plan().theorems == theorems.theorems()


def test_a_plan_draws_as_many_seeds_as_it_is_told():
    stated = find("sauer")
    fixed = len(list(stated.instances()))
    cases = Plan(instances=3, seed=77).cases(stated)
    assert len(cases) == fixed + 3
    assert [case.name.split()[-1] for case in cases[-3:]] == ["77", "78", "79"]
    (one,) = Plan(instances=3, seed=77, only=cases[-2].name).cases(stated)
    assert row_key(stated, one) == row_key(stated, cases[-2])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [({"instances": -1}, "instances must be at least 0, got -1"),
     ({"seed": -2}, "seed must be at least 0, got -2")],
)  # fmt: skip
def test_a_plan_refuses_negative_numbers(arguments, message):
    with pytest.raises(InvalidInput, match=message):
        Plan(**arguments)


def test_a_run_refuses_no_job_and_an_unknown_case():
    with pytest.raises(InvalidInput, match="jobs must be at least 1, got 0"):
        theorems.run(Plan(("sauer1972",)), jobs=0)
    with pytest.raises(InvalidInput, match="instance must be the name of a case, got 'n = -1'"):
        theorems.run(Plan(("sauer1972",), only="n = -1"))


def test_two_processes_give_the_rows_of_one(tmp_path):
    plan = Plan(("telgarsky2016", "postnikov2000"), quick=True)
    assert facts(theorems.run(plan, jobs=2)) == facts(theorems.run(plan))


def test_a_proof_without_a_format_of_its_own_is_written_as_exact_text(tmp_path):
    ledger = theorems.run(Plan(("nakhleh2025_sparse.weights_at_most_eight_per_point",), quick=True,
                               only="exclusive or"), evidence=tmp_path)  # fmt: skip
    written = json.loads((tmp_path / ledger.rows[0].file).read_text())
    assert written["kind"] == "SparsestNetwork"
    assert written["proof"]["count"] == str(ledger.rows[0].computed)


def test_the_key_of_a_row_sees_every_weight():
    from relu_theory import families

    stated, net = find("serra2018_bounds.upper_bound"), families.gaussian(2, [3], 0)
    moved = families.gaussian(2, [3], 0).to_dict()
    keys = {row_key(stated, Instance("net", {"network": n})) for n in
            (net, net.from_dict(moved), families.gaussian(2, [3], 1))}  # fmt: skip
    assert len(keys) == 2


def test_rows_of_a_journal_are_not_computed_again(tmp_path, monkeypatch):
    plan, path = Plan(("postnikov2000",), quick=True), tmp_path / "run.journal"
    with Journal(path) as journal:
        whole = theorems.run(plan, journal=journal)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines[:3], lines[3][: len(lines[3]) // 2]]))
    computed = []
    monkeypatch.setattr(
        runs, "_checked", lambda s, i: computed.append(i.name) or s.check(i)
    )
    with Journal(path, resume=True) as journal:
        again = theorems.run(plan, journal=journal)
        assert len(computed) == len(lines) - 3
        assert facts(again) == facts(whole)
        assert again.rows[0].seconds == pytest.approx(whole.rows[0].seconds, abs=1e-6)
        journal.remove()
    assert not path.exists()


def test_a_journal_of_other_code_is_of_no_use(tmp_path, monkeypatch):
    stated, case = find("braid"), Instance("n = 3", {"n": 3})
    key = row_key(stated, case)
    monkeypatch.setattr("relu_theory.theorems.journal._sources", lambda: "changed")
    assert row_key(stated, case) != key


def test_certificates_are_written_and_missing_ones_made_again(tmp_path):
    plan, path = Plan(("sauer1972_growth.sauer",), quick=True), tmp_path / "run.journal"
    with Journal(path) as journal:
        ledger = theorems.run(plan, journal=journal, evidence=tmp_path / "proofs")
    files = [tmp_path / "proofs" / row.file for row in ledger.rows]
    for file in files:
        assert file.name.endswith(".json.gz")
        assert load_certificate(file).check()
    files[1].unlink()
    with Journal(path, resume=True) as journal:
        theorems.run(plan, journal=journal, evidence=tmp_path / "proofs")
    assert files[1].exists()


def verify(*more, folder):
    command = [sys.executable, "-m", "relu_theory", "verify", "postnikov2000", "sauer1972",
               "--quick", "--no-figures", "--json", str(folder / "ledger.json"), *more]  # fmt: skip
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True,
                            env={**os.environ, "COLUMNS": "100"})  # fmt: skip


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_killed_goes_on(tmp_path, how):
    journal = tmp_path / "ledger.journal"
    run = verify("--jobs", "1", folder=tmp_path)
    deadline = time.monotonic() + 120
    while not (journal.exists() and journal.read_text().count("\n") > 2):
        assert run.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    run.send_signal(how)
    run.wait(60)
    assert run.returncode != 0
    before = [json.loads(line)["row"] for line in journal.read_text().splitlines()
              if line.endswith("}")]  # fmt: skip
    run = verify("--jobs", "1", "--resume", folder=tmp_path)
    out, _ = run.communicate(timeout=300)
    assert run.returncode == 0
    assert f"{len(before)} of " in out
    rows = json.loads((tmp_path / "ledger.json").read_text())["rows"]
    kept = [row for row in rows if row in before]
    assert len(kept) == len(before) >= 3
    assert not journal.exists()
