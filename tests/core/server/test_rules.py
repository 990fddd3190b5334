"""The rules of a server, and what is changed of them."""

from dataclasses import fields

from bot.core.server import GuildChanges, GuildSettings


def test_every_rule_can_be_changed() -> None:
    assert {one.name for one in fields(GuildChanges)} == {one.name for one in fields(GuildSettings)}


def test_what_is_not_given_stays_and_a_zero_is_given() -> None:
    rules = GuildSettings(promoter_role_id=7, claims_required=True)

    changed = GuildChanges(user_cooldown_hours=0, claims_required=False).applied(rules)

    assert changed == GuildSettings(promoter_role_id=7, user_cooldown_hours=0)
