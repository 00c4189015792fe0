"""``relu-theory verify``: the ledger, its table, its JSON, its report."""

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any

__all__ = ["add_to"]

_DONE, _FAILS = 0, 1
_MOST_ROWS = 60


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
    sub = commands.add_parser(
        "verify",
        help="check the ledger of theorems; write a JSON, the figures and a report",
        description="Check theorems on their instances. Exit status 1 when one FAILS. An "
        "interrupted run goes on with --resume.",
    )
    sub.add_argument(
        "papers",
        metavar="PAPER",
        nargs="*",
        help="a reference key, an arXiv id, a file or a theorem of `relu-theory list`; all of them "
        "by default",
    )
    sub.add_argument("--paper", dest="more", action="append", default=[], help=argparse.SUPPRESS)
    _add_extent(sub)
    _add_output(sub)
    sub.set_defaults(run=_verify)


def _add_extent(sub: argparse.ArgumentParser) -> None:
    extent = sub.add_argument_group("how much")
    extent.add_argument(
        "--quick", action="store_true", help="fewer and smaller instances and figures"
    )
    extent.add_argument(
        "--thorough",
        action="store_true",
        help="half an hour to an hour on 2 cores: heavier instances, and thousands of seeds",
    )
    extent.add_argument(
        "--instances", metavar="N", type=int, help="N further instances a theorem, drawn from seeds"
    )
    extent.add_argument("--seed", metavar="S", type=int, help="the first of these seeds")
    extent.add_argument("--instance", metavar="NAME", help="only the instance of this name")
    extent.add_argument(
        "--jobs", metavar="J", type=int, default=os.cpu_count() or 1, help="processes; all cores"
    )
    extent.add_argument(
        "--resume", action="store_true", help="keep the rows of an interrupted run's journal"
    )


def _add_output(sub: argparse.ArgumentParser) -> None:
    output = sub.add_argument_group("what is written")
    output.add_argument("--rows", action="store_true", help="print every row, however many")
    output.add_argument("--json", metavar="FILE", type=Path, default=Path("ledger.json"))
    output.add_argument(
        "--html", metavar="DIR", type=Path, help="a report for the browser, with its certificates"
    )
    output.add_argument("--figures", metavar="DIR", type=Path, default=Path("figures"))
    output.add_argument("--no-figures", action="store_true", help="do not draw")


def _verify(options: argparse.Namespace) -> int:
    from relu_theory import theorems

    plan = _plan(options)
    evidence = options.html / "certificates" if options.html else None
    with theorems.Journal(options.json.with_suffix(".journal"), options.resume) as journal:
        try:
            ledger = theorems.run(
                plan,
                jobs=options.jobs,
                journal=journal,
                evidence=evidence,
                progress=True,
                report=print,
            )
        except KeyboardInterrupt:
            print(f"{len(journal.rows)} rows are in {journal.path}; go on with --resume")
            raise
        _print(ledger, options)
        ledger.save(options.json)
        print(f"wrote {options.json}")
        journal.remove()
    _draw(ledger, options)
    for row in ledger.failures:
        print(f"FAILS: {row.theorem} on {row.instance}", file=sys.stderr)
    return _FAILS if ledger.failures else _DONE


def _plan(options: argparse.Namespace) -> Any:
    from relu_theory.theorems.plan import FIRST_SEED, THOROUGH_SEEDS, Plan

    seeds = THOROUGH_SEEDS if options.thorough else 0
    return Plan(
        (*options.papers, *options.more),
        options.quick,
        seeds if options.instances is None else options.instances,
        FIRST_SEED if options.seed is None else options.seed,
        options.thorough,
        options.instance,
    )


def _print(ledger: Any, options: argparse.Namespace) -> None:
    width = shutil.get_terminal_size().columns
    if options.rows or len(ledger.rows) <= _MOST_ROWS:
        print(ledger.table(width))
    else:
        print(ledger.overview(width))
        still_open = ledger.open_rows(width)
        if still_open:
            print(f"\nthe rows that do not hold:\n\n{still_open}")
    print(ledger.summary())


def _draw(ledger: Any, options: argparse.Namespace) -> None:
    from relu_theory.cli.figures import draw

    if options.html:
        from relu_theory.report import write_report

        pages = write_report(
            ledger,
            options.html,
            draw=not options.no_figures,
            report=lambda name: print(f"drew {name}"),
            jobs=options.jobs,
        )
        print(f"wrote {len(pages)} pages; open {pages[0]}")
    elif not options.no_figures:
        draw(None, options.figures, options.quick, options.jobs)
