# A body as passages and boundaries: see bodies/walk.py

cdef enum:
    BODY_BLOCK = 1          # whose text is heard in what is mute
    BODY_SPLIT = 2          # begins a passage, and changes nothing
    BODY_CONTAINER = 4
    BODY_INLINE = 8
    BODY_SILENT = 16
    BODY_WHOLE = 32
    BODY_IMAGE = 64
    BODY_BREAK = 128
    BODY_RULE = 256
    BODY_TITLED = 512       # a paragraph, a heading, code: passages of its kind
    BODY_FIGURE = 1024
    BODY_CAPTION = 2048
    BODY_LINE = 4096
    BODY_QUOTE = 8192
    BODY_CODE = 16384


cdef enum:
    NOTHING, BLOCK_ENDS, CONTAINER_ENDS, INLINE_ENDS, LINE_ENDS


cdef enum:
    CREDIT = 1
    CAPTION = 2
    FRAME = 4


@cython.final
cdef class Inline:
    """An open inline element, as in Python."""

    cdef readonly str tag, opening
    cdef readonly object element, passage
    cdef readonly Py_ssize_t texts, htmls


cdef class Walk:
    """The frequent half of ``Walk`` in Python, which gives the rest: ``rules`` are of the same file."""

    cdef public object resolve, main, source_link
    cdef public object _passage
    cdef public list items, _contexts, _inline, _waiting
    cdef public int _frames
    cdef public dict _twins
    cdef public set _shown
    cdef object rules, opened, dropped, captions, mute
    cdef list texts, htmls      # of the passage
    cdef bint is_code           # the passage is
    cdef Index index
    cdef Buffer buffer
    cdef int32_t* flags         # by number of a tag
    cdef dict skipped           # by class and id
    cdef dict roles             # by class

    def __init__(self, resolve, main, rules):
        self.resolve, self.main, self.rules = resolve, main, rules
        self.opened, self.dropped, self.captions, self.mute = main.opened, main.dropped, main.captions, main.mute
        self.items, self._contexts, self._inline, self._waiting = [], [rules.context()], [], []
        self._twins, self._shown, self.buffer = {}, set(), Buffer()

    def __dealloc__(self):
        PyMem_Free(self.flags)

    def read(self, cetree._Element root not None):
        self._pair(root)
        self.index = Index(root)
        self.skipped, self.roles = {}, {}
        self.learn()
        self.go(root._c_node)
        self._flush()
        self.index = None

    cdef int learn(self) except -1:
        """What the rules say of each tag of the body."""
        cdef object rules = self.rules
        cdef str tag
        cdef int each, number = self.index.tags.number
        PyMem_Free(self.flags)
        self.flags = <int32_t*>PyMem_Malloc(number * sizeof(int32_t))
        if self.flags == NULL:
            raise MemoryError
        self.flags[0] = 0
        for each in range(1, number):
            tag = self.index.tags.text(each)
            self.flags[each] = (
                (BODY_SPLIT if tag in rules.blocks else 0)
                | (BODY_CONTAINER if tag in rules.containers else 0)
                | (BODY_INLINE if tag in rules.inline or tag == "a" else 0)
                | (BODY_SILENT if tag in rules.no_text else 0)
                | (BODY_WHOLE if tag in rules.as_a_whole else 0)
                | (BODY_IMAGE if tag in rules.images else 0)
                | (BODY_BREAK if tag == "br" else 0)
                | (BODY_RULE if tag == "hr" else 0)
                | (BODY_TITLED if tag in rules.headings or tag == "p" or tag == "pre" else 0)
                | (BODY_FIGURE if tag == "figure" else 0)
                | (BODY_CAPTION if tag == "figcaption" else 0)
                | (BODY_LINE if tag in rules.lines else 0)
                | (BODY_QUOTE if tag == "blockquote" else 0)
                | (BODY_CODE if tag == "pre" else 0)
            )
            if self.flags[each] & (BODY_SPLIT | BODY_CONTAINER) or tag in rules.headings or tag == "p":
                self.flags[each] |= BODY_BLOCK
        return 0

    cdef int go(self, xmlNode* root) except -1:
        cdef xmlNode* node = root
        cdef xmlNode* child
        cdef Record* records = self.index.records
        cdef int place = 0, at, most = self.rules.most_depth
        cdef list closers = []      # what ends, its tag, and whether what was around it is mute
        cdef int closer
        cdef bint entering = True, muted = False
        while True:
            if entering and node.type == XML_ELEMENT_NODE:
                at = place
                if node != root and self.skips(at):
                    self._show_skipped(self.index.element(at))
                    place = records[at].end
                else:
                    closer = self.open(at) if len(closers) < most else NOTHING
                    closers.append(closer | muted << 3 | records[at].tag << 4)
                    if muted:
                        muted = not self.flags[records[at].tag] & BODY_BLOCK
                    if self.mute and self.index.element(at) in self.mute:
                        muted = True
                    place = at + 1
                    if not muted:
                        self.hear(node.children)
                    child = node_from(node.children)
                    entering = child != NULL
                    if entering:
                        node = child
                    continue
            elif not entering:
                closer = closers.pop()
                muted = closer >> 3 & 1
                self.close(closer & 7, closer >> 4)
                if node == root:
                    return 0
            if not muted:
                self.hear(node.next)
            child = node_from(node.next)
            entering = child != NULL
            node = child if entering else node.parent

    cdef bint skips(self, int place) except -1:
        cdef Record* record = &self.index.records[place]
        cdef int flags = self.flags[record.tag]
        element = self.index.element(place)
        if self.opened and element in self.opened:
            return False
        if flags & BODY_SILENT or (self.dropped and element in self.dropped):
            return True
        if flags & BODY_WHOLE:
            return self.rules.is_shown_whole(element)
        if record.says & SPOKEN:
            return self.rules.is_boilerplate(element)
        if not (record.classes or record.ident):
            return False
        key = <int64_t>record.classes << 32 | record.ident
        known = self.skipped.get(key)
        if known is None:
            known = self.rules.is_boilerplate(element)
            classes = self.index.names.text(record.classes)
            if not (record.classes and self.rules.depends(classes)):
                self.skipped[key] = known
        return known

    cdef int open(self, int place) except -1:
        cdef Record* record = &self.index.records[place]
        cdef int flags = self.flags[record.tag]
        if flags & BODY_LINE and <str>self.now()[0] == "pre":
            self._end_line()
            return LINE_ENDS
        if flags & BODY_IMAGE:
            self._picture(self.index.element(place))
        elif flags & BODY_BREAK:
            self.line_break()
        elif flags & BODY_RULE:
            self._flush()
        else:
            return self.open_text(place, record, flags)
        return NOTHING

    cdef int open_text(self, int place, Record* record, int flags) except -1:
        context = self.context(record, flags)
        element = self.index.element(place)
        if self.captions and element in self.captions:
            self._frames += 1
            context = self.rules.context(self.now()[0], "legend", self._frames)
        if context is not None:
            self._flush()
            if flags & BODY_CODE:
                context = context._replace(language=self.rules.language_of(element))
            self._contexts.append(context)
            if flags & BODY_CONTAINER:
                attributes = self.rules.attributes_of(element)
                self.items.append(self.rules.boundary(self.index.tags.text(record.tag), True, attributes))
            if flags & BODY_FIGURE:
                self._put(self.rules.background(element, self.resolve))
            return CONTAINER_ENDS if flags & BODY_CONTAINER else BLOCK_ENDS
        if flags & BODY_INLINE:
            self.open_inline(element, record)
            return INLINE_ENDS
        return NOTHING

    cdef object now(self):
        return self._contexts[len(self._contexts) - 1]

    cdef object context(self, Record* record, int flags):
        now = self.now()
        cdef int roles = 0
        cdef bint legend = now[1] == "legend"
        cdef str role = None
        if record.node.properties != NULL:
            roles = self.roles_of(record.classes)
            if value(record.node, b"aria-label") == "Image credit":
                roles |= CREDIT
        if roles & CREDIT:
            role = "credit"
        elif flags & BODY_CAPTION or roles & CAPTION:
            role = "caption"
        if role is not None:
            return now if legend and role == "caption" else now._replace(role=role)
        if flags & BODY_FIGURE or roles & FRAME:
            self._frames += 1
            return self.rules.context(now[0], "legend" if legend else "text", self._frames)
        if flags & BODY_TITLED:
            return self.rules.context(self.index.tags.text(record.tag), now[1], now[2])
        if flags & BODY_CONTAINER:
            return self.rules.context("p" if flags & BODY_QUOTE else "", now[1], now[2], now[3])
        return now if flags & BODY_SPLIT else None

    cdef int roles_of(self, int classes) except -1:
        if not classes:
            return 0
        known = self.roles.get(classes)
        if known is None:
            tokens = self.index.names.text(classes).split()
            known = self.roles[classes] = (
                (0 if self.rules.credits.isdisjoint(tokens) else CREDIT)
                | (0 if self.rules.captions.isdisjoint(tokens) else CAPTION)
                | (0 if self.rules.frames.isdisjoint(tokens) else FRAME)
            )
        return known

    cdef int open_inline(self, element, Record* record) except -1:
        cdef Inline inline = Inline.__new__(Inline)
        inline.tag, inline.element = self.index.tags.text(record.tag), element
        if inline.tag == "a":
            href = value(record.node, b"href")
            url = self.resolve(href) if href else None
            inline.opening = f'<a href="{self.rules.escape(url)}">' if url else ""
        else:
            inline.opening = f"<{inline.tag}>"
        self._inline.append(inline)
        if self._passage is not None:
            self.begin(inline)
        return 0

    cdef int begin(self, Inline inline) except -1:
        inline.passage = self._passage
        inline.texts, inline.htmls = len(self.texts), len(self.htmls)
        if inline.opening:
            self.htmls.append(inline.opening)
        return 0

    cdef int close(self, int what, int tag) except -1:
        if what == INLINE_ENDS:
            self.close_inline()
        elif what == LINE_ENDS:
            self._end_line()
        elif what != NOTHING:
            self._flush()
            self._contexts.pop()
            if what == CONTAINER_ENDS:
                self.items.append(self.rules.boundary(self.index.tags.text(tag), False))
        return 0

    cdef int close_inline(self) except -1:
        cdef Inline inline = self._inline.pop()
        cdef str text, lower
        passage = inline.passage
        if passage is None or passage is not self._passage:
            return 0
        text = " ".join("".join(self.texts[inline.texts :]).split())
        lower = text.lower()
        if not text:
            self.htmls[inline.htmls :] = [" "] if len(self.texts) > inline.texts else []
        elif inline.tag == "a" and lower == self.rules.source_link:
            self.source_link = self.resolve(inline.element.get("href") or "") or self.source_link
            passage.cut(inline.texts, inline.htmls)
        elif lower in self.rules.labels:
            passage.cut(inline.texts, inline.htmls)
            passage.labelled = True
        else:
            if inline.tag == "b" or inline.tag == "strong":
                passage.bolds.append(text)
            elif inline.tag == "a":
                passage.links.append((text, self.resolve(inline.element.get("href") or "")))
            if inline.opening:
                self.htmls.append(f"</{inline.tag}>")
            if inline.tag == "a" or inline.tag == "sup":
                self._leave_out_note(inline, passage, text)
        return 0

    cdef int hear(self, xmlNode* first) except -1:
        """Say the text that begins here: lxml has neighbouring texts as one."""
        cdef Buffer buffer = self.buffer
        cdef bint marked
        if first == NULL or not is_text(first):
            return 0
        buffer.size = 0
        while first != NULL and is_text(first):
            if first.content != NULL:
                buffer.add(<const char*>first.content, strlen(<const char*>first.content))
            first = first.next
        if buffer.size == 0:
            return 0
        if self._passage is None:
            if is_space(buffer.data):
                return 0
            self.new_passage()
        if not self.is_code:
            buffer.collapse()
        text = buffer.text()
        self.texts.append(text)
        marked = (
            memchr(buffer.data, c'&', buffer.size) != NULL
            or memchr(buffer.data, c'<', buffer.size) != NULL
            or memchr(buffer.data, c'>', buffer.size) != NULL
        )
        self.htmls.append(self.rules.escape(text, False) if marked else text)
        return 0

    def _say(self, str text not None):
        """The same of a text that stands in an attribute."""
        if self._passage is None:
            if not text or text.isspace():
                return
            self.new_passage()
        if not self.is_code:
            text = self.rules.folded(text)
        self.texts.append(text)
        self.htmls.append(self.rules.escape(text, False))

    cdef int new_passage(self) except -1:
        now = self.now()
        self._passage = self.rules.passage(now[0], now[1], now[2], now[3])
        self.texts, self.htmls = self._passage.texts, self._passage.htmls
        self.is_code = now[0] == "pre"
        for inline in self._inline:
            self.begin(<Inline?>inline)
        return 0

    cdef int line_break(self) except -1:
        cdef str said = ""
        if self._passage is None:
            return 0
        for text in reversed(self.texts):
            if text != " ":
                said = text
                break
        if said == "\n" and not self.is_code:
            self._flush()
        else:
            self.texts.append("\n")
            self.htmls.append("\n" if self.is_code else "<br>")
        return 0

    cpdef _flush(self):
        cdef list htmls = self.htmls
        passage = self._passage
        self._passage = None
        if passage is not None:
            while htmls and (htmls[len(htmls) - 1] == " " or htmls[len(htmls) - 1] == "<br>"):
                htmls.pop()
            for inline in reversed(self._inline):
                if (<Inline?>inline).opening:
                    htmls.append(f"</{(<Inline>inline).tag}>")
            passage.close()
            if passage.text or passage.labelled:
                self.items.append(passage)
        if self._waiting:
            self.items += self._waiting
            self._waiting.clear()
