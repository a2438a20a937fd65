"""All attacks, in the order in which the site links to them."""

from __future__ import annotations

from tests.hostile.contents import CONTENTS, PRETENCES
from tests.hostile.leading import LEADING
from tests.hostile.transport import HEADERS, TRANSPORT

ATTACKS = (*LEADING, *TRANSPORT, *CONTENTS, *HEADERS, *PRETENCES)
BY_NAME = {attack.name: attack for attack in ATTACKS}
