# A page as a row of text blocks: see bodies/blocks.py

cdef enum:
    UNSEEN = 1
    BLOCK = 2
    HEADING = 4
    LINK = 8
    BREAK = 16
    SPEAKING = 32       # by its tag alone
    PLAIN = 64
    WHOLE = 128
    PAGE = 256
    UNCLOSED = 512
    SHOWING = 1024      # pictures, and what is like them


@cython.final
@cython.no_gc
cdef class Region:
    cdef readonly object kind, group
    cdef readonly Region outer
    cdef readonly int depth

    def chain(self):
        cdef Region region = self
        while region is not None:
            yield region
            region = region.outer


@cython.final
@cython.no_gc
@cython.freelist(256)
cdef class Node:
    cdef readonly cetree._Element element
    cdef readonly str tag
    cdef readonly Node parent
    cdef readonly int place, end
    cdef readonly Region region, own
    cdef readonly bint is_heading
    cdef public double value

    def around(self):
        cdef Node node = self
        while node is not None:
            yield node
            node = node.parent

    def holds(self, Node node not None):
        return self.place <= node.place < self.end


@cython.final
@cython.no_gc
@cython.freelist(256)
cdef class Block:
    cdef readonly Node node
    cdef readonly str tag, text, href
    cdef readonly bint is_heading, led
    cdef readonly Py_ssize_t size, linked
    cdef readonly int links
    cdef public double value


@cython.final
cdef class Blocks:
    """As ``Blocks`` in Python; ``rules`` is a ``Rules`` of the same file."""

    cdef readonly list nodes, blocks, unshut
    cdef object rules, foreign, whole, headed
    cdef Index index
    cdef Node node
    cdef Buffer texts
    cdef int pieces, open_links, links
    cdef Py_ssize_t linked
    cdef bint led
    cdef xmlNode* link
    cdef uint16_t* flags        # by number of a tag
    cdef dict styles            # whether they hide
    cdef dict marks             # by the number of a class attribute or id, and whether a tag is plain

    def __cinit__(self, Index index not None, cetree._Element body not None, rules, foreign, whole, headed):
        index.refresh()
        self.index, self.rules = index, rules
        self.foreign, self.whole, self.headed = foreign, whole, headed
        self.texts, self.marks, self.styles = Buffer(), {}, {}
        self.node = Node.__new__(Node)
        self.node.element, self.node.tag, self.node.end = body, "body", 1
        self.nodes, self.blocks, self.unshut = [self.node], [], []
        self.learn()
        self.read(body._c_node)

    def __dealloc__(self):
        PyMem_Free(self.flags)

    cdef int learn(self) except -1:
        """What the rules say of each tag of the page."""
        cdef object rules = self.rules
        cdef str tag
        cdef int each, number = self.index.tags.number
        self.flags = <uint16_t*>PyMem_Malloc(number * sizeof(uint16_t))
        if self.flags == NULL:
            raise MemoryError
        self.flags[0] = 0
        unseen, blocks, speaking = rules.unseen, rules.blocks, rules.speaking
        plain, whole, headings = rules.plain, rules.whole, rules.headings
        for each in range(1, number):
            tag = self.index.tags.text(each)
            self.flags[each] = (
                (UNSEEN if tag in unseen else 0)
                | (BLOCK if tag in blocks or "-" in tag else 0)
                | (SPEAKING if tag in speaking else 0)
                | (PLAIN if tag in plain else 0)
                | (WHOLE if tag in whole else 0)
                | (HEADING if tag in headings else 0)
                | (LINK if tag == "a" else 0)
                | (BREAK if tag == "br" else 0)
                | (PAGE if tag == "body" else 0)
                | (UNCLOSED if tag in rules.unclosed else 0)
                | (SHOWING if tag in rules.pictures else 0)
            )
        return 0

    cdef int read(self, xmlNode* body) except -1:
        cdef xmlNode* node = body
        cdef xmlNode* child
        cdef Record* records = self.index.records
        cdef int place = self.index.place_of(body), left = self.rules.most_events
        cdef Py_ssize_t most = self.rules.most_blocks
        cdef int tag
        cdef bint entering = True
        if place < 0:
            raise ValueError("of another tree")
        while left:
            left -= 1
            if not entering:
                if node == body:
                    break
                self.end(node)
                self.say(node.next)
                if len(self.blocks) == most:
                    break
            elif node.type == XML_ELEMENT_NODE:
                tag = records[place].tag
                if self.flags[tag] & UNSEEN and not self.is_to_be_read(place, tag):
                    place, entering = records[place].end, False
                    continue
                self.start(place, tag)
                place += 1
                self.say(node.children)
                if len(self.blocks) == most:
                    break
                child = node_from(node.children)
                if child == NULL:
                    entering = False
                else:
                    node = child
                continue
            else:
                self.say(node.next)
                if len(self.blocks) == most:
                    break
            child = node_from(node.next)
            entering = child != NULL
            node = child if entering else node.parent
        while self.node.parent is not None:
            self.leave()
        self.leave()
        return 0

    cdef bint is_to_be_read(self, int place, int tag) except -1:
        if self.index.records[place].end == place + 1:
            return False
        element = self.index.element(place)
        if element in self.whole or (
            self.flags[tag] & UNCLOSED and self.rules.holds_prose(element, self.index.tags.text(tag))
        ):
            self.unshut.append(element)
            return True
        return False

    cdef int start(self, int place, int tag) except -1:
        cdef int flags = self.flags[tag]
        if flags & BLOCK:
            if self.pieces:
                self.flush()
            if not flags & PAGE:
                self.enter(place, tag)
        elif flags & LINK:
            self.open_links += 1
            self.links += 1
            self.link = self.index.records[place].node
        elif flags & BREAK and self.pieces:
            self.texts.add(b"\n", 1)
            self.pieces += 1
        return 0

    cdef int enter(self, int place, int tag) except -1:
        cdef Node node = Node.__new__(Node)
        cdef Region outer = self.node.region, own
        node.element = self.index.element(place)
        node.tag = self.index.tags.text(tag)
        node.parent, node.region = self.node, outer
        node.place = len(self.nodes)
        node.end = node.place + 1
        node.is_heading = self.flags[tag] & HEADING != 0
        mark = self.mark(node, place, tag)
        if mark is not None and (outer is None or outer.depth < self.rules.most_regions):
            own = Region.__new__(Region)
            own.kind, own.group, own.outer = mark.kind, mark, outer
            own.depth = outer.depth + 1 if outer is not None else 0
            node.own = node.region = own
        self.nodes.append(node)
        self.node = node
        return 0

    cdef object mark(self, Node node, int place, int tag):
        cdef Record* record = &self.index.records[place]
        cdef tuple told
        if self.foreign and node.element in self.foreign:
            return self.rules.foreign
        mark = self.said(node, place, self.flags[tag])
        if mark is None or node.element in self.whole:
            return None
        told = <tuple>mark
        if told[0] is self.rules.footer and node.element in self.headed:
            return None
        if told[2]:
            return mark
        classes = self.index.names.text(record.classes) if record.classes else node.place
        return tuple.__new__(self.rules.mark, (told[0], f"{told[1]} {classes}", False))

    cdef object said(self, Node node, int place, int flags):
        """As ``mark_of`` in Python."""
        cdef Record* record = &self.index.records[place]
        if flags & SPEAKING:
            mark = self.rules.tags.get(node.tag)
            if mark is None and self.shows(place):
                return self.rules.pictured
            return mark
        if record.says & SPOKEN and self.may_hide(record):
            return self.by_attributes(node, record, flags)
        mark = self.named(record.classes, flags) if record.classes else None
        if mark is False:
            return self.by_attributes(node, record, flags)
        return None if flags & WHOLE else self.by_name(mark, node, record, flags)

    cdef bint shows(self, int place) noexcept:
        cdef Record* records = self.index.records
        cdef int each
        for each in range(place + 1, records[place].end):
            if self.flags[records[each].tag] & SHOWING:
                return True
        return False

    cdef object by_attributes(self, Node node, Record* record, int flags):
        cdef xmlNode* element = record.node
        cdef bint hidden = False, plain = flags & PLAIN != 0
        role = value(element, b"role") if record.says & CALLED else None
        mark = None if role is None else self.rules.roles.get(role)
        if mark is not None and (<tuple>mark)[0] is self.rules.footer:
            return mark
        if role is None or role != self.rules.panel:
            hidden = (
                (record.says & CALLED and value(element, b"hidden") is not None)
                or (record.says & STYLED and self.hides(value(element, b"style")))
                or (record.says & TOLD and value(element, b"aria-hidden") == "true")
                or (record.classes and self.named(record.classes, flags) is False)
            )
        if not hidden and (mark is not None or flags & WHOLE):
            return mark
        mark = self.rules.by_name[plain][self.index.names.text(record.classes)] if record.classes else None
        mark = self.by_name(mark, node, record, flags)
        if hidden and (mark is None or (<tuple>mark)[0] is not self.rules.shut):
            return self.rules.hidden
        return mark

    cdef bint may_hide(self, Record* record) except -1:
        """Whether more than its names is to be looked at: anything but a style that hides nothing."""
        if record.says & CALLED:
            return True
        if record.says & TOLD and value(record.node, b"aria-hidden") == "true":
            return True
        return record.says & STYLED and self.hides(value(record.node, b"style"))

    cdef bint hides(self, str text) except -1:
        known = self.styles.get(text)
        if known is None:
            known = self.styles[text] = self.rules.hides_by(text) is not None
        return known

    cdef object by_name(self, mark, Node node, Record* record, int flags):
        """What its class says, else its id."""
        if mark is None and record.ident:
            mark = self.rules.by_name[flags & PLAIN != 0][self.index.names.text(record.ident)]
            if mark is not None and self.rules.is_of_heading(node.element):
                return None
        return mark

    cdef object named(self, int classes, int flags):
        """``False`` where the class may hide the element."""
        cdef int key = 2 * classes + (flags & PLAIN != 0)
        mark = self.marks.get(key, self)
        if mark is self:
            said = self.rules.said[1 if flags & PLAIN else 0]
            mark = self.marks[key] = said[self.index.names.text(classes)]
        return mark

    cdef int end(self, xmlNode* node) except -1:
        if node == self.node.element._c_node:
            self.leave()
        elif node.name[0] == c'a' and node.name[1] == 0 and node.ns == NULL:
            self.open_links -= 1
        return 0

    cdef int leave(self) except -1:
        if self.pieces:
            self.flush()
        self.node.end = len(self.nodes)
        if self.node.parent is not None:
            self.node = self.node.parent
        return 0

    cdef int say(self, xmlNode* first) except -1:
        """Take the text that begins here: lxml has neighbouring texts as one."""
        cdef const char* text
        cdef Py_ssize_t before = self.texts.size, size
        if first == NULL or not is_text(first):
            return 0
        while first != NULL and is_text(first):
            if first.content != NULL:
                text = <const char*>first.content
                self.texts.add(text, strlen(text))
            first = first.next
        size = self.texts.size - before
        text = self.texts.data + before
        if size == 0 or (self.pieces == 0 and is_space(text)):
            self.texts.size = before
            return 0
        if self.pieces == 0:
            self.led = self.open_links > 0
        self.pieces += 1
        if self.open_links:
            self.linked += stripped(text)
        return 0

    cdef int flush(self) except -1:
        cdef Py_ssize_t size = self.texts.fold()
        cdef Block block
        if size:
            block = Block.__new__(Block)
            block.node, block.tag = self.node, self.node.tag
            block.is_heading, block.led = self.node.is_heading, self.led
            block.text, block.size = self.texts.text(), size
            block.linked = min(self.linked, size)
            block.links = self.links
            block.href = "" if self.link == NULL else value(self.link, b"href") or ""
            self.blocks.append(block)
        self.texts.size = self.pieces = 0
        self.linked = 0
        self.links = self.open_links
        if not self.open_links:
            self.link = NULL
        return 0


cdef inline xmlNode* node_from(xmlNode* node) noexcept nogil:
    """The first sibling from here on that a walk of lxml stops at."""
    while node != NULL and not is_node(node):
        node = node.next
    return node
