"""Running the ledger: one process or several, with a journal, certificates and progress."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing import get_context, parent_process
from pathlib import Path
from typing import Any

from relu_theory.errors import InvalidInput, ReluTheoryError
from relu_theory.progress import progress_bar
from relu_theory.theorems.check import Check, Instance, Theorem
from relu_theory.theorems.evidence import save_evidence
from relu_theory.theorems.journal import Journal, row_key
from relu_theory.theorems.ledger import Ledger
from relu_theory.theorems.plan import Plan
from relu_theory.theorems.registry import find

__all__ = ["run", "verify", "walk"]


def verify(
    paper: str | None = None, quick: bool = False, progress: bool = False, jobs: int = 1, *,
    theorems: Sequence[Theorem] | None = None,
) -> Ledger:  # fmt: skip
    """Check the theorems of the ledger on their instances; `run` has all the choices.

    Parameters
    ----------
    paper : str, optional
        Only these theorems: a reference key (see `papers`), an arXiv id, a file, or one theorem.
    quick : bool
        Fewer and smaller instances; well under a minute.
    progress : bool
        Show a progress bar on standard error.
    jobs : int
        Processes.
    theorems : sequence of Theorem, optional
        Check these, from anywhere, instead of those of the package; in this process.

    Returns
    -------
    Ledger

    Raises
    ------
    InvalidInput
        When the ledger has no theorem of such a name; when theorems are given and are none, or
        with a paper or several jobs.

    Examples
    --------
    >>> verify("telgarsky2016", quick=True).failures
    ()
    """
    if theorems is not None:
        if paper is not None or jobs != 1:
            raise InvalidInput(
                "theorems excludes paper and several jobs (a process of its own cannot find "
                f"them), got paper={paper!r} and jobs={jobs}; leave both out"
            )
        return _given(theorems, quick, progress)
    return run(Plan(() if paper is None else (paper,), quick), jobs=jobs, progress=progress)


def _given(stated: Sequence[Theorem], quick: bool, progress: bool) -> Ledger:
    """The rows of theorems that the registry does not know."""
    if not stated or not all(isinstance(t, Theorem) for t in stated):
        raise InvalidInput(f"theorems must be a list of Theorem objects, got {stated!r}")
    plan = Plan(quick=quick)
    tasks = [(t, case) for t in stated for case in plan.cases(t)]
    with progress_bar(progress, total=len(tasks), unit="row", desc="ledger", leave=False) as bar:
        rows = []
        for t, case in tasks:
            rows.append(_checked(t, case))
            bar.update(1)
    return Ledger(tuple(rows), quick)


def walk(paper: str | None = None, quick: bool = False) -> Iterator[Check]:
    """Check one row after another, in this process; see `verify`."""
    plan = Plan(() if paper is None else (paper,), quick)
    for stated in plan.theorems:
        for instance in plan.cases(stated):
            yield _checked(stated, instance)


def run(
    plan: Plan,
    *,
    jobs: int = 1,
    journal: Journal | None = None,
    evidence: Path | None = None,
    progress: bool = False,
    report: Callable[[str], None] | None = None,
) -> Ledger:
    """Check all rows of a plan.

    Parameters
    ----------
    plan : Plan
    jobs : int
        Processes. With more than one, and for rows of a journal, the numbers of a row are text.
    journal : Journal, optional
        Rows that it has are not computed again; the others are added as they finish.
    evidence : path, optional
        Folder for the certificates of the rows that have one.
    progress : bool
    report : callable, optional
        Called with a line when rows are taken from the journal.

    Returns
    -------
    Ledger
        In the order of the plan, whatever order the rows finished in.

    Raises
    ------
    InvalidInput
        For less than one job, or when the plan has no case.
    """
    if jobs < 1:
        raise InvalidInput(f"jobs must be at least 1, got {jobs}")
    tasks = _tasks(plan)
    if not tasks:
        raise InvalidInput(f"instance must be the name of a case, got {plan.only!r}")
    rows = _done(tasks, journal, evidence)
    if rows and report is not None:
        report(f"{len(rows)} of {len(tasks)} rows were done before")
    with progress_bar(
        progress, total=len(tasks), initial=len(rows), unit="row", desc="ledger", leave=False
    ) as bar:
        for task, row in _computed([t for t in tasks if t not in rows], plan, jobs, evidence):
            rows[task] = row
            if journal is not None:
                journal.add(task.key, row)
            bar.set_postfix(row=f"{task.theorem}: {task.instance}", refresh=False)
            bar.update(1)
    return Ledger(tuple(rows[task] for task in tasks), plan.quick)


@dataclass(frozen=True)
class _Task:
    """One row to compute: where a process finds its case, and what identifies the row."""

    theorem: str
    position: int
    instance: str
    key: str


def _tasks(plan: Plan) -> list[_Task]:
    return [
        _Task(stated.name, position, case.name, row_key(stated, case))
        for stated in plan.theorems
        for position, case in enumerate(plan.cases(stated))
    ]


def _done(tasks: list[_Task], journal: Journal | None, evidence: Path | None) -> dict[_Task, Check]:
    """The rows of the journal, but for those whose certificate is asked for and is not there."""
    kept = {} if journal is None else journal.rows
    found = {task: kept[task.key] for task in tasks if task.key in kept}
    if evidence is None:
        return found
    return {
        task: row
        for task, row in found.items()
        if row.certificate is None or (row.file and (evidence / row.file).exists())
    }


def _computed(
    tasks: list[_Task], plan: Plan, jobs: int, evidence: Path | None
) -> Iterator[tuple[_Task, Check]]:
    if jobs == 1 or len(tasks) < 2:
        for task in tasks:
            yield task, _row(plan, task, evidence)
        return
    # Processes are started anew, since a fork of a process with threads may hang.
    with ProcessPoolExecutor(jobs, get_context("spawn"), _follow_parent) as pool:
        futures = {pool.submit(_row_as_text, plan, task, evidence): task for task in tasks}
        try:
            for future in as_completed(futures):
                yield futures[future], Check.from_dict(future.result())
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _follow_parent() -> None:
    """End this process when the one that started it is gone, killed or not."""
    threading.Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _row_as_text(plan: Plan, task: _Task, evidence: Path | None) -> dict[str, Any]:
    return _row(plan, task, evidence).to_dict()


def _row(plan: Plan, task: _Task, evidence: Path | None) -> Check:
    row = _checked(find(task.theorem), _cases(plan, task.theorem)[task.position])
    if evidence is None or row.certificate is None:
        return row
    return replace(row, file=save_evidence(row.certificate, evidence / task.key[:16]).name)


@lru_cache(maxsize=8)
def _cases(plan: Plan, theorem: str) -> list[Instance]:
    return plan.cases(find(theorem))


def _checked(stated: Theorem, instance: Instance) -> Check:
    try:
        return stated.check(instance)
    except ReluTheoryError as error:
        raise ReluTheoryError(f"{stated.name} on {instance.name}: {error}") from error
