# cython: language_level=3, boundscheck=False, wraparound=False
"""The dear walks of a page object over lxml's own tree, without a Python object an element.

Optional: without it the same is done in Python, with the same results. It calls nothing of
libxml2, it only reads its structures: they must be those that it was compiled for, see ``BUILT_FOR``.
"""

from lxml.includes cimport etreepublic as cetree
from lxml.includes.tree cimport (
    XML_CDATA_SECTION_NODE,
    XML_ELEMENT_NODE,
    XML_TEXT_NODE,
    const_xmlChar,
    xmlNode,
)

cetree.import_lxml__etree()


cdef extern from "lxml-version.h":
    const char* LXML_VERSION_STRING


cdef extern from "libxml/xmlversion.h":
    const char* LIBXML_DOTTED_VERSION


BUILT_FOR = LXML_VERSION_STRING.decode(), LIBXML_DOTTED_VERSION.decode()
"""The releases of lxml and of libxml2 whose structures this reads."""


cdef xmlNode* following(xmlNode* node, xmlNode* top) noexcept:
    """The next node behind ``node`` and all in it, below ``top``."""
    while node != top:
        if node.next != NULL:
            return node.next
        node = node.parent
    return NULL


def text_of(cetree._Element element not None):
    """All text, white space folded."""
    cdef xmlNode* top = element._c_node
    cdef xmlNode* node = top
    cdef const_xmlChar* text
    cdef bytearray joined = bytearray()
    while node != NULL:
        if node.type == XML_TEXT_NODE or node.type == XML_CDATA_SECTION_NODE:
            text = node.content
            if text != NULL:
                joined += <const char*>text
        if node.type == XML_ELEMENT_NODE and node.children != NULL:
            node = node.children
        else:
            node = following(node, top)
    return " ".join(joined.decode("utf-8").split())
