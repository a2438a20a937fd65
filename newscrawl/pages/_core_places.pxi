# Where links stand and what they are for: see documents/places.py

cdef struct Asked:
    int32_t tag, classes, ident, rel
    int32_t answer      # 1 and more: a place in the list of answers


@cython.final
cdef class Places:
    """As ``Places`` in Python; ``rules`` is a ``Rules`` of the same file, ``page`` its document."""

    cdef readonly list short
    cdef object rules, page, layout
    cdef tuple outside      # a spot: what an element passes on, its place and whether
    cdef object blocked, main, marks, allowed, is_short, link_of
    cdef Index index
    cdef Joining joining
    cdef object url
    cdef list spots         # by the place of an element; None: not known yet
    cdef dict held          # what an element of a place may not hold, as bits
    cdef set named
    cdef Asked* asked
    cdef uint32_t mask
    cdef list answers
    cdef int tag_a, tag_header, tag_form, most_depth, least
    cdef uint16_t main_or_h1

    def __cinit__(self, Index index not None, rules, page, layout, body, foreign):
        cdef int place
        self.index, self.rules, self.page, self.layout = index, rules, page, layout
        self.joining, self.url = page._joining, page.url
        self.outside = layout.outside, False, False
        self.blocked, self.main, self.marks = rules.blocked, rules.main, rules.marks(layout)
        self.allowed, self.is_short = rules.allowed, rules.is_short
        self.link_of, self.least = rules.placed, rules.headline_length
        self.most_depth = min(<int>rules.most_depth, 400)
        self.short, self.named, self.answers = [], set(), [None]
        self.tag_a, self.tag_header = index.by_tag.get("a", -1), index.by_tag.get("header", -1)
        self.tag_form = index.by_tag.get("form", -1)
        self.main_or_h1 = HOLDS_MAIN | HOLDS_H1
        self.held = {place_: bits_of(tags) for place_, tags in rules.whole_page.items()}
        self.mask = 1023
        self.asked = <Asked*>PyMem_Malloc((self.mask + 1) * sizeof(Asked))
        if self.asked == NULL:
            raise MemoryError
        memset(self.asked, 0, (self.mask + 1) * sizeof(Asked))
        self.spots = [None] * index.size
        for each in foreign:
            place = index.place_of((<cetree._Element?>each)._c_node)
            if place >= 0:
                self.spots[place] = rules.blocked, False, False
        if body is not None:
            place = index.place_of((<cetree._Element?>body)._c_node)
            if place >= 0:
                self.spots[place] = rules.body, False, False

    def __dealloc__(self):
        PyMem_Free(self.asked)

    def read(self) -> list:
        cdef Py_ssize_t most = self.rules.most_links, each
        cdef list placed = [], anchors = self.page.anchors, places = self.index.anchored
        cdef Buffer buffer = Buffer()
        if places is None:  # they were met anew since
            anchors, places = self.index.anchors(), self.index.anchored
        for each in range(len(anchors)):
            if len(placed) == most:
                break
            href = <str>(<tuple>anchors[each])[1]
            if href[0] != "#":
                link = self.placed(<int>places[each], href, buffer)
                if link is not None:
                    placed.append(link)
        return placed

    cdef object placed(self, int place, str href, Buffer buffer):
        cdef Record* record = &self.index.records[place]
        cdef bint headline, plain, pictured
        cdef tuple spot = self.spot(record.parent)
        cdef object where, url, text
        if spot[0] is self.blocked:
            return None
        where, says, running = self.inside(place, spot)
        kind = where.kind
        if kind is None:
            return None
        url = self.joining.of(href)
        if url is None or (url, where) in self.named or url == self.url:
            return None
        buffer.add_all(record.node)
        buffer.fold()
        text = buffer.text()
        headline = says
        headlines = where.headlines
        if headlines and not headline:
            plain = node_from(record.node.children) == NULL
            headline = record.holds & HOLDS_HEADING != 0
            pictured = not (plain or text) and where is self.main
            if not headline and (running or (self.short_of(text) and not pictured)):
                if text and where is self.main and not running:
                    self.short.append(self.link(place, url, where, kind, text, False))
                return None
        if text and (headline or not headlines):
            self.named.add((url, where))
        return self.link(place, url, where, kind, text, headline)

    cdef bint short_of(self, str text) except -1:
        return len(text) < self.least if text.isascii() else self.is_short(text)

    cdef object link(self, int place, url, where, kind, text, bint headline):
        return tuple.__new__(self.link_of, (url, where, kind, text, headline, self.index.element(place)))

    cdef tuple spot(self, int place):
        """Up to the nearest ancestor already known, then down again."""
        cdef Record* records = self.index.records
        cdef int depth = 0
        cdef int32_t path[400]
        while place >= 0 and self.spots[place] is None and depth < self.most_depth:
            path[depth] = place
            depth += 1
            place = records[place].parent
        cdef tuple spot = self.outside
        if place >= 0:
            spot = <tuple>self.spots[place]
            if spot is None:
                spot = self.rules.unknown, False, False
        while depth:
            depth -= 1
            spot = self.inside(path[depth], spot)
            self.spots[path[depth]] = spot
        return spot

    cdef tuple inside(self, int place, tuple outer):
        cdef Record* record = &self.index.records[place]
        if outer[0] is self.blocked:
            return outer
        mark = self.mark(record)
        return outer if mark is None else self.enter(record, <tuple>mark, outer)

    cdef tuple enter(self, Record* record, tuple mark, tuple outer):
        place, exact, tagged, headline, running = mark
        around, headed, ran = outer
        if place is not None:
            if exact or not record.holds & <uint16_t>self.held.get(place, 0):
                place = self.allowed(place, around, record.tag == self.tag_a)
            else:
                place = None
        if place is None and tagged is not None:
            place = self.tag_place(record, tagged, around)
        if place is not None and place is not around:
            return place, headline, running
        if (headline and not headed) or (running and not ran):
            return around, headed or headline, ran or running
        return outer

    cdef object tag_place(self, Record* record, tagged, outer):
        if outer is self.rules.body:
            return None
        if record.tag == self.tag_header and (
            outer is not self.layout.outside or record.holds & self.main_or_h1
        ):
            return None
        if record.tag == self.tag_form and record.holds & self.main_or_h1:
            return None
        return self.allowed(tagged, outer)

    cdef object mark(self, Record* record):
        """What the rules say of a tag, a class attribute, an id and a ``rel``, each asked for once."""
        cdef int rel = 0
        cdef uint32_t at
        cdef Asked* asked
        cdef bytes text
        if record.tag == self.tag_a and record.says & RELATED:
            rels = value(record.node, b"rel")
            if rels:
                text = (<str>rels).encode()
                rel = self.index.names.of(PyBytes_AS_STRING(text))
        at = mixed(
            (<uint64_t>record.tag << 48)
            ^ (<uint64_t>record.classes << 32)
            ^ (<uint64_t>record.ident << 16)
            ^ <uint64_t>rel
        ) & self.mask
        while self.asked[at].answer:
            asked = &self.asked[at]
            if (
                asked.tag == record.tag
                and asked.classes == record.classes
                and asked.ident == record.ident
                and asked.rel == rel
            ):
                return <object>self.answers[asked.answer]
            at = (at + 1) & self.mask
        return self.ask(record, rel, at)

    cdef object ask(self, Record* record, int rel, uint32_t at):
        cdef Asked* asked = &self.asked[at]
        cdef object names = self.index.names.texts
        mark = self.marks[
            self.index.tags.text(record.tag), names[record.classes], names[record.ident], names[rel]
        ]
        asked.tag, asked.classes, asked.ident, asked.rel = record.tag, record.classes, record.ident, rel
        asked.answer = len(self.answers)
        self.answers.append(mark)
        if 2 * <uint32_t>asked.answer > self.mask:
            self.more_room()
        return mark

    cdef int more_room(self) except -1:
        cdef uint32_t mask = 4 * self.mask + 3, old, at
        cdef Asked* asked = <Asked*>PyMem_Malloc((<size_t>mask + 1) * sizeof(Asked))
        if asked == NULL:
            raise MemoryError
        memset(asked, 0, (<size_t>mask + 1) * sizeof(Asked))
        for old in range(self.mask + 1):
            if not self.asked[old].answer:
                continue
            at = mixed(
                (<uint64_t>self.asked[old].tag << 48)
                ^ (<uint64_t>self.asked[old].classes << 32)
                ^ (<uint64_t>self.asked[old].ident << 16)
                ^ <uint64_t>self.asked[old].rel
            ) & mask
            while asked[at].answer:
                at = (at + 1) & mask
            asked[at] = self.asked[old]
        PyMem_Free(self.asked)
        self.asked, self.mask = asked, mask
        return 0


cdef uint16_t bits_of(tags):
    cdef uint16_t bits = 0
    for tag in tags:
        bits |= <uint16_t>HELD[tag]
    return bits
