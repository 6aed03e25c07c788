"""What an offering without an identifier is known by: its url, else its title, venue and organiser.

Never by its start (contract): a moved event stays the same offering.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from catalog.text import words


def identity(
    *, url: str | None, title: str | None, venue: str | None = None, organizer: str | None = None
) -> str:
    """A stable identifier, the same whatever the letter case, spacing and punctuation of the names."""
    known_by = ["url", url.strip()] if url else ["names", *map(_plain, (title, venue, organizer))]
    digest = hashlib.sha256("\n".join(known_by).encode("utf-8", "replace")).hexdigest()
    return f"urn:kulturlods:{digest[:32]}"


def shared_links(links: Iterable[tuple[str | None, str | None]]) -> frozenset[str]:
    """The urls among (url, title) that stand under several titles: a calendar's page, say.

    Such a url tells nothing about which offering it is."""
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for url, title in links:
        if url:
            titles[url].add(_plain(title))
    return frozenset(url for url, under in titles.items() if len(under) > 1)


def _plain(name: str | None) -> str:
    return " ".join(words(name or ""))
