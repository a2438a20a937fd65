# The elements of a page in their order, met once

cdef enum:
    HOLDS_H1 = 1, HOLDS_H2 = 2, HOLDS_H3 = 4, HOLDS_H4 = 8, HOLDS_H5 = 16, HOLDS_H6 = 32
    HOLDS_HEADING = 63
    HOLDS_MAIN = 64
    HOLDS_ARTICLE = 128


cdef enum:
    DESCRIBED = 1
    RELATED = 2
    STYLED = 4
    CALLED = 8      # by its role, or hidden
    TOLD = 16       # to readers of screens, or not
    SPOKEN = 28
    TYPED = 32


cdef struct Record:
    xmlNode* node
    int32_t parent
    int32_t end         # the place after its last descendant
    int32_t tag
    int32_t classes     # numbers of names; 0: none
    int32_t ident
    uint16_t holds      # what it is or has in it
    uint16_t says


cdef inline uint32_t mixed(uint64_t key) noexcept nogil:
    return <uint32_t>((key * 11400714819323198485u) >> 32)


@cython.final
cdef class Index:
    """The elements of a tree in the order of the page; lists are new ones at each call.

    lxml's objects of all elements are made at once and kept: what has one is not freed, whoever
    takes it out of the tree.
    """

    cdef cetree._Element root
    cdef cetree._Document doc
    cdef Names names    # of classes and ids
    cdef Names tags
    cdef Record* records
    cdef int size, room
    cdef readonly list elements
    cdef list anchored          # the places of links
    cdef dict by_tag            # number of a tag by name
    cdef const void* pointers[256]
    cdef int32_t pointed[256]
    cdef int known
    cdef uint16_t* holding      # by number of a tag
    cdef int tags_room
    cdef const void** places    # a table of all nodes, made when first asked for
    cdef int32_t* placed
    cdef uint32_t places_mask

    def __cinit__(self, cetree._Element root not None):
        self.root, self.doc = root, root._doc
        self.names, self.tags, self.by_tag = Names(), Names(), {}
        self.room = 2048
        self.records = <Record*>PyMem_Malloc(self.room * sizeof(Record))
        if self.records == NULL:
            raise MemoryError
        memset(self.pointers, 0, sizeof(self.pointers))
        self.meet()

    def __dealloc__(self):
        PyMem_Free(self.records)
        PyMem_Free(self.holding)
        PyMem_Free(self.places)
        PyMem_Free(self.placed)

    # The walk

    cdef int tag_of(self, xmlNode* node) except -1:
        """The number of its tag; the parser keeps one copy of each name."""
        cdef const void* name = <const void*>node.name
        cdef uint32_t at
        cdef int found
        if node.ns != NULL:
            return self.new_tag(cetree.namespacedName(node))
        at = mixed(<uint64_t>name) & 255
        while self.pointers[at] != NULL:
            if self.pointers[at] == name:
                return self.pointed[at]
            at = (at + 1) & 255
        found = self.new_tag(decoded(<const char*>node.name))
        if self.known < 192:
            self.pointers[at], self.pointed[at] = name, found
            self.known += 1
        return found

    cdef int new_tag(self, str name) except -1:
        cdef int found
        cdef void* moved
        cdef bytes text
        known = self.by_tag.get(name)
        if known is not None:
            return known
        text = name.encode()
        found = self.tags.of(PyBytes_AS_STRING(text))
        self.by_tag[name] = found
        if found >= self.tags_room:
            moved = PyMem_Realloc(self.holding, 2 * (found + 64) * sizeof(uint16_t))
            if moved == NULL:
                raise MemoryError
            self.holding, self.tags_room = <uint16_t*>moved, 2 * (found + 64)
        self.holding[found] = held_by(name)
        return found

    cdef int meet(self) except -1:
        cdef xmlNode* top = self.root._c_node
        cdef xmlNode* node = top
        cdef int parent = -1, each
        self.size = 0
        self.elements, self.anchored = [], None
        PyMem_Free(self.places)
        self.places = NULL
        while True:
            if node.type == XML_ELEMENT_NODE:
                each = self.add(node, parent)
                if node.children != NULL:
                    parent, node = each, node.children
                    continue
                self.records[each].end = self.size
            while node != top and node.next == NULL:
                node = node.parent
                self.records[parent].end = self.size
                parent = self.records[parent].parent
            if node == top:
                break
            node = node.next
        self.records[0].end = self.size
        for each in range(self.size - 1, 0, -1):
            self.records[self.records[each].parent].holds |= self.records[each].holds
        return 0

    cdef int add(self, xmlNode* node, int parent) except -1:
        cdef int place = self.size
        cdef Record* record
        cdef void* moved
        if place == self.room:
            moved = PyMem_Realloc(self.records, 2 * self.room * sizeof(Record))
            if moved == NULL:
                raise MemoryError
            self.records, self.room = <Record*>moved, 2 * self.room
        record = &self.records[place]
        record.node, record.parent, record.end = node, parent, place + 1
        record.tag = self.tag_of(node)
        record.holds = self.holding[record.tag]
        record.says = record.classes = record.ident = 0
        self.elements.append(cetree.elementFactory(self.doc, node))
        self.size = place + 1
        if node.properties != NULL:
            self.read(node, record)
        return place

    cdef int read(self, xmlNode* node, Record* record) except -1:
        """What its attributes say."""
        cdef xmlAttr* attr = node.properties
        cdef const char* name
        while attr != NULL:
            name = <const char*>attr.name
            if attr.ns != NULL:
                pass
            elif name[0] == c'c':
                if strcmp(name, b"class") == 0:
                    record.classes = self.name_of(node, attr)
            elif name[0] == c'i':
                if name[1] == c'd' and name[2] == 0:
                    record.ident = self.name_of(node, attr)
                elif strcmp(name, b"itemprop") == 0 or strcmp(name, b"itemscope") == 0:
                    record.says |= DESCRIBED
                elif strcmp(name, b"itemtype") == 0:
                    record.says |= TYPED
            elif name[0] == c'r':
                if strcmp(name, b"rel") == 0:
                    record.says |= RELATED
                elif strcmp(name, b"role") == 0:
                    record.says |= CALLED
            elif name[0] == c's':
                if strcmp(name, b"style") == 0:
                    record.says |= STYLED
            elif name[0] == c'h':
                if strcmp(name, b"hidden") == 0:
                    record.says |= CALLED
            elif name[0] == c'a':
                if strcmp(name, b"aria-hidden") == 0:
                    record.says |= TOLD
            elif name[0] == c'p':
                if strcmp(name, b"property") == 0:
                    record.says |= DESCRIBED
            elif name[0] == c't':
                if strcmp(name, b"typeof") == 0:
                    record.says |= DESCRIBED
            attr = attr.next
        return 0

    cdef int name_of(self, xmlNode* node, xmlAttr* attr) except -1:
        cdef const char* text = raw(attr)
        cdef bytes whole
        if text == NULL:
            whole = (<str>cetree.attributeValue(node, attr)).encode()
            text = PyBytes_AS_STRING(whole)
        return self.names.of(text) if text[0] else 0

    cdef int refresh(self) except -1:
        """Meet the elements anew unless all are where they were."""
        cdef xmlNode* top = self.root._c_node
        cdef xmlNode* node = top
        cdef int place = 0
        while True:
            if node.type == XML_ELEMENT_NODE:
                if place == self.size or self.records[place].node != node:
                    return self.meet()
                place += 1
                if node.children != NULL:
                    node = node.children
                    continue
            while node != top and node.next == NULL:
                node = node.parent
            if node == top:
                break
            node = node.next
        return 0 if place == self.size else self.meet()

    cdef inline object element(self, int place):
        return <object>(<list>self.elements)[place]

    cdef int place_of(self, xmlNode* node) except -2:
        """The place of an element; -1 if it is none of the tree's."""
        cdef uint32_t at
        if self.places == NULL:
            self.find_places()
        at = mixed(<uint64_t><size_t>node) & self.places_mask
        while self.places[at] != NULL:
            if self.places[at] == node:
                return self.placed[at]
            at = (at + 1) & self.places_mask
        return -1

    cdef int find_places(self) except -1:
        cdef uint32_t mask = 1023, at
        cdef int each
        while mask < 2 * <uint32_t>self.size:
            mask = 2 * mask + 1
        PyMem_Free(self.placed)
        self.placed = <int32_t*>PyMem_Malloc((<size_t>mask + 1) * sizeof(int32_t))
        self.places = <const void**>PyMem_Malloc((<size_t>mask + 1) * sizeof(void*))
        if self.places == NULL or self.placed == NULL:
            raise MemoryError
        memset(<void*>self.places, 0, (<size_t>mask + 1) * sizeof(void*))
        for each in range(self.size):
            at = mixed(<uint64_t><size_t>self.records[each].node) & mask
            while self.places[at] != NULL:
                at = (at + 1) & mask
            self.places[at], self.placed[at] = self.records[each].node, each
        self.places_mask = mask
        return 0

    # What is asked of it

    def every(self) -> list:
        return self.elements

    def described(self) -> list:
        return self.saying(DESCRIBED)

    def related(self) -> list:
        return self.saying(RELATED)

    def telling(self) -> list:
        return self.saying(DESCRIBED | RELATED)

    cdef list saying(self, int what):
        cdef int each
        return [self.element(each) for each in range(self.size) if self.records[each].says & what]

    def tagged(self, *tags) -> list:
        """The elements with one of the tags."""
        cdef int each
        cdef int32_t wanted[8]
        cdef int number = 0, one
        for tag in tags:
            known = self.by_tag.get(tag)
            if known is None:
                continue
            if number == 8:
                return self.tagged_of_many(set(tags))
            wanted[number] = known
            number += 1
        found = []
        for each in range(self.size):
            for one in range(number):
                if self.records[each].tag == wanted[one]:
                    found.append(self.element(each))
                    break
        return found

    cdef list tagged_of_many(self, set tags):
        cdef int each
        cdef set wanted = {self.by_tag[tag] for tag in tags if tag in self.by_tag}
        return [self.element(each) for each in range(self.size) if self.records[each].tag in wanted]

    def holders(self, *tags) -> set:
        """The elements with one of the tags, and all that surround one."""
        cdef int each, up
        cdef bytearray seen
        cdef set found = set()
        cdef set wanted = {self.by_tag[tag] for tag in tags if tag in self.by_tag}
        if not wanted:
            return found
        seen = bytearray(self.size)
        for each in range(self.size):
            if self.records[each].tag in wanted:
                up = each
                while up >= 0 and not seen[up]:
                    seen[up] = 1
                    found.add(self.element(up))
                    up = self.records[up].parent
        return found

    def classed(self) -> list:
        """All class attributes that are not empty, each once, in the order in which they first stand."""
        cdef int each
        cdef bytearray seen
        seen = bytearray(self.names.number)
        found = []
        for each in range(self.size):
            if self.records[each].classes and not seen[self.records[each].classes]:
                seen[self.records[each].classes] = 1
                found.append(self.names.text(self.records[each].classes))
        return found

    def of_classes(self, wanted, *tags) -> list:
        """The elements that have one of some class attributes, as they stand; of some tags, if any are given."""
        cdef int each, number
        cdef bint asks = False, any_tag = not tags
        cdef bytearray asked, met
        cdef bytes text
        cdef list found = []
        asked, met = bytearray(self.names.number), bytearray(self.tags.number)
        for classes in wanted:
            text = classes.encode()
            number = self.names.of(PyBytes_AS_STRING(text))
            if number < len(asked):
                asked[number] = asks = True
        for tag in tags:
            if tag in self.by_tag:
                met[<int>self.by_tag[tag]] = True
        if not asks:
            return found
        for each in range(self.size):
            if self.records[each].classes and asked[self.records[each].classes]:
                if any_tag or met[self.records[each].tag]:
                    found.append(self.element(each))
        return found

    def named(self, str part not None, *tags) -> list:
        """The elements of some tags in whose class, id or ``itemtype`` a text stands."""
        cdef int each
        cdef bytearray met = bytearray(self.tags.number), asked = self.names.holding(part.encode())
        cdef list found = []
        for tag in tags:
            if tag in self.by_tag:
                met[<int>self.by_tag[tag]] = True
        for each in range(self.size):
            if not met[self.records[each].tag] or self.records[each].node.properties == NULL:
                continue
            if asked[self.records[each].classes] or asked[self.records[each].ident]:
                found.append(self.element(each))
            elif self.records[each].says & TYPED:
                if part in value(self.records[each].node, b"itemtype"):
                    found.append(self.element(each))
        return found

    def names_said(self) -> list:
        """All class attributes and ids that are not empty, each once, in the order of the page."""
        cdef int each, first, second
        cdef bytearray seen = bytearray(self.names.number)
        cdef list found = []
        for each in range(self.size):
            first, second = self.records[each].classes, self.records[each].ident
            if first and second and is_before(self.records[each].node, b"id", b"class"):
                first, second = second, first
            if first and not seen[first]:
                seen[first] = 1
                found.append(self.names.text(first))
            if second and not seen[second]:
                seen[second] = 1
                found.append(self.names.text(second))
        return found

    def identified(self) -> list:
        """The elements with an id, and the id."""
        cdef int each
        return [
            (self.element(each), self.names.text(self.records[each].ident))
            for each in range(self.size)
            if self.records[each].ident
        ]

    def item_types(self) -> list:
        """What microdata calls the types of its objects, as it stands."""
        cdef int each
        return [
            value(self.records[each].node, b"itemtype")
            for each in range(self.size)
            if self.records[each].says & TYPED
        ]

    def naming(self, plain, wanted) -> list:
        """The ``meta`` elements, then the others that microdata or RDFa calls one of some names, and their names.

        ``plain`` has the names in what an element says, ``wanted`` is a set of some.
        """
        cdef int each, meta = self.by_tag.get("meta", -1)
        cdef bint first
        cdef list found = []
        for first in (True, False):
            for each in range(self.size):
                if (self.records[each].tag == meta) != first:
                    continue
                if not first and not self.records[each].says & DESCRIBED:
                    continue
                told = called(self.records[each].node, first)
                if told:
                    names = plain[told]
                    if not wanted.isdisjoint(names):
                        found.append((self.element(each), names))
        return found

    def in_order(self, elements) -> list:
        """Elements of the tree in the order of the page."""
        cdef list found = []
        for each in elements:
            found.append((self.place_of((<cetree._Element?>each)._c_node), each))
        found.sort(key=first_of)
        return [each for _, each in found]

    def add_head(self, head, types) -> None:
        """Fill a ``Head``; ``types`` are those of scripts that are data."""
        cdef int each, tag
        cdef int meta = self.by_tag.get("meta", -1), link = self.by_tag.get("link", -1)
        cdef int script = self.by_tag.get("script", -1), base = self.by_tag.get("base", -1)
        cdef int title = self.by_tag.get("title", -1)
        cdef xmlNode* node
        cdef dict metas = head.metas, links = head.links
        for each in range(self.size):
            node, tag = self.records[each].node, self.records[each].tag
            if tag == meta:
                text = value(node, b"content")
                text = text and " ".join(text.split())
                if text:
                    for key in dict.fromkeys(meta_keys(node).lower().split()):
                        metas.setdefault(key, []).append(text)
            elif tag == link:
                for rel in (value(node, b"rel") or "").lower().split():
                    links.setdefault(rel, []).append(value(node, b"href") or "")
            elif tag == script:
                kind = value(node, b"type")
                if kind and kind.partition(";")[0].strip().lower() in types:
                    text = cetree.textOf(node)
                    if text:
                        head.json_ld.append(text)
            elif tag == base:
                head.bases.append(value(node, b"href") or "")
            elif tag == title:
                head.titles.append(" ".join((cetree.textOf(node) or "").split()))

    def anchors(self) -> list:
        """Links with their addresses as they stand."""
        cdef int each, tag = self.by_tag.get("a", -1)
        cdef list found = []
        self.anchored = []
        for each in range(self.size):
            if self.records[each].tag == tag:
                href = value(self.records[each].node, b"href")
                if href:
                    found.append((self.element(each), href))
                    self.anchored.append(each)
        return found


    def anchors_around(self, Py_ssize_t most, *tags) -> list:
        """Of the first links those around an element with one of the tags, their addresses and the first such."""
        cdef int each, up, anchor = self.by_tag.get("a", -1)
        cdef dict held = {}
        cdef list found = []
        cdef bytearray wanted = bytearray(self.tags.number)
        for tag in tags:
            if tag in self.by_tag:
                wanted[<int>self.by_tag[tag]] = True
        for each in range(self.size):
            if wanted[self.records[each].tag]:
                up = self.records[each].parent
                while up >= 0:
                    if self.records[up].tag == anchor:
                        if up in held:
                            break
                        held[up] = each
                    up = self.records[up].parent
        if held and self.anchored is None:
            self.anchors()
        for up in self.anchored[:most] if held else ():
            if up in held:
                each = held[up]
                found.append((self.element(up), value(self.records[up].node, b"href"), self.element(each)))
        return found


cdef bint is_before(xmlNode* node, const char* one, const char* other) noexcept nogil:
    """Whether of two attributes of an element one stands first."""
    cdef xmlAttr* attr = node.properties
    while attr != NULL:
        if attr.ns == NULL:
            if strcmp(<const char*>attr.name, one) == 0:
                return True
            if strcmp(<const char*>attr.name, other) == 0:
                return False
        attr = attr.next
    return False


cdef str meta_keys(xmlNode* node):
    """What a meta element is of; it may bear several names, each of several words."""
    cdef str found = ""
    for name in (b"property", b"name", b"itemprop", b"http-equiv"):
        text = value(node, name)
        if text:
            found = f"{found} {text}" if found else text
    return found


cdef str called(xmlNode* node, bint is_meta):
    """What microdata and RDFa call an element; a ``meta`` of neither has a name."""
    cdef str one = value(node, b"itemprop"), other = value(node, b"property")
    if one and other:
        return f"{one} {other}"
    return one or other or (value(node, b"name") if is_meta else None)


def first_of(tuple pair):
    return pair[0]


cdef uint16_t held_by(str tag):
    return HELD.get(tag, 0)


cdef dict HELD = {
    "h1": HOLDS_H1,
    "h2": HOLDS_H2,
    "h3": HOLDS_H3,
    "h4": HOLDS_H4,
    "h5": HOLDS_H5,
    "h6": HOLDS_H6,
    "main": HOLDS_MAIN,
    "article": HOLDS_ARTICLE,
}
