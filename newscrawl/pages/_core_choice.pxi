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


def sums_of(list blocks not None) -> dict:
    """What the blocks of each region, and of none, are worth that are worth anything."""
    cdef Block block
    cdef dict sums = {}
    for block in blocks:
        if block.value > 0:
            region = block.node.region
            known = sums.get(region)
            sums[region] = block.value if known is None else <double>known + block.value
    return sums


def counts_of(list nodes not None, opened, never, double soft) -> tuple:
    """What text counts in each region, and those that are not opened."""
    cdef Node node
    cdef Region region
    cdef double outer
    cdef dict counts = {None: 1.0}
    cdef set closed = set()
    for node in nodes:
        region = node.own
        if region is not None:
            outer = counts[region.outer]
            if region.group not in opened:
                closed.add(region)
                outer = 0.0 if region.kind in never else min(soft, outer)
            counts[region] = outer
    return counts, closed


def add_up(list nodes not None, list blocks not None, dict counts not None) -> None:
    """Give each element the sum of its blocks, each as much as its region counts."""
    cdef Node node, parent
    cdef Block block
    cdef Region region
    cdef Py_ssize_t each
    cdef double count
    for node in nodes:
        node.value = 0.0
    for block in blocks:
        region = block.node.region
        if region is None:
            block.node.value += block.value
        else:
            count = counts[region]
            block.node.value += block.value * count
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


def told_by(list blocks not None, teasers, set closed not None, around, Py_ssize_t least) -> list:
    """Bytes of each block beyond links, if it is text of the page's own and no label; else 0."""
    cdef Block block
    cdef Region region, seen = None     # of the block before
    cdef bint own = True
    cdef list found = []
    for block in blocks:
        if block.size < least or block.is_heading or (teasers and block in teasers):
            found.append(0)
            continue
        region = block.node.region
        if region is not seen:
            seen, own = region, is_open(region, around, closed)
        found.append(block.size - block.linked if own else 0)
    return found


cdef bint is_open(Region region, around, set closed) except -1:
    """Whether nothing shuts what stands in a region, up to one around it."""
    while region is not None and region is not around:
        if region in closed:
            return False
        region = region.outer
    return True


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


def led_lists(dict items not None, dict sizes not None, limits) -> list:
    """As ``_led_lists`` in cards.py, of which ``limits`` are."""
    cdef Node node
    cdef Block first
    cdef dict beside = {}
    cdef list found = [], led
    cdef Py_ssize_t listed = limits.listed
    cdef double share = limits.most_items
    for node in items:
        key = node.parent, node.tag
        nodes = beside.get(key)
        if nodes is None:
            beside[key] = [node]
        else:
            (<list>nodes).append(node)
    for nodes in beside.values():
        if len(<list>nodes) < listed:
            continue
        led = []
        for node in <list>nodes:
            first = leading(<list>items[node], sizes[node], limits)
            if first is not None:
                led.append((node, first))
        least = max(<double>listed, share * len(<list>nodes))
        if len(led) >= least:
            found.append((least, led))
    return found


cdef Block leading(list texts, Py_ssize_t size, limits):
    """The link that an item begins with, if text follows it."""
    cdef Block first, each
    cdef Py_ssize_t linked = 0
    if size >= limits.item:
        return None
    first = <Block?>texts[0]
    if not first.links:
        first = <Block?>texts[1] if len(texts) > 1 else None
        if first is None or not first.links:
            return None
    if first.linked < limits.title or not (first.led or first.linked >= limits.all * first.size):
        return None
    for each in texts:
        linked += each.linked
    return first if size - linked >= limits.excerpt else None


def cut_lists(dict items not None, dict sizes not None, limits) -> list:
    """As ``_cut_lists`` in cards.py, of which ``limits`` are."""
    cdef Node node
    cdef Block each
    cdef dict beside = {}
    cdef list found = []
    cdef Py_ssize_t listed = limits.listed, item = limits.item, short = limits.cut, cut
    cdef double share = limits.nearly_all
    for node in items:
        nodes = beside.get(node.parent)
        if nodes is None:
            beside[node.parent] = [node]
        else:
            (<list>nodes).append(node)
    for nodes in beside.values():
        if len(<list>nodes) < listed:
            continue
        cut = 0
        for node in <list>nodes:
            if sizes[node] < item:
                for each in <list>items[node]:
                    if each.size >= short and each.text.rstrip(limits.closers).endswith(limits.ends):
                        cut += 1
                        break
        if cut >= share * len(<list>nodes):
            found.append(nodes)
    return found


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
