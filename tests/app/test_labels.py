"""Edits of the counts under one message."""

import asyncio

import discord
import pytest

from bot.app.labels import Labels
from bot.app.steady import NoAnswerError, Pace
from bot.errors import NotFoundError

PACE = Pace(ask=(0, 0), label=0)


class Post:
    """A message, and the ledger that its label is to follow."""

    def __init__(self, *trouble: Exception) -> None:
        self.ledger = 0
        self.label = 0
        self.edits = 0
        self._trouble = list(trouble)

    async def write(self) -> None:
        """Read the ledger, and take a while to write the label."""
        self.edits += 1
        now = self.ledger
        await asyncio.sleep(0)
        if self._trouble:
            raise self._trouble.pop(0)
        self.label = now


async def written(labels: Labels) -> None:
    await asyncio.gather(*labels._writing.values())


async def test_many_votes_at_once_cost_few_edits_and_the_last_label_is_the_truth() -> None:
    labels, post = Labels(PACE), Post()

    async def vote() -> None:
        post.ledger += 1
        labels.follow(1, post.write)

    await asyncio.gather(*(vote() for _ in range(20)))
    await asyncio.sleep(0)
    await vote()
    await written(labels)

    assert post.label == post.ledger == 21
    assert post.edits == 2


async def test_messages_do_not_wait_for_each_other() -> None:
    labels, one, other = Labels(PACE), Post(), Post()

    for number, post in ((1, one), (2, other)):
        post.ledger = number
        labels.follow(number, post.write)
    await written(labels)

    assert (one.label, other.label) == (1, 2)


@pytest.mark.parametrize(("failures", "label"), [(1, 5), (2, 5), (3, 0)])
async def test_a_label_that_discord_does_not_take_is_tried_again_some_times(
    failures: int, label: int
) -> None:
    labels, post = Labels(PACE), Post(*(NoAnswerError(OSError()) for _ in range(failures)))
    post.ledger = 5

    labels.follow(1, post.write)
    await written(labels)

    assert post.label == label


async def test_what_cannot_be_written_is_left(caplog: pytest.LogCaptureFixture) -> None:
    labels, post = Labels(PACE), Post(NotFoundError("gone"))

    labels.follow(1, post.write)
    await written(labels)

    assert post.edits == 1
    assert caplog.text == "" or "gone" in caplog.text


async def test_nothing_is_written_after_the_end() -> None:
    labels, post = Labels(PACE), Post()
    labels.follow(1, post.write)

    await labels.close()

    assert post.label == 0
    assert issubclass(NoAnswerError, discord.HTTPException)
