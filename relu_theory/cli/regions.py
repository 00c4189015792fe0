"""``relu-theory regions``: the linear regions of a network in a file."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from relu_theory.errors import InvalidInput, ShapeError

__all__ = ["add_to"]


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
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
    return 0


def _number(found: Any) -> str:
    return str(found) if isinstance(found, int) else f"between {found.lower} and {found.upper}"


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
