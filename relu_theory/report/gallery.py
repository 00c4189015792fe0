"""The page of figures: each with its caption, the theorems it shows, and its command."""

from collections.abc import Iterable, Mapping
from html import escape

from relu_theory import figures
from relu_theory.report.html import code, page, prose
from relu_theory.theorems import Check, Theorem

__all__ = ["gallery"]


def gallery(names: Iterable[str], groups: Mapping[str, Mapping[Theorem, list[Check]]]) -> str:
    """The page of these figures, with links to the theorems that the report has."""
    places = {t.name: f"papers/{paper}.html#{t.name.replace('.', '-')}"
              for paper, found in groups.items() for t in found}  # fmt: skip
    body = "\n".join(_figure(name, places) for name in names)
    crumbs = ' <span aria-hidden="true">/</span> <span aria-current="page">figures</span>'
    return page("relu_theory: figures", f"<h1>Figures</h1>\n{body}", 0, crumbs)


def _figure(name: str, places: Mapping[str, str]) -> str:
    caption = figures.caption(name)
    links = [_link(theorem, places) for theorem in figures.theorems_of(name)]
    shows = f"<p>Shows {', '.join(links)}.</p>" if links else "<p>An illustration.</p>"
    return f"""<section id="{name}" class="theorem">
<h2>{escape(name.replace("_", " "))}</h2>
<figure><a href="figures/{name}.svg"><img src="figures/{name}.png" loading="lazy"
alt="{escape(caption)}"></a>
<figcaption>{prose(caption)}</figcaption></figure>
{shows}
<p>Repeat: {code(f"relu-theory figures {name}")}</p>
</section>"""


def _link(theorem: str, places: Mapping[str, str]) -> str:
    text = code(theorem)
    return f'<a href="{places[theorem]}">{text}</a>' if theorem in places else text
