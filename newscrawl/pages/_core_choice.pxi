# Sums over the blocks of a page in the search for its body: see bodies/roots.py, cards.py and signs.py

def values_of(list blocks not None, teasers, worth) -> None:
    """Give each block its value; ``worth`` is a ``Worth``, those among ``teasers`` have none."""
    cdef Block block
    cdef double linked = worth.linked, heading = worth.heading, share = worth.item_share
    cdef Py_ssize_t short = worth.short, label = worth.label, item = worth.item
    cdef object items = worth.items
    cdef str tag = None         # of the block before
    cdef bint is_item = False
    for block in blocks:
        if teasers and block in teasers:
            block.value = 0.0
        elif block.is_heading:
            block.value = -heading * block.size if block.linked > linked * block.size else 0.0
        elif block.linked > linked * block.size:
            block.value = -<double>block.size
        else:
            if block.tag is not tag:
                tag = block.tag
                is_item = tag in items
            if is_item:
                block.value = max(0.0, (block.size - item) * share)
            else:
                block.value = <double>(block.size - label) if block.size >= short else 0.0


def add_up(list nodes not None, list blocks not None, weight) -> None:
    """Give each element the sum of its blocks, each as much as its region counts."""
    cdef Node node, parent
    cdef Block block
    cdef Region region
    cdef dict known = {}
    cdef Py_ssize_t each
    cdef double counts
    for node in nodes:
        node.value = 0.0
    for block in blocks:
        region = block.node.region
        if region is None:
            block.node.value += block.value
            continue
        found = known.get(region)
        if found is None:
            found = known[region] = weight(region)
        counts = found
        block.node.value += block.value * counts
    for each in range(len(nodes) - 1, -1, -1):
        node = nodes[each]
        parent = node.parent
        if parent is not None:
            parent.value += node.value


def never_ours(list nodes not None, kinds) -> dict:
    """Whether what stands in a region is of some kinds."""
    cdef Node node
    cdef Region region
    cdef dict known = {None: False}
    for node in nodes:
        region = node.own
        if region is not None:
            known[region] = region.kind in kinds or known[region.outer]
    return known


def best_of(list nodes not None, dict never not None) -> Node:
    """The last of the elements with the greatest value, of those in no region that is not ours."""
    cdef Node node, best = None
    cdef Region region = None   # of the node before
    cdef bint is_never = False
    for node in nodes:
        if node.region is not region:
            region = node.region
            is_never = never[region]
        if not is_never and (best is None or node.value >= best.value):
            best = node
    if best is None:
        raise ValueError("none of the page's own")
    return best


def told_by(list blocks not None, teasers, weight, around, Py_ssize_t least) -> list:
    """Bytes of each block beyond links, if it is text of the page's own and no label; else 0."""
    cdef Block block
    cdef Region region
    cdef dict known = {}
    cdef list found = []
    for block in blocks:
        if block.size < least or block.is_heading or (teasers and block in teasers):
            found.append(0)
            continue
        region = block.node.region
        if region is not None:
            own = known.get(region)
            if own is None:
                own = known[region] = weight(region, around) == 1
            if not own:
                found.append(0)
                continue
        found.append(block.size - block.linked)
    return found


def items_of(list nodes not None, list blocks not None, tags) -> dict:
    """The blocks of each item that holds some; of items in items those of the inner ones."""
    cdef Node node, item
    cdef Block block
    cdef list inside = []
    cdef dict items = {}
    cdef str tag = None         # of the node before
    cdef bint is_item = False
    for node in nodes:
        if node.tag is not tag:
            tag = node.tag
            is_item = tag in tags
        inside.append(node if is_item else None if node.parent is None else inside[node.parent.place])
    for block in blocks:
        item = inside[block.node.place]
        if item is not None:
            texts = items.get(item)
            if texts is None:
                items[item] = [block]
            else:
                (<list>texts).append(block)
    return items


def sizes_of(dict items not None) -> dict:
    """Bytes of the blocks of each item."""
    cdef Block block
    cdef Py_ssize_t size
    cdef dict sizes = {}
    for node, texts in items.items():
        size = 0
        for block in <list?>texts:
            size += block.size
        sizes[node] = size
    return sizes


def most_beside(list nodes not None, Node root not None) -> float:
    """The greatest value of an element that neither holds another one nor stands in it."""
    cdef Node node
    cdef Py_ssize_t each
    cdef double most = 0.0
    cdef bint found = False
    for each in range(len(nodes)):
        node = nodes[each]
        if (each < root.place and node.end <= root.place) or each >= root.end:
            if not found or node.value > most:
                most, found = node.value, True
    return most
