# What a text is made of, and how it lies among the other blocks of its page: see pages/signs.py

cdef enum:
    IS_KEPT = 1
    IS_PROSE = 2
    IS_SENTENCE = 4


def made_of(list blocks not None, rules) -> tuple:
    """The sums of a ``Made``; ``rules`` is a ``Rules`` of the same file."""
    cdef Block block
    cdef Node node, box
    cdef dict boxes = {}
    cdef Py_ssize_t size = 0, named = 0, bare = 0, ended = 0, linked = 0, largest = 0, boxed = 0
    cdef Py_ssize_t most = 0
    cdef object tags = rules.text_tags, ends = rules.ends
    for block in blocks:
        node = block.node
        box = node
        if block.tag in tags:
            box = node.parent
        else:
            bare += block.size
        around = None if box is None else box.parent
        boxed = <Py_ssize_t>boxes.get(around, 0) + block.size
        boxes[around] = boxed
        most = max(most, boxed)
        size += block.size
        if node.region is not None:
            named += block.size
        if ends(block.text):
            ended += block.size
        linked += block.linked
        largest = max(largest, block.size)
    return size, named, most, largest, bare, ended, linked


@cython.final
cdef class Lying:
    """One look at all blocks of a page; ``rules`` is a ``Rules`` of the same file."""

    cdef object rules
    cdef list blocks
    cdef uint8_t* flags                     # of each block
    cdef Py_ssize_t first, last, size       # the places of the text, its bytes

    def __cinit__(self, list blocks not None, kept, rules):
        cdef Py_ssize_t at = 0, prose = rules.prose, sentence = rules.sentence
        cdef double linked = rules.linked
        cdef Block block
        cdef uint8_t flags
        self.rules, self.blocks = rules, blocks
        self.flags = <uint8_t*>PyMem_Malloc(len(blocks) + 1)
        if self.flags == NULL:
            raise MemoryError
        self.first = -1
        self.last = self.size = 0
        for block in blocks:
            flags = 0
            if block in kept:
                flags = IS_KEPT
                self.size += block.size
                self.last = at
                if self.first < 0:
                    self.first = at
            if not block.is_heading and block.size >= prose and 2 * block.linked <= block.size:
                flags |= IS_PROSE
                if block.size >= sentence and block.linked <= linked * block.size:
                    flags |= IS_SENTENCE
            self.flags[at] = flags
            at += 1
        self.first = max(self.first, 0)
        self.size = self.size or 1

    def __dealloc__(self):
        PyMem_Free(self.flags)

    cdef tuple headings(self, str name, Py_ssize_t most):
        """The place of the last one above the text, -1 without one, and whether one is inside."""
        cdef Py_ssize_t at, above = -1, least = len(name.encode())
        cdef bint inside = False
        cdef Block block
        cdef object letters = self.rules.letters
        if not least:
            most = -1
        for at in range(len(self.blocks)):
            block = self.blocks[at]
            if block.tag == "h1":
                if at <= self.first:
                    above = at
                elif at < self.last:
                    inside = True
            elif at <= self.first and block.size <= most and 2 * block.size >= least:
                if letters(block.text) == name:
                    above = at
        return above, inside

    cdef tuple sentences(self):
        """Bytes of all sentences of the page, and of those of the text."""
        cdef Py_ssize_t at, every = 0, own = 0
        cdef Block block
        cdef object ends = self.rules.ends
        for at in range(len(self.blocks)):
            if self.flags[at] & IS_SENTENCE:
                block = self.blocks[at]
                if ends(block.text):
                    every += block.size
                    if self.flags[at] & IS_KEPT:
                        own += block.size
        return every, own

    cdef tuple inside(self):
        """Blocks that are left out inside, bytes of the prose among them and of the longest run."""
        cdef Py_ssize_t at, left = 0, prose = 0, run = 0, longest = 0
        cdef Block block
        for at in range(self.first, self.last):
            if self.flags[at] & IS_KEPT:
                run = 0
                continue
            block = self.blocks[at]
            left += 1
            run += block.size
            longest = max(longest, run)
            if self.flags[at] & IS_PROSE:
                prose += block.size
        return left, prose, longest

    cdef tuple agreeing(self):
        """Bytes of prose both in the text and where the most is close together, and of each of both."""
        cdef Py_ssize_t at, both = 0, each_of_both = 0, weight, heaviest = 0
        cdef Block block
        cdef Node parent, best = None
        cdef dict weights = {}
        cdef bint own, other
        for at in range(len(self.blocks)):
            block = self.blocks[at]
            parent = block.node.parent
            if self.flags[at] & IS_PROSE and parent is not None and block.tag == "p":
                weights[parent] = <Py_ssize_t>weights.get(parent, 0) + 2 * block.size
                if parent.parent is not None:
                    weights[parent.parent] = <Py_ssize_t>weights.get(parent.parent, 0) + block.size
        for node, found in weights.items():
            weight = found
            if best is None or weight > heaviest:
                best, heaviest = node, weight
        if best is None:
            return 0, 0
        for at in range(len(self.blocks)):
            if self.flags[at] & IS_PROSE:
                block = self.blocks[at]
                own = self.flags[at] & IS_KEPT
                other = best.place <= block.node.place < best.end
                each_of_both += block.size * (<int>own + <int>other)
                if own and other:
                    both += block.size
        return both, each_of_both

    cdef Py_ssize_t alike(self) except -1:
        """Bytes of prose that is left out and made as much of what is not."""
        cdef Py_ssize_t at, found = 0
        cdef Block block
        cdef dict makes = {}, others = {}, wanted
        cdef double least = <double>self.rules.made_of * self.size
        for at in range(len(self.blocks)):
            if self.flags[at] & IS_PROSE:
                block = self.blocks[at]
                wanted = makes if self.flags[at] & IS_KEPT else others
                made = self.make(block)
                wanted[made] = <Py_ssize_t>wanted.get(made, 0) + block.size
        for made, size in others.items():
            if <Py_ssize_t>makes.get(made, 0) > least:
                found += <Py_ssize_t>size
        return found

    cdef tuple make(self, Block block):
        """Tag and class, and the class of the box around it."""
        cdef Node node = block.node, box = node
        if block.tag in self.rules.text_tags:
            box = node.parent
        around = None if box is None else value(box.element._c_node, b"class")
        return block.tag, value(node.element._c_node, b"class"), around

    cdef Py_ssize_t twice(self) except -1:
        """Bytes of prose of the text that stands twice on the page."""
        cdef Py_ssize_t at, found = 0
        cdef Block block
        cdef dict times = {}
        for at in range(len(self.blocks)):
            if self.flags[at] & IS_PROSE:
                block = self.blocks[at]
                times[block.text] = <Py_ssize_t>times.get(block.text, 0) + 1
        for at in range(len(self.blocks)):
            if self.flags[at] & IS_PROSE and self.flags[at] & IS_KEPT:
                block = self.blocks[at]
                if <Py_ssize_t>times[block.text] > 1:
                    found += block.size
        return found

    cdef Py_ssize_t behind(self) except -1:
        """Bytes of the text that stand behind a footer."""
        cdef Py_ssize_t at, found = 0
        cdef bint is_behind = False
        cdef Block block
        cdef Region region
        cdef set footers = set()    # regions that are none, nor in one
        cdef object kind = self.rules.footer
        for at in range(len(self.blocks)):
            block = self.blocks[at]
            if self.flags[at] & IS_KEPT:
                if is_behind:
                    found += block.size
                continue
            region = None if is_behind else block.node.region
            while region is not None and not is_behind and region not in footers:
                footers.add(region)
                is_behind = region.kind is kind
                region = region.outer
        return found


def around(list blocks not None, kept, str name not None, Py_ssize_t most, *, rules) -> tuple:
    """The sums of an ``Around``, in their order."""
    cdef Lying text = Lying(blocks, kept, rules)
    return (
        text.first,
        text.size,
        *text.headings(name, most),
        *text.sentences(),
        *text.inside(),
        *text.agreeing(),
        text.alike(),
        text.twice(),
        text.behind(),
    )
