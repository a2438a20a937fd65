# Strings by number

cdef inline uint32_t code_of(const char* text, Py_ssize_t size) noexcept nogil:
    """A hash, of eight bytes at a time."""
    cdef uint64_t code = <uint64_t>size, part
    while size >= 8:
        memcpy(&part, text, 8)
        code = (code ^ part) * 11400714819323198485u
        code ^= code >> 32
        text += 8
        size -= 8
    part = 0
    memcpy(&part, text, size)
    code = (code ^ part) * 11400714819323198485u
    return <uint32_t>(code >> 32)


@cython.final
cdef class Names:
    """Strings by number, the first is 1. Their bytes are those of Python's own strings."""

    cdef list texts
    cdef const char** bytes
    cdef Py_ssize_t* sizes
    cdef uint32_t* hashes
    cdef int32_t* slots
    cdef int number, room
    cdef uint32_t mask

    def __cinit__(self):
        self.texts = [None]
        self.number, self.room, self.mask = 1, 512, 1023
        self.bytes = <const char**>PyMem_Malloc(self.room * sizeof(char*))
        self.sizes = <Py_ssize_t*>PyMem_Malloc(self.room * sizeof(Py_ssize_t))
        self.hashes = <uint32_t*>PyMem_Malloc(self.room * sizeof(uint32_t))
        self.slots = <int32_t*>PyMem_Malloc((self.mask + 1) * sizeof(int32_t))
        if self.bytes == NULL or self.sizes == NULL or self.hashes == NULL or self.slots == NULL:
            raise MemoryError
        memset(self.slots, 0, (self.mask + 1) * sizeof(int32_t))

    def __dealloc__(self):
        PyMem_Free(self.bytes)
        PyMem_Free(self.sizes)
        PyMem_Free(self.hashes)
        PyMem_Free(self.slots)

    cdef int of(self, const char* text) except -1:
        """The number of a text, which is not empty."""
        cdef Py_ssize_t size = strlen(text)
        cdef uint32_t code = code_of(text, size), at
        cdef int found
        at = code & self.mask
        while self.slots[at]:
            found = self.slots[at]
            if (
                self.hashes[found] == code
                and self.sizes[found] == size
                and memcmp(self.bytes[found], text, size) == 0
            ):
                return found
            at = (at + 1) & self.mask
        return self.add(PyUnicode_DecodeUTF8(text, size, NULL), code, at)

    cdef int add(self, str text, uint32_t code, uint32_t at) except -1:
        cdef int found = self.number
        if found == self.room:
            self.grow()
        self.texts.append(text)
        self.bytes[found] = PyUnicode_AsUTF8AndSize(text, &self.sizes[found])
        self.hashes[found] = code
        self.slots[at] = found
        self.number += 1
        if 2 * <uint32_t>self.number > self.mask:
            self.more_slots()
        return found

    cdef int grow(self) except -1:
        cdef int room = 2 * self.room
        cdef void* moved = PyMem_Realloc(self.bytes, room * sizeof(char*))
        if moved == NULL:
            raise MemoryError
        self.bytes = <const char**>moved
        moved = PyMem_Realloc(self.sizes, room * sizeof(Py_ssize_t))
        if moved == NULL:
            raise MemoryError
        self.sizes = <Py_ssize_t*>moved
        moved = PyMem_Realloc(self.hashes, room * sizeof(uint32_t))
        if moved == NULL:
            raise MemoryError
        self.hashes = <uint32_t*>moved
        self.room = room
        return 0

    cdef int more_slots(self) except -1:
        cdef uint32_t mask = 2 * self.mask + 1, at
        cdef int each
        cdef int32_t* slots = <int32_t*>PyMem_Malloc((<size_t>mask + 1) * sizeof(int32_t))
        if slots == NULL:
            raise MemoryError
        memset(slots, 0, (<size_t>mask + 1) * sizeof(int32_t))
        for each in range(1, self.number):
            at = self.hashes[each] & mask
            while slots[at]:
                at = (at + 1) & mask
            slots[at] = each
        PyMem_Free(self.slots)
        self.slots, self.mask = slots, mask
        return 0

    cdef bytearray holding(self, bytes part):
        """For each number whether its text has a part."""
        cdef bytearray found = bytearray(self.number)
        cdef const char* wanted = PyBytes_AS_STRING(part)
        cdef int each
        for each in range(1, self.number):
            if strstr(self.bytes[each], wanted) != NULL:
                found[each] = 1
        return found

    cdef str text(self, int number):
        return <str>self.texts[number]
