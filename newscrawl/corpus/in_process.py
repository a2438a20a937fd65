"""One shard after the other, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing

from newscrawl.corpus.building import Result
from newscrawl.corpus.extraction import ShardReader
from newscrawl.corpus.task import ShardTask


class InProcess:
    """Reads shards where it is called; a page that takes the process down takes all down."""

    def run(self, tasks: Iterable[ShardTask]) -> Iterator[tuple[ShardTask, Result]]:
        with closing(ShardReader()) as read:
            for task in tasks:
                yield task, read(task)
