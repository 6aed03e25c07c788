from datetime import timedelta

from bot.conversations import MOST_LISTS, Conversations, Shown
from bot.replies.understood import Asked
from catalog.query import Query
from tests.bot.facts import NOW

LIST = Shown(Asked(Query(free=True)), "da", rows=("abc1",))


def test_a_turn_goes_on_from_the_last_within_half_an_hour() -> None:
    conversations = Conversations()
    conversations.of(7, NOW).remember(3, LIST)
    later = conversations.of(7, NOW + timedelta(minutes=29))
    assert later.last == LIST
    assert later.list_of(3) == LIST
    assert conversations.of(7, NOW + timedelta(minutes=58)).last == LIST


def test_after_half_an_hour_it_is_forgotten_position_and_all() -> None:
    conversations = Conversations()
    conversations.of(7, NOW).position = (55.6, 12.3)
    assert conversations.of(7, NOW + timedelta(minutes=31)).position is None


def test_old_conversations_leave_memory_when_anybody_writes() -> None:
    conversations = Conversations()
    for chat_id in range(50):
        conversations.of(chat_id, NOW)
    conversations.of(99, NOW + timedelta(hours=1))
    assert len(conversations) == 1


def test_the_number_of_chats_is_bounded_and_the_oldest_goes_first() -> None:
    conversations = Conversations(most_chats=3)
    for chat_id in (1, 2, 3):
        conversations.of(chat_id, NOW).remember(1, LIST)
    conversations.of(1, NOW)
    conversations.of(4, NOW)
    assert len(conversations) == 3
    assert conversations.of(1, NOW).last == LIST
    assert conversations.of(2, NOW).last is None


def test_the_lists_of_a_chat_are_bounded() -> None:
    conversation = Conversations().of(7, NOW)
    for message_id in range(MOST_LISTS + 5):
        conversation.remember(message_id, LIST)
    assert conversation.list_of(4) is None
    assert conversation.list_of(5) == LIST


def test_forgetting_forgets_one_chat_only() -> None:
    conversations = Conversations()
    conversations.of(1, NOW).remember(1, LIST)
    conversations.of(2, NOW).remember(1, LIST)
    conversations.forget(1)
    assert conversations.of(1, NOW).last is None
    assert conversations.of(2, NOW).last == LIST
