"""The style sheet of a report: system fonts, two themes, and widths from phone to desktop."""

__all__ = ["STYLE"]

STYLE = """:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --card: #ffffff; --ink: #1c1e21; --quiet: #5a6068; --line: #d9dce0;
  --link: #0b5394; --holds: #0a5c36; --holds-back: #e1f3e8; --fails: #8c1414;
  --fails-back: #fbe3e3; --open: #6b4a00; --open-back: #fdf0cf; --code: #f1f2f4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --card: #1d2024; --ink: #e6e7e9; --quiet: #a4abb3; --line: #3a3f45;
    --link: #8ec2f5; --holds: #8fdcb0; --holds-back: #17382a; --fails: #ffaeae;
    --fails-back: #4a1c1c; --open: #f3d58a; --open-back: #40330f; --code: #282c31;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 1rem; padding-bottom: .75rem; border-bottom: 1px solid var(--line); }
main { padding-top: 1rem; padding-bottom: 3rem; }
footer { padding-top: 1rem; padding-bottom: 2rem; border-top: 1px solid var(--line);
  color: var(--quiet); font-size: .9rem; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible {
  outline: 3px solid var(--link); outline-offset: 2px; border-radius: 3px; }
.skip { position: absolute; left: -100vw; }
.skip:focus { left: 1rem; top: 1rem; z-index: 1; padding: .5rem 1rem; background: var(--card); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 2rem 0 .75rem; }
.theorem h2 { margin-top: 0; }
.lead { font-size: 1.08rem; max-width: 46rem; }
.quiet { color: var(--quiet); font-size: .9rem; font-weight: normal; }
.theorem { margin: 1.75rem 0; padding: 1.25rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 8px; }
.statement { font-size: 1.05rem; max-width: 46rem; }
.formula { overflow-x: auto; overflow-y: hidden; padding: .25rem 0 .75rem; font-size: 1.15rem; }
math { font-family: "STIX Two Math", "Latin Modern Math", "Cambria Math", math, serif; }
.mark { font-size: .8rem; font-weight: 600; padding: .15rem .5rem; border-radius: 4px;
  border: 1px solid var(--line); color: var(--quiet); vertical-align: middle; }
.facts { margin: 1rem 0; font-size: .93rem; }
.facts > div { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0 1rem;
  padding: .25rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; overflow-wrap: anywhere; }
code { font: .88em/1.4 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  background: var(--code); padding: .1em .3em; border-radius: 3px; overflow-wrap: anywhere; }
.badge { display: inline-block; white-space: nowrap; font-size: .8rem; font-weight: 600;
  padding: .05rem .5rem; border-radius: 999px; }
.holds { color: var(--holds); background: var(--holds-back); }
.fails { color: var(--fails); background: var(--fails-back); }
.undecided { color: var(--open); background: var(--open-back); }
.button { display: inline-block; margin: 0 .5rem .5rem 0; padding: .45rem .9rem;
  border: 1px solid var(--link); border-radius: 6px; text-decoration: none; }
.papers { list-style: none; padding: 0; display: grid; gap: .75rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
.papers li { background: var(--card); border: 1px solid var(--line); border-radius: 8px;
  padding: .9rem 1.1rem; }
.papers a { font-weight: 600; }
.papers p { margin: .35rem 0 0; font-size: .95rem; }
.toc ol { columns: 2 16rem; padding-left: 1.5rem; }
summary { cursor: pointer; }
.rows > summary { padding: .4rem 0; font-weight: 600; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: .92rem; }
th, td { padding: .4rem .6rem; text-align: left; vertical-align: top;
  border-bottom: 1px solid var(--line); font-variant-numeric: tabular-nums; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { font-weight: normal; min-width: 14rem; }
thead th { color: var(--quiet); font-weight: 600; background: var(--code); }
td { overflow-wrap: break-word; min-width: 6rem; }
td.sign { width: 1%; min-width: 0; }
.flag { white-space: nowrap; }
th ul { margin: .4rem 0; padding-left: 1.1rem; font-size: .93em; }
figure { margin: 1.25rem 0; }
img { display: block; max-width: 100%; height: auto; background: #fff; border-radius: 6px;
  border: 1px solid var(--line); }
figcaption { margin-top: .5rem; color: var(--quiet); font-size: .92rem; }
@media (max-width: 40rem) {
  header, main, footer { padding-left: .9rem; padding-right: .9rem; }
  h1 { font-size: 1.5rem; }
  .theorem { padding: .9rem; }
  .facts > div { grid-template-columns: minmax(0, 1fr); padding: .4rem 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table, tbody { display: block; }
  tbody tr { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 .6rem;
    padding: .5rem .6rem; border-bottom: 1px solid var(--line); }
  tbody tr:last-child { border-bottom: 0; }
  tbody th { flex: 0 0 100%; min-width: 0; padding: 0 0 .2rem; border: 0; overflow-wrap: anywhere; }
  td { padding: 0; border: 0; min-width: 0; }
  td.sign { width: auto; }
  td:last-child { margin-left: auto; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print { .skip, header { display: none; } .theorem { break-inside: avoid-page; } }
"""
