"""``python -m tests.quality``: the quality of extraction, held by floors that only rise.

Prints a line for each figure and a table of the kinds of page. Exit status 1: a figure is under its
floor (or over its ceiling). Pages that fell since the last record are named, and decide nothing.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Sequence

from newscrawl.pages.news import NewsPage
from tests.quality import confusion, cost, floors
from tests.quality.bodies import f1, shares
from tests.quality.figures import confidence, figures
from tests.quality.samples import SETS, SHARED, absent, recorded_pages, samples
from tests.quality.scores import Scored, quieten, read_all


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    parser.add_argument(
        "--raise",
        action="store_true",
        dest="rise",
        help="raise the floors to just below the figures, and record the pages",
    )
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"only these of {', '.join(SETS)}")
    options = parser.parse_args()
    sets = options.sets or SETS
    if options.rise and options.sets:
        parser.error("floors are raised over all sets")
    quieten()
    if missing := absent(sets):
        print(f"no real pages in {SHARED}: {', '.join(missing)} not scored")
    pages = read_all([sample for group in sets for sample in samples(group)])
    found = {"recorded_body_f1": recorded_f1()} | figures(pages)
    for name, value in ({} if options.sets else confidence(pages)).items():
        if value is None:
            print(f"{name}: not known")
        else:
            found[name] = value
    gc.collect()
    gc.freeze()
    # The processes have ended: nothing runs beside what is timed
    found |= cost.cost([page.response for page in samples("generic") if page.group in sets])
    return tell(pages, found, rise=options.rise)


def tell(pages: Sequence[Scored], found: dict[str, float], *, rise: bool) -> int:
    for name, figure in found.items():
        print(f"{name}: {figure:.4f}")
    for half, held in (("tuned", False), ("held", True)):
        if kinds := [page for page in pages if page.group == "wcxb" and page.held is held]:
            print(confusion.table(kinds, half))
    record = floors.record(pages)
    for line in floors.dropped(record, floors.load_record()):
        print(line)
    limits = floors.load(floors.FLOORS)
    fallen = floors.fallen(found, limits)
    for name in fallen:
        side = "over its ceiling" if floors.is_ceiling(name) else "under its floor"
        print(f"{name} is {side} of {limits[name]}", file=sys.stderr)
    if rise:
        floors.save_floors(floors.raised(found, limits))
        floors.save_record(record)
    return 1 if fallen else 0


def recorded_f1() -> float:
    """The project's own recorded pages, whose text is known by letter."""
    pages = recorded_pages()
    return f1([shares(page.text, str(NewsPage(page.response).page.text)) for page in pages])


if __name__ == "__main__":
    sys.exit(main())
