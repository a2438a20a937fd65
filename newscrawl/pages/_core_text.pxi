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
            while True:     # up to what may begin white space; a zero ends it
                text[out] = text[at]
                out += 1
                at += 1
                if <uint8_t>text[at] <= 0x20 or <uint8_t>text[at] >= 0xC2:
                    break
        self.size = out
        return out

    cdef Py_ssize_t collapse(self) noexcept:
        """Make a space of each run of white space; returns the new size."""
        cdef Py_ssize_t at = 0, out = 0
        cdef int width
        cdef bint gap = False
        cdef char* text = self.data
        while at < self.size:
            width = space_at(<const uint8_t*>text + at)
            if width:
                if not gap:
                    text[out] = 32
                    out += 1
                gap = True
                at += width
                continue
            gap = False
            while True:     # up to what may begin white space; a zero ends it
                text[out] = text[at]
                out += 1
                at += 1
                if <uint8_t>text[at] <= 0x20 or <uint8_t>text[at] >= 0xC2:
                    break
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


def text_within(cetree._Element element not None, Py_ssize_t most, bint all_of_it) -> str:
    """The same, if its texts have no more characters; else nothing.

    White space at the ends of each text does not count, unless all of it does.
    """
    cdef Buffer buffer = Buffer.__new__(Buffer)
    cdef xmlNode* top = element._c_node
    cdef xmlNode* node = top.children
    cdef Py_ssize_t size = 0, before
    if top.type != XML_ELEMENT_NODE or node == NULL:
        return ""
    while True:
        if is_text(node):
            before = buffer.size
            while True:     # lxml has neighbouring texts as one
                if node.content != NULL:
                    buffer.add(<const char*>node.content, strlen(<const char*>node.content))
                if node.next == NULL or not is_text(node.next):
                    break
                node = node.next
            if buffer.size > before:
                size += characters(buffer.data + before, not all_of_it)
                if size > most:
                    return ""
        elif node.type == XML_ELEMENT_NODE and node.children != NULL:
            node = node.children
            continue
        while node.next == NULL:
            node = node.parent
            if node == top:
                buffer.fold()
                return buffer.text()
        node = node.next


cdef Py_ssize_t characters(const char* text, bint bare) noexcept nogil:
    """How many a text has; ``bare``: without the white space at both ends."""
    cdef Py_ssize_t found = 0, at = 0, gap = 0
    cdef int width
    while text[at]:
        width = space_at(<const uint8_t*>text + at) if bare else 0
        if width:
            gap += 1
            at += width
            continue
        if (<uint8_t>text[at] & 0xC0) != 0x80:
            found += 1 + (gap if found else 0)
            gap = 0
        at += 1
    return found


def first_texts(cetree._Element element not None, int most) -> str:
    """So many of the texts in an element, each apart, white space folded."""
    cdef Buffer buffer = Buffer.__new__(Buffer)
    cdef xmlNode* top = element._c_node
    cdef xmlNode* node = top.children
    cdef Py_ssize_t before
    if top.type != XML_ELEMENT_NODE or node == NULL:
        return ""
    while most:
        if is_text(node):
            before = buffer.size
            while True:
                if node.content != NULL:
                    buffer.add(<const char*>node.content, strlen(<const char*>node.content))
                if node.next == NULL or not is_text(node.next):
                    break
                node = node.next
            if buffer.size > before:
                buffer.add(b" ", 1)
                most -= 1
        elif node.type == XML_ELEMENT_NODE and node.children != NULL:
            node = node.children
            continue
        while node.next == NULL:
            node = node.parent
            if node == top:
                buffer.fold()
                return buffer.text()
        node = node.next
    buffer.fold()
    return buffer.text()


def linked_letters(cetree._Element element not None) -> int:
    """Characters of the texts of all links in an element, white space folded; it may be one."""
    cdef Buffer buffer = Buffer.__new__(Buffer)
    cdef xmlNode* top = element._c_node
    cdef xmlNode* node = top
    cdef Py_ssize_t found = 0
    while True:
        if node.type == XML_ELEMENT_NODE:
            if node.name[0] == c'a' and node.name[1] == 0 and node.ns == NULL:
                buffer.add_all(node)
                if buffer.fold():
                    buffer.data[buffer.size] = 0
                    found += characters(buffer.data, False)
            if node.children != NULL:
                node = node.children
                continue
        while node != top and node.next == NULL:
            node = node.parent
        if node == top:
            return found
        node = node.next


# Text of Python

def alphanumeric(str text not None) -> str:
    """Only its letters and digits, as ``str.isalnum`` has them."""
    return reduced(text, c'a')


def letters(str text not None) -> str:
    """Only what is of words to an expression (letters, digits, and what joins them), in small letters."""
    found = reduced(text, c'_', True)
    return reduced(text, c'_').lower() if found is None else found


ctypedef fused Character:
    uint8_t
    uint16_t
    uint32_t


cdef Py_ssize_t keep(
    const Character* text, Py_ssize_t size, Character* found, Py_UCS4 more, bint small
) noexcept:
    """How many are letters, digits or one more character; -1 if one beyond ASCII is to become small."""
    cdef Py_ssize_t at, kept = 0
    cdef Py_UCS4 each
    for at in range(size):
        each = text[at]
        if c'a' <= each <= c'z' or c'0' <= each <= c'9' or each == more:
            pass
        elif c'A' <= each <= c'Z':
            if small:
                each = <Py_UCS4>(<uint32_t>each + 32)
        elif each < 0x80 or not each.isalnum():
            continue
        elif small and Py_UNICODE_TOLOWER(each) != each:
            return -1
        found[kept] = <Character>each
        kept += 1
    return kept


cdef str reduced(str text, Py_UCS4 more, bint small=False):
    """Only letters, digits and one more character; ``None`` for small letters that Python is to make."""
    cdef Py_ssize_t size = len(text), kept
    cdef int kind = PyUnicode_KIND(text)
    cdef void* found
    cdef void* data = PyUnicode_DATA(text)
    if not size:
        return text
    found = PyMem_Malloc(size * kind)
    if found == NULL:
        raise MemoryError
    try:
        if kind == PyUnicode_1BYTE_KIND:
            kept = keep[uint8_t](<uint8_t*>data, size, <uint8_t*>found, more, small)
        elif kind == PyUnicode_2BYTE_KIND:
            kept = keep[uint16_t](<uint16_t*>data, size, <uint16_t*>found, more, small)
        else:
            kept = keep[uint32_t](<uint32_t*>data, size, <uint32_t*>found, more, small)
        return None if kept < 0 else PyUnicode_FromKindAndData(kind, found, kept)
    finally:
        PyMem_Free(found)


def folded_lines(str text not None) -> str:
    """Its lines that are not empty, white space folded in each."""
    cdef Py_ssize_t size = len(text), kept = 0
    cdef Py_UCS4 each
    cdef Py_UCS4 gap = 0        # what stands before the next word, if any stands before it
    cdef Py_UCS4* found
    if not size:
        return text
    found = <Py_UCS4*>PyMem_Malloc(size * sizeof(Py_UCS4))
    if found == NULL:
        raise MemoryError
    for each in text:
        if each == c'\n':
            gap = each
        elif each == 32 or (each < 32 or each > 0x7F) and each.isspace():
            gap = gap or 32
        else:
            if gap and kept:
                found[kept] = gap
                kept += 1
            gap = 0
            found[kept] = each
            kept += 1
    try:
        return PyUnicode_FromKindAndData(PyUnicode_4BYTE_KIND, found, kept)
    finally:
        PyMem_Free(found)


cdef struct Ranges:
    Py_UCS4 first[8]
    Py_UCS4 last[8]
    int number


cdef Py_ssize_t words_in(const Character* text, Py_ssize_t size, Ranges* ranges) noexcept:
    cdef Py_ssize_t at, words = 0, wide = 0
    cdef Py_UCS4 each
    cdef int one
    cdef bint within = False
    for at in range(size):
        each = text[at]
        if each == 32 or (each < 32 or each > 0x7F) and each.isspace():
            within = False
            continue
        if not within:
            within = True
            words += 1
        if each > 0x7F:
            for one in range(ranges.number):
                wide += ranges.first[one] <= each <= ranges.last[one]
    return words + wide // 2


def count_words(str text not None, ranges) -> int:
    """Words between white space; of characters in one of the ranges half as many more."""
    cdef Ranges found
    cdef int one, kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    found.number = len(ranges)
    if found.number > 8:
        raise ValueError("at most eight ranges")
    for one in range(found.number):
        found.first[one], found.last[one] = ranges[one]
    if kind == PyUnicode_1BYTE_KIND:
        return words_in[uint8_t](<uint8_t*>data, len(text), &found)
    if kind == PyUnicode_2BYTE_KIND:
        return words_in[uint16_t](<uint16_t*>data, len(text), &found)
    return words_in[uint32_t](<uint32_t*>data, len(text), &found)


# Bytes before they are parsed

cdef bint is_utf_8(const uint8_t* at, const uint8_t* end) noexcept nogil:
    """As strict as Python's decoder, and without controls that no text has (U+0080 to U+009F)."""
    cdef uint64_t eight
    cdef uint8_t c
    while at < end:
        if end - at >= 8:
            memcpy(&eight, at, 8)
            if not eight & 0x8080808080808080u:
                at += 8
                continue
        c = at[0]
        if c < 0x80:
            at += 1
        elif c < 0xC2:
            return False
        elif c < 0xE0:
            if end - at < 2 or (at[1] & 0xC0) != 0x80 or (c == 0xC2 and at[1] < 0xA0):
                return False
            at += 2
        elif c < 0xF0:
            if end - at < 3 or (at[1] & 0xC0) != 0x80 or (at[2] & 0xC0) != 0x80:
                return False
            if (c == 0xE0 and at[1] < 0xA0) or (c == 0xED and at[1] > 0x9F):
                return False
            at += 3
        elif c < 0xF5:
            if end - at < 4 or (at[1] & 0xC0) != 0x80 or (at[2] & 0xC0) != 0x80 or (at[3] & 0xC0) != 0x80:
                return False
            if (c == 0xF0 and at[1] < 0x90) or (c == 0xF4 and at[1] > 0x8F):
                return False
            at += 4
        else:
            return False
    return True


cdef bint names_control(const char* at) noexcept nogil:
    """Whether the digits behind ``&#`` may be those of a control; a zero ends all."""
    cdef uint8_t c = at[0]
    if c == c'x' or c == c'X':
        at += 1
        while at[0] == c'0':
            at += 1
        return at[0] == c'8' or at[0] == c'9'
    while at[0] == c'0':
        at += 1
    return at[0] == c'1' and c'2' <= at[1] <= c'5'


cdef enum:
    HAS_CONTROLS = 1
    MAY_HAVE_LONG_TAGS = 2
    IS_TOO_MUCH = 4
    GOES_ON = 8


def plain(body, Py_ssize_t most, Py_ssize_t most_tags, Py_ssize_t step):
    """The body without its mark, and what may be to mend in it; ``None`` for what is no UTF-8.

    What may be to mend: 1 for controls or references to them, 2 for tags without end, 4 for more than
    all bounds allow, 8 for elements behind the end of the page.
    """
    cdef Py_ssize_t size = PyBytes_GET_SIZE(body), mark = 0
    cdef const char* start = PyBytes_AsString(body)
    cdef const char* at
    cdef const char* end
    cdef const char* found
    cdef int mends = 0
    if size >= 3 and memcmp(start, b"\xef\xbb\xbf", 3) == 0:
        mark = 3
        start += mark
        size -= mark
    at, end = start, start + size
    while at < end and (at[0] == c' ' or c'\t' <= at[0] <= c'\r'):
        at += 1
    while end > at and ((end - 1)[0] == c' ' or c'\t' <= (end - 1)[0] <= c'\r'):
        end -= 1
    if end - at < 2 or at[0] != c'<' or (end - 1)[0] != c'>':
        return None
    if memchr(at, 0, end - at) != NULL or memchr(at, 27, end - at) != NULL:
        return None
    if not is_utf_8(<const uint8_t*>at, <const uint8_t*>end):
        return None
    found = <const char*>memchr(at, c'&', end - at)
    while found != NULL:
        if found[1] == c'#' and names_control(found + 2):
            mends = HAS_CONTROLS
            break
        found = <const char*>memchr(found + 1, c'&', end - found - 1)
    mends |= to_mend(start, at, start + size, most_tags, step)
    if size > most:
        mends |= IS_TOO_MUCH
    return body[mark:] if mark else body, mends


cdef int to_mend(
    const char* start, const char* tag, const char* end, Py_ssize_t most_tags, Py_ssize_t step
) noexcept nogil:
    """Go from tag to tag, of which one is the first."""
    cdef const char* following
    cdef Py_ssize_t tags = 0
    cdef int mends = 0
    cdef bint over = False
    while True:
        tags += 1
        if over and c'a' <= (tag[1] | 0x20) <= c'z':
            mends |= GOES_ON
        if tag[1] == c'/' and end - tag > 6:
            over |= memcmp(tag + 2, b"html", 4) == 0 or memcmp(tag + 2, b"HTML", 4) == 0
        following = <const char*>memchr(tag + 1, c'<', end - tag - 1)
        if following == NULL:
            break
        if following - tag > step and following - start >= ((tag - start) // step + 2) * step:
            mends |= MAY_HAVE_LONG_TAGS
        tag = following
    if tag - start < (end - start - 1) // step * step:
        mends |= MAY_HAVE_LONG_TAGS
    return mends | IS_TOO_MUCH if tags > most_tags else mends


def stands(body, word, Py_ssize_t rare):
    """Whether small letters of ASCII stand in bytes, in any case; ``rare``: which of them is rarest."""
    cdef const char* start = PyBytes_AsString(body)
    cdef const char* letters = PyBytes_AsString(word)
    cdef Py_ssize_t size = PyBytes_GET_SIZE(word)
    cdef Py_ssize_t room = PyBytes_GET_SIZE(body) - size + 1
    cdef const char* first
    cdef const char* found
    cdef int letter
    if room <= 0:
        return False
    first = start + rare
    for letter in (letters[rare], letters[rare] & ~0x20):
        found = <const char*>memchr(first, letter, room)
        while found != NULL:
            if same_letters(found - rare, letters, size):
                return True
            found = <const char*>memchr(found + 1, letter, first + room - found - 1)
    return False


cdef inline bint same_letters(const char* text, const char* letters, Py_ssize_t size) noexcept nogil:
    cdef Py_ssize_t at
    for at in range(size):
        if (text[at] | 0x20) != letters[at]:
            return False
    return True
