"""The report: a folder of static pages for a browser, complete in itself.

``relu-theory verify --html DIR`` writes it: an index, a page for each paper with its statements,
the rows with what was computed and predicted, certificates to download, and a page of figures. No
page loads anything from outside the folder, and none needs a script.
"""

from relu_theory.report.site import write_report

__all__ = ["write_report"]
