"""One shard after the other, in this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from newscrawl.corpus.building import Result
from newscrawl.corpus.extraction import reader_of_shards
from newscrawl.corpus.task import ShardTask


class InProcess:
    """Reads shards where it is called; a page that takes the process down takes all down."""

    def run(self, tasks: Iterable[ShardTask]) -> Iterator[tuple[ShardTask, Result]]:
        read = reader_of_shards()
        for task in tasks:
            yield task, read(task)
