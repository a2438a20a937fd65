"""Copies below half of the text: what two reports of one trade share makes them none."""

from __future__ import annotations

from itertools import combinations

import pytest

from newscrawl.dedup.shingles import EXCERPT, Shingled

TERMS = (
    "Fees total {fees} pct, with 1-1/4 pct for selling, and {rest} pct for management and "
    "underwriting combined including a 3/8 pct praecipuum. Denominations are 1,000 and 10,000 "
    "marks and listing will be in Frankfurt."
)
BONDS = {
    "insurance": "Harbour Life Insurance Co is raising 300 mln marks through a seven-year eurobond "
    "due March 26, 1994 carrying a coupon of 5-7/8 pct and priced at 100-1/4, lead manager Northbank "
    "AG said. The bond, guaranteed by the parent, is not callable and will be redeemed at par. "
    + TERMS.format(fees="2-1/4", rest="one")
    + " The firm is the largest insurer of ships on the east coast and last came to the market two "
    "years ago, when it sold notes in guilders to a group of savings banks.",
    "cars": "Quay Motor Credit is tapping the market for 200 mln marks with a bullet issue running "
    "for five years to April 14, 1992 which pays 5-1/2 pct and was sold at par, according to the "
    "syndicate desk of Seebank. " + TERMS.format(fees="2-1/8", rest="7/8") + " The car maker's "
    "finance arm will swap what it gets into dollars at a floating rate, a banker close to the deal "
    "added, and plans more in Swiss francs this year to pay for new loans to dealers.",
    "steel": "A unit of the steel group Ironmoor launched 150 mln marks of ten-year paper at 99-1/2 "
    "with a yearly payment of 6-3/8 pct. Demand was slow because holders wait for the central bank, "
    "traders in Luxembourg said. " + TERMS.format(fees="2-1/2", rest="1-1/4") + " Warrants attached "
    "to each certificate give the right to buy seven shares of the parent until late autumn, which "
    "would raise its capital by a tenth if all of them were used.",
}  # fmt: skip
RESULTS = (
    "The board will propose an unchanged dividend to the meeting of shareholders in {place}. The "
    "figures were prepared under the rules that came into force on January 1, 2005, and have not "
    "been audited. A call for analysts begins at 10:00 on the same day."
)
REPORTS = {
    "ferries": "Sales of the ferry line Nordbelt grew by a tenth between spring and summer as more "
    "lorries crossed the sound, while fuel ate up most of what the new ship earned. Its head, Bo "
    "Ekman, wants to order another one. " + RESULTS.format(place="Malmo"),
    "beer": "The brewer Aldhaus lost money for the third time in a row because of a wet July and "
    "the price of glass. It will close one of two plants in the valley and talk with the union "
    "about early pensions. " + RESULTS.format(place="Graz"),
}


def compared(one: str, other: str) -> tuple[float, bool]:
    first, second = Shingled(one), Shingled(other)
    similarity = first.compare(second)
    assert first.is_copy_of(second, similarity) == second.is_copy_of(first, similarity)
    return similarity.containment, first.is_copy_of(second, similarity)


@pytest.mark.parametrize(("one", "other"), list(combinations(BONDS, 2)))
def test_issues_of_bonds_with_the_usual_terms_are_no_copies(one, other):
    containment, is_copy = compared(BONDS[one], BONDS[other])
    assert 0.2 <= containment < EXCERPT
    assert not is_copy


def test_results_with_the_usual_ending_are_no_copies():
    containment, is_copy = compared(REPORTS["ferries"], REPORTS["beer"])
    assert 0.2 <= containment < EXCERPT
    assert not is_copy


STORY = (
    "The council of Fenland voted late on Tuesday to close the old lock at Ely Bridge, after divers "
    "from Marlow Marine had found cracks in 17 of its 46 oak piles. Boats have to go round by the "
    "Cam until a new gate is in place, which Mayor Ada Quill said would cost 2.37 million pounds. "
    "Farmers around Stretham fear that the pumps cannot hold the water through the winter. "
    "“Nobody has asked us,” said Bo Ekman, who grows beet on 312 hectares below the dyke. "
    "The agency in Lincoln wants to send two more pumps and 1,450 metres of hose by Friday."
)


def test_a_story_with_other_words_here_and_there_is_a_copy():
    words = STORY.split()
    edited = " ".join("edited" if at % 5 == 2 else word for at, word in enumerate(words))
    containment, is_copy = compared(STORY, edited)
    assert 0.2 <= containment < EXCERPT
    assert is_copy


def test_a_story_that_goes_on_is_a_copy_by_its_names():
    kept = STORY.partition("Boats have")[0]
    later = (
        f"{kept}On Thursday the first barge was turned back at Ely Bridge, and Ada Quill went to see "
        "the pumps with engineers of Marlow Marine. Bo Ekman of Stretham and other growers drove "
        "their tractors to the council, where the doors stayed shut. Fenland wants money from "
        "Lincoln, but a letter that came back promises nothing before the spring. A ferry may carry "
        "pupils over the Cam from next week, if somebody finds a skipper who knows the channel, "
        "and an inn beside the towpath has begun to sell soup to people who wait for the bus."
    )
    containment, is_copy = compared(STORY, later)
    assert 0.2 <= containment < EXCERPT
    assert is_copy


def test_a_story_that_goes_on_is_a_copy_by_its_figures():
    table = (
        "pumps ran 17 hours at the lock and 46 at the mill while 312 farms waited for 1,450 metres "
        "of hose and paid 237 pounds a day for what they got from the depot"
    )
    rest = (
        "nobody in the town hall wanted to say who had ordered the pumps or why they came so late",
        "a barge with sand lies across the channel since dawn and waits for the tide to lift it off",
    )
    one, other = (f"{begin}. {table}. {begin[::-1]}." for begin in rest)
    containment, is_copy = compared(one, other)
    assert 0.2 <= containment < EXCERPT
    assert is_copy


def test_a_chinese_story_with_other_characters_here_and_there_is_a_copy():
    text = "".join(chr(0x4E00 + (7919 * number) % 4000) for number in range(300))
    edited = "".join("丁" if at % 7 == 3 else letter for at, letter in enumerate(text))
    containment, is_copy = compared(text, edited)
    assert 0.2 <= containment < EXCERPT
    assert is_copy
