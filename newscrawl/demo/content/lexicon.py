"""Words of the generated site: invented places and people, everyday nouns and verbs."""

from __future__ import annotations

from typing import NamedTuple


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _phrases(text: str) -> tuple[str, ...]:
    return tuple(phrase.strip() for phrase in text.split(","))


ONSETS = _words(
    "Wren Ald Bram Cor Dun Ell Fen Gar Hol Ing Jes Kel Lor Mar Nor Ost "
    "Pen Quar Rav Sel Tam Ulv Var Wes Yar Zel Bir Cres Dray Esk Fal Gow"
)
MIDDLES = _words(
    "a e i o u ar er ir or ur an en in on al el il ol am em im om as es is os ath eth ith oth ev av"
)
CODAS = _words(
    "mouth ford wick ham stead ley combe worth port dale mere haven bridge field gate by "
    "thorpe minster cliffe bourne well moor ness firth lake shore crest hollow vale burn cote sett"
)
FIRST_NAMES = _words(
    "Mara Jonas Edith Tobias Leila Anton Priya Marcus Ingrid Samuel Noor Felix Clara Desmond Yusuf "
    "Helena Bruno Odette Kamil Tessa Rafael Miriam Conrad Sunita Emil Greta Hassan Lydia Oskar "
    "Beatriz Nadia Piotr Rosalind Viktor Amara Cedric Imogen Laszlo Naomi Theo"
)
SURNAME_TAILS = _words("quist mont ley sen wright ton ova berg man ridge low stone field er ski by")
DISTRICT_HEADS = _phrases(
    "North Quay, Lower Bank, Mill Row, Old Foundry, Castle Rise, Station Ward, South Pier, "
    "Upper Meadow, Canal Side, Priory Hill, West Dock, Orchard End, Signal Point, Market Ward"
)
BODIES = _phrases(
    "Council, Harbour Board, Transport Office, Chamber of Trade, Residents League, Water Authority, "
    "Housing Trust, University, Health Board, Electoral Commission, Energy Cooperative, "
    "Heritage Society, School District, Port Authority, Planning Bureau, Farmers Union"
)
ROLES = _phrases(
    "director, spokesperson, deputy chair, treasurer, chief engineer, secretary, policy adviser, "
    "senior analyst, head of research, field coordinator, acting president, legal counsel"
)
ADJECTIVES = _words(
    "proposed costly delayed revised temporary regional disputed modest ambitious overdue seasonal "
    "unpopular emergency joint voluntary binding interim rural coastal urban annual quarterly "
    "national municipal private shared digital portable experimental longstanding expanded reduced "
    "troubled popular quiet sudden careful detailed public confidential minor major simple complex "
    "practical fragile ageing modern hasty generous stricter lighter broader narrow tentative "
    "neglected restored contested independent outdated affordable lengthy swift unusual routine "
    "symbolic cautious patchy lucrative unfinished overlooked promising"
)
MODIFIERS = _words(
    "harbour winter library ferry bridge river market school orchard railway housing drainage "
    "parking heating festival clinic museum theatre fishing forestry recycling energy tourism "
    "archive warehouse broadband lighthouse tramway greenhouse workshop stadium kitchen nursery "
    "hospital solar tidal timber textile ceramic bakery dairy cycling footpath playground mooring "
    "flood traffic payroll tenancy satellite laboratory apprentice overtime export freight customs"
)
HEADS = _words(
    "fees permits repairs budgets contracts inspections subsidies closures upgrades volunteers "
    "deliveries records schedules surveys grants complaints wages shortages reserves standards "
    "tickets licences audits delays plans forecasts workers suppliers fines loans hearings "
    "vouchers maps meters shifts targets tenders queues warnings renewals"
)
PAST_VERBS = _words(
    "reviewed delayed approved rejected funded questioned unveiled suspended extended trimmed "
    "endorsed challenged outlined defended abandoned accelerated audited blocked cancelled "
    "condemned costed debated dismissed doubled drafted examined inherited launched leaked "
    "mapped negotiated opposed overhauled paused piloted postponed praised published relaunched "
    "reopened rescued revised scrapped settled shelved simplified sponsored tested tightened "
    "welcomed withdrew"
)
INFINITIVES = _words(
    "reshape ease slow replace fund expand undercut protect strain absorb double disrupt shorten "
    "restore clarify complicate cover curb cushion displace divert erode finance freeze halve "
    "improve limit monitor offset outlast postpone reduce relocate rescue reward shield simplify "
    "split stabilise streamline subsidise support suspend tighten track transform trim unlock "
    "weaken widen"
)
REASONS = _phrases(
    "after a string of complaints, before the autumn recess, despite earlier promises, "
    "without further debate, in a closed session, under growing pressure, for the second time, "
    "at short notice, with little ceremony, against expert advice, to loud applause, "
    "following months of silence, as tempers frayed, over several objections, by a narrow margin, "
    "pending an appeal, within hours of the announcement, during a rainy press call, "
    "on the advice of engineers, in spite of the weather"
)
PRESENT_VERBS = _words(
    "Delays Backs Rejects Halts Doubles Reopens Weighs Trims Unveils Questions Approves Defends "
    "Expands Suspends Reviews Funds Scraps Revises Blocks Restores Audits Drafts Tests Tightens"
)
WEEKDAYS = _words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = _words(
    "January February March April May June July August September October November December"
)
AGENCIES = _phrases(
    "Coastline Images, Meridian Pictures, Beacon Photo Agency, Northlight Press Photos, Pier Seven"
)


class Topic(NamedTuple):
    nouns: tuple[str, ...]
    places: tuple[str, ...]


TOPICS: dict[str, Topic] = {
    "top-stories": Topic(
        _phrases(
            "inquiry, evacuation, ceasefire offer, border deal, rescue effort, blackout, strike, "
            "summit, manhunt, recall, treaty, landslide, court ruling, curfew, airlift, tribunal, "
            "pipeline leak, hostage release, census, expulsion order"
        ),
        _phrases("the old customs house, the border crossing, the relief camp, the summit hall"),
    ),
    "local-news": Topic(
        _phrases(
            "bus timetable, road closure, street market, bin collection, town meeting, footbridge, "
            "swimming pool, allotment rule, noise order, car park, community centre, bypass, "
            "playing field, pier repair, tram stop, fire station, village fair, cemetery plan, "
            "licence hearing, waterfront walk"
        ),
        _phrases("the town hall steps, the bus depot, the parish rooms, the fire station yard"),
    ),
    "politics": Topic(
        _phrases(
            "ballot count, coalition deal, ethics bill, campaign pledge, recall petition, budget, "
            "committee report, confidence vote, party conference, lobbying register, by-election, "
            "tax amendment, referendum, immunity clause, cabinet reshuffle, boundary review, "
            "spending cap, televised debate, veto threat, transparency law"
        ),
        _phrases("the assembly chamber, the party office, the count centre, the cabinet room"),
    ),
    "business-economy": Topic(
        _phrases(
            "merger, dividend, share sale, wage deal, factory order, credit line, trade surplus, "
            "bankruptcy filing, price cap, supply contract, hiring freeze, pension scheme, "
            "rate decision, takeover bid, franchise, export licence, audit letter, bond issue, "
            "profit warning, rebate scheme"
        ),
        _phrases("the trading floor, the plant gate, the bank headquarters, the freight terminal"),
    ),
    "entertainment": Topic(
        _phrases(
            "film festival, stage revival, album, comedy tour, drama series, talent contest, opera, "
            "box office record, casting decision, museum gala, radio play, sequel, puppet show, "
            "book prize, dance premiere, street parade, reunion concert, documentary, game show, "
            "screenwriters deal"
        ),
        _phrases("the Lantern Theatre, the studio lot, the opera foyer, the festival tent"),
    ),
    "sports": Topic(
        _phrases(
            "cup final, transfer fee, penalty appeal, relay record, coaching change, derby, "
            "doping ban, stadium lease, youth academy, championship race, injury list, regatta, "
            "marathon route, playoff berth, training camp, league rebrand, chess open, "
            "broadcast deal, rowing trial, captaincy"
        ),
        _phrases("the east stand, the boathouse, the practice ground, the press box"),
    ),
    "health": Topic(
        _phrases(
            "vaccine trial, hospital wing, screening programme, nurse rota, flu season, sleep study, "
            "clinic network, allergy test, ambulance fleet, dental scheme, therapy guideline, "
            "blood drive, surgery backlog, hearing aid, maternity unit, infection survey, "
            "dosage warning, diet guideline, rehabilitation centre, cancer registry"
        ),
        _phrases("the day ward, the teaching hospital, the vaccination hall, the laboratory wing"),
    ),
    "lifestyle": Topic(
        _phrases(
            "recipe, garden trend, wardrobe swap, weekend break, pet show, craft fair, tea ritual, "
            "family budget, home makeover, walking club, houseplant craze, supper club, quilt, "
            "cycling holiday, wedding season, vintage market, book circle, spice blend, "
            "campfire rule, neighbourhood picnic"
        ),
        _phrases("the walled garden, the night market, the village bakery, the craft barn"),
    ),
    "science-environment": Topic(
        _phrases(
            "reef survey, glacier core, comet flyby, seed bank, heat record, otter census, drone map, "
            "methane sensor, peat bog, fossil find, wind farm, tide model, insect count, "
            "telescope array, rewilding scheme, drought index, soil archive, whale song study, "
            "volcano watch, carbon ledger"
        ),
        _phrases("the field station, the observatory dome, the salt marsh, the research vessel"),
    ),
    "technology": Topic(
        _phrases(
            "chip design, data centre, phone recall, software patch, robot arm, browser update, "
            "encryption rule, battery plant, search index, cloud outage, voice assistant, sensor, "
            "open source licence, quantum lab, payment app, satellite link, privacy lawsuit, "
            "game engine, chat service, password leak"
        ),
        _phrases("the server hall, the design studio, the patent court, the assembly line"),
    ),
    "weight-loss-products-reviews": Topic(
        _phrases(
            "meal plan, protein shake, fitness tracker, fasting app, supplement label, step counter, "
            "calorie scale, herbal tea, gym pass, portion plate, rowing machine, coaching course, "
            "snack bar, appetite patch, walking pad, smoothie kit, resistance band, cookbook, "
            "hydration bottle, balance board"
        ),
        _phrases("the test kitchen, the sports lab, the showroom, the tasting panel"),
    ),
    "forex-trading": Topic(
        _phrases(
            "currency pair, spread quote, margin rule, trading desk, swap line, chart pattern, "
            "broker licence, carry trade, hedging tool, price feed, demo account, pip target, "
            "settlement window, exchange peg, order book, volatility gauge, leverage cap, "
            "signal service, stop order, reserve sale"
        ),
        _phrases("the dealing room, the clearing house, the regulator, the exchange annex"),
    ),
}
"""Keyed by the slug of a story's leading category."""
