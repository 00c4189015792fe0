"""The command line: ``relu-theory verify | regions | acasxu | figures | check``.

Exit status: 0 when the command succeeded, 1 when a theorem FAILS or a certificate is refused, 2
when the input is wrong, 130 when interrupted. Rows that are UNDECIDED are reported and do not fail.
"""

import argparse
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from relu_theory import __version__
from relu_theory.errors import InvalidInput, ReluTheoryError, ShapeError

__all__ = ["main"]

_OK, _FAILS, _BAD_INPUT, _INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        ``sys.argv[1:]`` by default.

    Returns
    -------
    int
        The exit status.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    options = _parser().parse_args([_shielded(a) for a in arguments])
    try:
        return options.run(options)
    except (ReluTheoryError, OSError) as error:
        print(f"relu-theory: {' '.join(str(error).split())}", file=sys.stderr)
        return _BAD_INPUT
    except KeyboardInterrupt:
        print("relu-theory: interrupted", file=sys.stderr)
        return _INTERRUPTED


def _shielded(argument: str) -> str:
    # argparse takes "-1,2" and "-1/3" for options; a leading blank makes them values.
    return f" {argument}" if re.match(r"-[.\d]", argument) else argument


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="relu-theory", description="The theory of ReLU networks in exact arithmetic."
    )
    parser.add_argument("--version", action="version", version=f"relu_theory {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_verify(commands)
    _add_regions(commands)
    _add_acasxu(commands)
    _add_figures(commands)
    _add_check(commands)
    return parser


def _add_verify(commands: Any) -> None:
    sub = commands.add_parser(
        "verify", help="check the theorem ledger; write a JSON and the figures"
    )
    sub.add_argument("--quick", action="store_true", help="fewer and smaller instances and figures")
    sub.add_argument("--paper", metavar="P", help="only this paper: a reference key or an arXiv id")
    sub.add_argument("--json", metavar="FILE", type=Path, default=Path("ledger.json"))
    sub.add_argument("--figures", metavar="DIR", type=Path, default=Path("figures"))
    sub.add_argument("--no-figures", action="store_true", help="do not draw")
    sub.set_defaults(run=_verify)


def _add_regions(commands: Any) -> None:
    sub = commands.add_parser("regions", help="count the proper activation regions of a network")
    sub.add_argument("file", metavar="FILE", type=Path, help="a .json, .npz or .nnet file")
    sub.add_argument(
        "--box",
        nargs=2,
        metavar=("LO", "HI"),
        help="two numbers, or two comma-separated lists; read as exact decimals or p/q",
    )
    sub.add_argument(
        "--slice",
        nargs=3,
        metavar=("ORIGIN", "U", "V"),
        help="three comma-separated lists: the plane ORIGIN + s U + t V; --box bounds (s, t)",
    )
    sub.add_argument(
        "--plot", metavar="OUT", type=Path, help="draw the regions of the box (2 inputs)"
    )
    sub.add_argument(
        "--all", action="store_true", help="also by the other definitions of a linear region"
    )
    sub.add_argument("--workers", type=int, default=1, metavar="N")
    sub.add_argument(
        "--certificate", metavar="OUT", type=Path, help="write a certificate of the list"
    )
    sub.set_defaults(run=_regions)


def _add_acasxu(commands: Any) -> None:
    sub = commands.add_parser(
        "acasxu", help="regions and exact score ranges of the ACAS Xu networks in a folder"
    )
    sub.add_argument("folder", metavar="DIR", type=Path, help="holds the .nnet files")
    sub.add_argument("--networks", nargs="+", metavar="N", help="such as 1_1; all by default")
    sub.add_argument("--properties", nargs="+", type=int, choices=(1, 3, 4), default=(3, 4))
    sub.add_argument("--workers", type=int, default=1, metavar="N")
    sub.add_argument("--json", metavar="FILE", type=Path, help="write counts and exact ranges")
    sub.add_argument(
        "--certificates", metavar="OUT", type=Path, help="write certificates to this folder"
    )
    sub.add_argument("--plot", metavar="OUT", type=Path, help="draw a slice of each box")
    sub.set_defaults(run=_acasxu)


def _add_figures(commands: Any) -> None:
    sub = commands.add_parser("figures", help="regenerate figures and their manifest")
    sub.add_argument("names", metavar="NAME", nargs="*", help="all figures by default")
    sub.add_argument("--fast", action="store_true", help="smaller versions")
    sub.add_argument("--out", metavar="DIR", type=Path, default=Path("figures"))
    sub.add_argument("--list", action="store_true", help="print the names and stop")
    sub.set_defaults(run=_figures)


def _add_check(commands: Any) -> None:
    sub = commands.add_parser("check", help="check a certificate, with the independent checker")
    sub.add_argument("file", metavar="FILE")
    sub.set_defaults(run=_check)


def _verify(options: argparse.Namespace) -> int:
    from relu_theory import theorems

    ledger = theorems.verify(options.paper, options.quick, progress=True)
    print(ledger.table())
    print(ledger.summary())
    options.json.parent.mkdir(parents=True, exist_ok=True)
    ledger.save(options.json)
    print(f"wrote {options.json}")
    if not options.no_figures:
        _draw_all(None, options.figures, options.quick)
    for row in ledger.failures:
        print(f"FAILS: {row.theorem} on {row.instance}", file=sys.stderr)
    return _FAILS if ledger.failures else _OK


def _regions(options: argparse.Namespace) -> int:
    from relu_theory import regions

    net = _read(options.file)
    print(f"{options.file.name}: {net.input_dim} inputs, widths {_list(net.widths)}")
    if options.slice:
        net = _slice(net, options.slice)
        print("slice: ({}) + s ({}) + t ({})".format(*(v.strip() for v in options.slice)))
    box = _box(options.box, net.input_dim)
    start = time.perf_counter()
    count = regions.count(net, box, workers=options.workers, progress=sys.stderr.isatty())
    seconds = time.perf_counter() - start
    print(f"proper activation regions {_where(options.box, net.input_dim)}: {count}")
    print(f"exact for these weights, {seconds:.2f} s")
    if options.all:
        for kind, number in regions.all_counts(net, box).items():
            print(f"{kind.replace('_', ' ')} regions: {_number(number)}")
    if options.certificate:
        regions.certify(net, box).save(options.certificate)
        print(f"wrote {options.certificate}")
    if options.plot:
        _plot(net, box, count, options)
    return _OK


def _number(found: Any) -> str:
    return str(found) if isinstance(found, int) else f"between {found.lower} and {found.upper}"


def _acasxu(options: argparse.Namespace) -> int:
    from relu_theory import acasxu, regions

    files = acasxu.find(options.folder, options.networks)
    found = []
    for one in acasxu.answers(files, options.properties, workers=options.workers):
        print(*one.lines(), sep="\n", flush=True)
        found.append(one)
        if options.certificates:
            options.certificates.mkdir(parents=True, exist_ok=True)
            path = options.certificates / f"acasxu_{one.network}_phi_{one.phi}.json.gz"
            net = files[one.network].raw_network()
            regions.certify(net, acasxu.PROPERTIES[one.phi]).save(path)
            print(f"wrote {path}")
    if options.json:
        acasxu.save(found, options.json)
        print(f"wrote {options.json}")
    if options.plot:
        acasxu.draw_slices(files, options.plot, options.properties)
        print(f"wrote {options.plot}")
    return _OK


def _figures(options: argparse.Namespace) -> int:
    from relu_theory import figures

    if options.list:
        print("\n".join(figures.names()))
        return _OK
    _draw_all(options.names or None, options.out, options.fast)
    return _OK


def _check(options: argparse.Namespace) -> int:
    from relu_theory import check_certificate

    return check_certificate.main([options.file.strip()])


def _draw_all(names: Sequence[str] | None, out: Path, fast: bool) -> None:
    from relu_theory import figures

    wanted = figures.names() if names is None else names
    done = figures.regenerate(wanted, out, fast, report=lambda name: print(f"drawing {name}"))
    print(f"wrote {sum(len(f.files) for f in done)} files and MANIFEST.json to {out}")


def _read(path: Path) -> Any:
    from relu_theory.network import ReluNetwork

    if path.suffix == ".nnet":
        from relu_theory import interop

        return interop.from_nnet(path)
    if path.suffix not in (".json", ".npz"):
        raise InvalidInput(f"FILE must end in .json, .npz or .nnet, got {path}")
    return ReluNetwork.load(path)


def _box(ends: Sequence[str] | None, dim: int) -> Any:
    from relu_theory.domain import Box

    if ends is None:
        return None
    lower, upper = (_numbers(end) for end in ends)
    if len(lower) == len(upper) == 1:
        return Box(lower[0], upper[0], dim=dim)
    if (len(lower), len(upper)) != (dim, dim):
        raise ShapeError(
            f"--box must give two numbers or two lists of {dim}, got {len(lower)} and {len(upper)}"
        )
    return Box(lower, upper)


def _slice(net: Any, texts: Sequence[str]) -> Any:
    origin, u, v = (_numbers(text) for text in texts)
    for name, vector in (("ORIGIN", origin), ("U", u), ("V", v)):
        if len(vector) != net.input_dim:
            raise ShapeError(
                f"{name} of --slice must be a list of {net.input_dim} numbers, got {len(vector)}"
            )
    return net.restrict(list(zip(u, v, strict=True)), origin)


def _numbers(text: str) -> list[str]:
    return [part.strip() for part in text.split(",")]


def _plot(net: Any, box: Any, count: int, options: argparse.Namespace) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    from relu_theory.plotting import regions2d

    if box is None:
        raise InvalidInput("--plot needs a bounded part of the plane: give --box LO HI")
    if net.input_dim != 2:
        raise InvalidInput(
            f"--plot draws the plane, and the network has {net.input_dim} inputs: "
            "give --slice ORIGIN U V"
        )
    fig = Figure(figsize=(6, 6), layout="constrained")
    FigureCanvasAgg(fig)
    ax = fig.add_subplot()
    regions2d(net, box, ax=ax, color="affine")
    ax.set_title(f"{options.file.name}: {count} regions")
    fig.savefig(options.plot, dpi=160)
    print(f"wrote {options.plot}")


def _where(ends: Sequence[str] | None, dim: int) -> str:
    if ends is None:
        return f"in R^{dim}"
    lower, upper = (end.strip() for end in ends)
    if "," in lower:
        return f"in the box ({lower}) to ({upper})"
    return f"in the box [{lower}, {upper}]^{dim}"


def _list(widths: Sequence[int]) -> str:
    return "[" + ", ".join(map(str, widths)) + "]"
