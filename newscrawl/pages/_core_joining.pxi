# Addresses as they stand on a page, made absolute: see documents/document.py

@cython.final
cdef class Joining:
    """As ``Document.absolute`` in Python; ``rules`` is a ``JoiningRules`` of the same file."""

    cdef dict known, folders
    cdef str base
    cdef object rules, plain
    cdef Py_ssize_t most

    def __cinit__(self, str base not None, rules):
        self.base, self.rules, self.plain, self.most = base, rules, rules.plain, rules.most
        self.known, self.folders = {}, {}

    cpdef object of(self, href):
        if type(href) is not str:   # as the results of XPath are
            href = str.__str__(href)
        found = self.known.get(href, self)
        if found is self:
            found = self.known[href] = self.joined(href)
        return found

    cdef object joined(self, str href):
        if len(href) > self.most:
            return self.rules.absolute(href, self.base)
        if not href or href[0] == "#":
            return None
        if href.startswith("http"):
            return self.outward(href)
        return self.inward(href)

    cdef object outward(self, str href):
        """Where the host is known for plain, so is the rest at a glance."""
        cdef Py_ssize_t end, size = 0
        cdef const char* text
        if href.isascii():
            text = PyUnicode_AsUTF8AndSize(href, &size)
            if not self.plain[href[: href.find("/", 8) + 1]] or not is_plain(text, size):
                return self.rules.absolute(href, self.base)
            end = href.find("#")
            return href if end < 0 else href[:end]
        if (
            self.plain[href[: href.find("/", 8) + 1]]
            and href.isprintable()
            and " " not in href
            and "\\" not in href
        ):
            end = href.find("#")
            return href if end < 0 else href[:end]
        return self.rules.absolute(href, self.base)

    cdef object inward(self, str href):
        cdef Py_ssize_t size, up = 0, end
        cdef const char* text
        cdef str above, path
        if "\\" in href:
            href = self.rules.forward(href)
        if href.isascii():
            text = PyUnicode_AsUTF8AndSize(href, &size)
            end = relative(text, size, &up)
            if size == 1 and text[0] == c'/':
                end = 1
            if end < 0:
                return self.rules.absolute(href, self.base)
            above, path = href[:up], href[up:end]
        else:
            plain = self.rules.relative(href)
            if plain is None:
                return self.rules.absolute(href, self.base)
            above, path = plain.groups()
        folder = self.folders.get(above)
        if folder is None:
            folder = self.folders[above] = self.rules.folder(above, self.base)
        return folder + path if folder else None


cdef inline bint is_plain(const char* text, Py_ssize_t size) noexcept nogil:
    """Whether all signs are printable, without spaces and backslashes."""
    cdef Py_ssize_t at
    for at in range(size):
        if not 0x20 < text[at] < 0x7F or text[at] == c'\\':
            return False
    return True


cdef inline bint names_path(char c) noexcept nogil:
    """Whether a part of a path may begin so."""
    return (
        c'a' <= c <= c'z' or c'A' <= c <= c'Z' or c'0' <= c <= c'9'
        or c == c'_' or c == c'~' or c == c'%' or c == c'-'
    )


cdef inline bint names_query(char c) noexcept nogil:
    return names_path(c) or c == c'.' or c == c'=' or c == c'&' or c == c'+' or c == c'/'


cdef Py_ssize_t relative(const char* text, Py_ssize_t size, Py_ssize_t* up) noexcept nogil:
    """The end of a path and its query without dots to resolve, and where it begins; -1 if it is none."""
    cdef Py_ssize_t at = 0
    if size and text[0] == c'/':
        at = 1
    else:
        while size - at >= 3 and text[at] == c'.' and text[at + 1] == c'.' and text[at + 2] == c'/':
            at += 3
    up[0] = at
    if at == size or not names_path(text[at]):
        return -1
    while True:
        while at < size and (names_path(text[at]) or text[at] == c'.'):
            at += 1
        if at == size or text[at] != c'/':
            break
        at += 1
        if at == size or not names_path(text[at]):
            break
    if at < size and text[at] == c'?':
        at += 1
        if at == size or not names_query(text[at]):
            return -1
        while at < size and names_query(text[at]):
            at += 1
    return at if at == size or text[at] == c'#' else -1
