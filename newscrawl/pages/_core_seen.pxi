# The words that a reader sees without scripts: see judging/words.py

@cython.final
cdef class Seeing:
    """One walk over an element; ``rules`` is a ``Rules`` of the same file."""

    cdef object rules
    cdef Buffer text, every, asking, running, telling
    cdef Py_ssize_t length      # characters
    cdef int paragraphs
    cdef xmlNode* told
    cdef xmlNode* region
    cdef bint is_told

    def __cinit__(self, rules):
        self.rules = rules
        self.text, self.every, self.asking = Buffer(), Buffer(), Buffer()
        self.running, self.telling = Buffer(), Buffer()

    cdef bint is_unseen(self, xmlNode* node) except -1:
        return cetree.namespacedName(node) in self.rules.unseen

    cdef int read(self, cetree._Element root, is_region) except -1:
        cdef xmlNode* top = root._c_node
        cdef xmlNode* node = top
        cdef xmlNode* child
        cdef Py_ssize_t most = self.rules.most
        cdef bint entering = True
        while True:
            if entering and node.type == XML_ELEMENT_NODE and not self.is_unseen(node):
                self.paragraphs += is_paragraph(node)
                self.is_told = self.is_told or node == self.told
                if is_region is not None and self.region == NULL:
                    if is_region(cetree.elementFactory(root._doc, node)):
                        self.region = node
                self.say(node.children)
                if self.length > most:
                    return 0
                child = node_from(node.children)
                if child != NULL:
                    node = child
                    continue
            if node.type == XML_ELEMENT_NODE:
                self.paragraphs -= is_paragraph(node)
                self.is_told = self.is_told and node != self.told
                if node == self.region:
                    self.region = NULL
            if node == top:
                return 0
            self.say(node.next)
            if self.length > most:
                return 0
            child = node_from(node.next)
            entering = child != NULL
            node = child if entering else node.parent

    cdef int say(self, xmlNode* first) except -1:
        """Take the text that begins here: lxml has neighbouring texts as one."""
        cdef Py_ssize_t size
        if first == NULL or not is_text(first):
            return 0
        self.text.size = 0
        while first != NULL and is_text(first):
            if first.content != NULL:
                self.text.add(<const char*>first.content, strlen(<const char*>first.content))
            first = first.next
        size = characters(self.text.data, False) if self.text.size else 0
        if not size or not self.text.fold():
            return 0
        self.length += size
        self.put(self.every)
        if self.region != NULL:
            return self.put(self.asking)
        if self.paragraphs:
            self.put(self.running)
        if self.is_told:
            self.put(self.telling)
        return 0

    cdef int put(self, Buffer buffer) except -1:
        if buffer.size:
            buffer.add(b" ", 1)
        return buffer.add(self.text.data, self.text.size)


cdef inline bint is_paragraph(xmlNode* node) noexcept nogil:
    return node.ns == NULL and strcmp(<const char*>node.name, b"p") == 0


def seen_words(cetree._Element root not None, told, is_region, *, rules) -> tuple:
    """Words: all, in regions, in paragraphs, in ``told``; ``is_region`` is ``None`` or asked of elements."""
    cdef Seeing seeing = Seeing(rules)
    if told is not None:
        seeing.told = (<cetree._Element?>told)._c_node
    seeing.read(root, is_region)
    return tuple([
        count_words(each.text(), rules.ranges)
        for each in (seeing.every, seeing.asking, seeing.running, seeing.telling)
    ])
