# The text of an element in the boxes that a reader sees: see fields/boxes.py

cdef enum:
    JOINED, SPACED, GLUED, APART


cdef enum:
    KNOWN = 1
    IN_LINE = 2
    SILENT = 4
    STORY = 8


@cython.final
cdef class Boxing:
    """One walk over an element; ``rules`` is a ``Rules`` of the same file."""

    cdef object rules
    cdef const void* names[64]
    cdef int said[64]

    def __cinit__(self, rules):
        self.rules = rules
        memset(self.names, 0, sizeof(self.names))

    cdef int flags_of(self, xmlNode* node) except -1:
        """What the rules say of its tag; the parser keeps one copy of each name."""
        cdef uint32_t at = mixed(<uint64_t><size_t>node.name) & 63
        cdef int found = KNOWN
        if node.ns == NULL and self.names[at] == <const void*>node.name:
            return self.said[at]
        tag = cetree.namespacedName(node)
        if tag in self.rules.inline:
            found |= IN_LINE
        if tag in self.rules.silent:
            found |= SILENT
        if tag == "article":
            found |= STORY
        if node.ns == NULL:
            self.names[at], self.said[at] = <const void*>node.name, found
        return found

    cdef list read(self, cetree._Element element):
        cdef xmlNode* top = element._c_node
        cdef xmlNode* node = top
        cdef xmlNode* child
        cdef xmlNode* start = top           # where the box begins
        cdef int left = self.rules.most_events, flags, gap = APART
        cdef bint entering = True, silent
        cdef list found = []
        cdef Buffer box = Buffer(), text = Buffer()
        while left:
            left -= 1
            if entering and node.type == XML_ELEMENT_NODE:
                flags = self.flags_of(node)
                silent = node != top and self.is_silent(element, node, flags)
                gap = edge(flags, gap)
                if not silent:
                    self.take(element, node.children, node, &gap, &start, box, text, found)
                child = NULL if silent else node_from(node.children)
                entering = child != NULL
                if entering:
                    node = child
                continue
            if node == top:
                break
            if not entering:
                gap = edge(self.flags_of(node), gap)
            self.take(element, node.next, node.parent, &gap, &start, box, text, found)
            child = node_from(node.next)
            entering = child != NULL
            node = child if entering else node.parent
        if box.size:
            found.append(self.rules.box(box.text(), cetree.elementFactory(element._doc, start)))
        return found

    cdef bint is_silent(self, cetree._Element element, xmlNode* node, int flags) except -1:
        if flags & SILENT:
            return True
        if flags & STORY:
            return self.rules.is_other_story(cetree.elementFactory(element._doc, node))
        return False

    cdef int take(
        self,
        cetree._Element element,
        xmlNode* first,
        xmlNode* holder,
        int* gap,
        xmlNode** start,
        Buffer box,
        Buffer text,
        list found,
    ) except -1:
        """Take the text that begins here: lxml has neighbouring texts as one."""
        cdef bint ends_apart
        if first == NULL or not is_text(first):
            return 0
        text.size = 0
        while first != NULL and is_text(first):
            if first.content != NULL:
                text.add(<const char*>first.content, strlen(<const char*>first.content))
            first = first.next
        if not text.size:
            return 0
        if space_at(<const uint8_t*>text.data) and (gap[0] == JOINED or gap[0] == GLUED):
            gap[0] = SPACED
        ends_apart = ends_with_space(text.data, text.size)
        if not text.fold():
            return 0
        text.data[text.size] = 0
        if box.size and (gap[0] <= SPACED or (gap[0] == GLUED and self.closes(text))):
            if gap[0] == SPACED:
                box.add(b" ", 1)
            box.add(text.data, text.size)
        else:
            if box.size:
                found.append(self.rules.box(box.text(), cetree.elementFactory(element._doc, start[0])))
            box.size = 0
            box.add(text.data, text.size)
            start[0] = holder
        gap[0] = SPACED if ends_apart else JOINED
        return 0

    cdef bint closes(self, Buffer text) except -1:
        return text.text()[0] in self.rules.closing


cdef inline int edge(int flags, int gap) noexcept nogil:
    """What parts two runs of text that have the edge of an element between them."""
    if not flags & IN_LINE:
        return APART
    return gap if gap != JOINED else GLUED


cdef bint ends_with_space(const char* text, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t at = size - 1
    while at > 0 and (<uint8_t>text[at] & 0xC0) == 0x80:
        at -= 1
    return space_at(<const uint8_t*>text + at) != 0


def boxes_in(cetree._Element element not None, rules) -> list:
    """The boxes in an element, in their order."""
    return Boxing(rules).read(element)
