# cython: language_level=3, boundscheck=False, wraparound=False, initializedcheck=False, cdivision=True
"""The dear walks of a page object over lxml's own tree, without a Python object an element.

Optional: without it the same is done in Python, with the same results. It knows no site, no language
and no rule: word lists and rules are handed in, and asked once for each distinct value. It only reads
structures of libxml2: they must be those that it was compiled for, see ``BUILT_FOR``.

Nodes of a tree are kept from one call to the next only beside their objects of lxml, see ``Index``.
"""

cimport cython
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_AsString, PyBytes_GET_SIZE
from cpython.mem cimport PyMem_Free, PyMem_Malloc, PyMem_Realloc
from cpython.unicode cimport PyUnicode_AsUTF8AndSize, PyUnicode_DecodeUTF8, PyUnicode_FromKindAndData
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memchr, memcmp, memcpy, memset, strcmp, strlen, strstr
from lxml.includes cimport etreepublic as cetree
from lxml.includes.tree cimport (
    XML_CDATA_SECTION_NODE,
    XML_COMMENT_NODE,
    XML_ELEMENT_NODE,
    XML_ENTITY_REF_NODE,
    XML_PI_NODE,
    XML_TEXT_NODE,
    xmlAttr,
    xmlNode,
)

cetree.import_lxml__etree()


cdef extern from "Python.h":
    const int PyUnicode_1BYTE_KIND
    const int PyUnicode_2BYTE_KIND
    const int PyUnicode_4BYTE_KIND
    int PyUnicode_KIND(object)
    void* PyUnicode_DATA(object)
    Py_UCS4 Py_UNICODE_TOLOWER(Py_UCS4) nogil


cdef extern from "lxml-version.h":
    const char* LXML_VERSION_STRING


cdef extern from "libxml/xmlversion.h":
    const char* LIBXML_DOTTED_VERSION


cdef extern from *:
    const char* NEWSCRAWL_CORE_SOURCES


BUILT_FROM = NEWSCRAWL_CORE_SOURCES.decode()
"""A hash of the sources that this was compiled from, see ``pages/core.py``."""
BUILT_FOR = LXML_VERSION_STRING.decode(), LIBXML_DOTTED_VERSION.decode()
"""The releases of lxml and of libxml2 whose structures this reads."""

include "_core_text.pxi"
include "_core_names.pxi"
include "_core_index.pxi"
include "_core_blocks.pxi"
include "_core_joining.pxi"
include "_core_places.pxi"
include "_core_walk.pxi"
include "_core_boxes.pxi"
include "_core_seen.pxi"
include "_core_choice.pxi"
include "_core_signs.pxi"
