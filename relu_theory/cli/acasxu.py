"""``relu-theory acasxu``: regions and exact score ranges of the ACAS Xu networks."""

import argparse
from pathlib import Path
from typing import Any

__all__ = ["add_to"]


def add_to(commands: Any) -> None:
    """Add the command to the parser."""
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
    return 0
