"""Prices and distances in words. Unknown is said to be unknown; it is never free."""

from babel.numbers import format_decimal

from bot.replies.dates import locale
from bot.replies.reply import Voice
from catalog.cards import Card
from catalog.values import PriceKind

_ONE_PRICE = 1


def amount(kroner: float, voice: Voice) -> str:
    """ "50 kr.", "49,50 kr."; nothing to pay is free."""
    if kroner == 0:
        return voice.texts("price.free")
    pattern = "#,##0" if float(kroner).is_integer() else "#,##0.00"
    return voice.texts("price.amount", amount=format_decimal(kroner, pattern, locale=locale(voice)))


def cheapest(price: float | None, card: Card, voice: Voice) -> str:
    """The price in a row: of the tariff that fits, as "from" when there are dearer ones."""
    if price is None:
        return voice.texts("price.unknown")
    if len(set((card.prices or {}).values())) > _ONE_PRICE and price > 0:
        return voice.texts("price.from", amount=amount(price, voice))
    return amount(price, voice)


def by_tariff(card: Card, voice: Voice) -> str:
    """Every price by tariff, for the card."""
    if card.price_kind is PriceKind.FREE:
        return voice.texts("price.free")
    if card.price_kind is not PriceKind.AMOUNTS or not card.prices:
        return voice.texts("price.not_stated")
    if len(card.prices) == _ONE_PRICE:
        return amount(next(iter(card.prices.values())), voice)
    parts = (
        voice.texts("price.tariff", who=voice.texts(f"tariff.{tariff.value}"), amount=amount(kroner, voice))
        for tariff, kroner in card.prices.items()
    )
    return ", ".join(parts)


def distance(km: float, voice: Voice) -> str:
    """ "350 m" under a kilometre, else "2,1 km", whole kilometres from ten."""
    if km < 1:
        return voice.texts("distance.m", amount=max(50, round(km * 20) * 50))
    pattern = "0.#" if km < 10 else "#,##0"
    return voice.texts("distance.km", amount=format_decimal(km, pattern, locale=locale(voice)))
