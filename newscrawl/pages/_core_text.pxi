# Text of a tree: folded, measured, decoded

cdef inline int space_at(const uint8_t* s) noexcept nogil:
    """Bytes of the white space that begins here, as ``str.isspace`` has it; else 0."""
    cdef uint8_t c = s[0]
    if c <= 0x20:
        return c == 0x20 or 0x09 <= c <= 0x0D or 0x1C <= c <= 0x1F
    if c < 0xC2:
        return 0
    if c == 0xC2:
        return 2 if s[1] == 0x85 or s[1] == 0xA0 else 0
    if c == 0xE1:
        return 3 if s[1] == 0x9A and s[2] == 0x80 else 0
    if c == 0xE2:
        if s[1] == 0x80:
            return 3 if s[2] <= 0x8A or s[2] == 0xA8 or s[2] == 0xA9 or s[2] == 0xAF else 0
        return 3 if s[1] == 0x81 and s[2] == 0x9F else 0
    if c == 0xE3:
        return 3 if s[1] == 0x80 and s[2] == 0x80 else 0
    return 0


@cython.final
@cython.freelist(4)
cdef class Buffer:
    """Bytes of UTF-8 that grow; a zero always follows them."""

    cdef char* data
    cdef Py_ssize_t size, room

    def __dealloc__(self):
        PyMem_Free(self.data)

    cdef int add(self, const char* text, Py_ssize_t size) except -1:
        cdef Py_ssize_t room
        cdef char* data
        if self.size + size + 1 > self.room:
            room = 2 * (self.size + size) + 256
            data = <char*>PyMem_Realloc(self.data, room)
            if data == NULL:
                raise MemoryError
            self.data, self.room = data, room
        memcpy(self.data + self.size, text, size)
        self.size += size
        self.data[self.size] = 0
        return 0

    cdef int add_all(self, xmlNode* top) except -1:
        """All text in an element; of what is none, its own."""
        cdef xmlNode* node = top.children
        self.size = 0
        if top.type != XML_ELEMENT_NODE:
            if top.content != NULL:
                self.add(<const char*>top.content, strlen(<const char*>top.content))
            return 0
        if node == NULL:
            return 0
        while True:
            if is_text(node):
                if node.content != NULL:
                    self.add(<const char*>node.content, strlen(<const char*>node.content))
            elif node.type == XML_ELEMENT_NODE and node.children != NULL:
                node = node.children
                continue
            while node.next == NULL:
                node = node.parent
                if node == top:
                    return 0
            node = node.next

    cdef Py_ssize_t fold(self) noexcept:
        """Fold white space in place; returns the new size."""
        cdef Py_ssize_t at = 0, out = 0
        cdef int width
        cdef bint gap = False
        cdef char* text = self.data
        while at < self.size:
            width = space_at(<const uint8_t*>text + at)
            if width:
                gap = True
                at += width
                continue
            if gap and out:
                text[out] = 32
                out += 1
            gap = False
            text[out] = text[at]
            out += 1
            at += 1
        self.size = out
        return out

    cdef str text(self):
        if self.size == 0:
            return ""
        return PyUnicode_DecodeUTF8(self.data, self.size, NULL)


cdef inline bint is_text(xmlNode* node) noexcept nogil:
    return node.type == XML_TEXT_NODE or node.type == XML_CDATA_SECTION_NODE


cdef inline bint is_node(xmlNode* node) noexcept nogil:
    """Whether lxml has an object for it."""
    return (
        node.type == XML_ELEMENT_NODE
        or node.type == XML_COMMENT_NODE
        or node.type == XML_PI_NODE
        or node.type == XML_ENTITY_REF_NODE
    )


cdef bint is_space(const char* text) noexcept nogil:
    cdef int width
    while text[0]:
        width = space_at(<const uint8_t*>text)
        if not width:
            return False
        text += width
    return True


cdef Py_ssize_t stripped(const char* text) noexcept nogil:
    """Bytes of a text without the white space at both ends."""
    cdef Py_ssize_t at = 0, first = -1, last = 0
    cdef int width
    while text[at]:
        width = space_at(<const uint8_t*>text + at)
        if width:
            at += width
            continue
        if first < 0:
            first = at
        at += 1
        last = at
    return last - first if first >= 0 else 0


cdef inline str decoded(const char* text):
    return PyUnicode_DecodeUTF8(text, strlen(text), NULL)


cdef inline const char* raw(xmlAttr* attr) noexcept nogil:
    """The value of an attribute as it stands in the tree; ``NULL`` where it is not one text."""
    if attr.children == NULL:
        return b""
    if attr.children.next == NULL and attr.children.type == XML_TEXT_NODE:
        return <const char*>attr.children.content
    return NULL


cdef str value(xmlNode* node, const char* name):
    """As ``element.get(name)``."""
    cdef xmlAttr* attr = node.properties
    cdef const char* text
    while attr != NULL:
        if attr.ns == NULL and strcmp(<const char*>attr.name, name) == 0:
            text = raw(attr)
            return cetree.attributeValue(node, attr) if text == NULL else decoded(text)
        attr = attr.next
    return None


def string(cetree._Element element not None) -> str:
    """All text in an element."""
    cdef Buffer buffer = Buffer.__new__(Buffer)
    buffer.add_all(element._c_node)
    return buffer.text()


def text_of(cetree._Element element not None) -> str:
    """All text in an element, white space folded."""
    cdef Buffer buffer = Buffer.__new__(Buffer)
    buffer.add_all(element._c_node)
    buffer.fold()
    return buffer.text()
