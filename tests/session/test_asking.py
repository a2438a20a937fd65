from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from newscrawl.session import asking
from newscrawl.session.asking import Questions
from newscrawl.store.writer import Operation


class Writer:
    """Does nothing by itself."""

    failure: BaseException | None = None

    def __init__(self) -> None:
        self.asked: list[Operation] = []

    def submit(self, operation: Operation) -> None:
        self.asked.append(operation)

    def close(self, last: Operation) -> None:
        self.asked.append(last)


@pytest.fixture
def writer(monkeypatch) -> Writer:
    def at_once(function: Callable[..., Any], *arguments: Any) -> None:
        function(*arguments)

    monkeypatch.setattr(asking, "to_reactor", at_once)
    return Writer()


def asked(writer: Writer, answers: list[int], **options: Any) -> Operation:
    questions = Questions(writer, "the rescue")  # type: ignore[arg-type] # all it needs
    numbers = iter(range(1, 9))
    questions.ask(lambda _: next(numbers), answers.append, **options)
    return writer.asked[-1]


def test_an_answer_comes_once_though_the_question_is_put_again(writer):
    answers: list[int] = []
    operation = asked(writer, answers)
    operation.run(None)  # type: ignore[arg-type] # the question does not look
    operation.run(None)  # type: ignore[arg-type] # as above
    assert answers == [1]
    assert operation.after_commit is None


def test_a_durable_answer_comes_after_the_commit_and_is_of_the_last_time(writer):
    answers: list[int] = []
    operation = asked(writer, answers, durable=True)
    operation.run(None)  # type: ignore[arg-type] # the question does not look
    operation.run(None)  # type: ignore[arg-type] # as above
    assert answers == []
    assert operation.after_commit is not None
    operation.after_commit()
    assert answers == [2]


def test_what_is_rescued_is_the_answer(writer):
    answers: list[int] = []
    operation = asked(writer, answers, rescue=lambda _, rescue: len(rescue))
    assert operation.rescue is not None
    operation.rescue(None, ValueError())  # type: ignore[arg-type] # the rescue does not look
    assert answers == [len("the rescue")]


def test_without_a_rescue_the_error_stays(writer):
    operation = asked(writer, [])
    assert operation.rescue is not None
    with pytest.raises(ValueError, match="refused"):
        operation.rescue(None, ValueError("refused"))  # type: ignore[arg-type] # as above


@pytest.mark.parametrize(("failure", "is_done"), [(None, True), (OSError(), False)])
def test_the_last_operation_is_done_unless_the_writer_failed(writer, failure, is_done):
    writer.failure = failure
    last = Operation(lambda _: None)
    questions = Questions(writer, "the rescue")  # type: ignore[arg-type] # all it needs
    assert questions.close(last) is is_done
    assert writer.asked == [last]
