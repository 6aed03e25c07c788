"""A question while it is being understood: its words, and which part of the question has taken each.

Every finder takes the words it understood and labels them, so that no word means two things and what is
left over in the end is searched for. A word that is taken cannot be seen by the finders after it.
"""

from collections.abc import Iterable

from catalog.text import Token

HIDDEN = "_"
"""How a taken word looks to the finders that come later: no word is spelt like it."""

NOISE = "noise"
"""The label of words that were understood to mean nothing."""

OUT = "out"
"""The label of words that stand outside of a part of a sentence."""


class Sentence:
    """The tokens of `text`, and a label for each that is taken ("" for the rest).

    words: the folded words as they may still be read; a taken one reads `HIDDEN`."""

    def __init__(self, text: str, tokens: Iterable[Token]) -> None:
        self.text = text
        self.tokens = tuple(tokens)
        self.words = [token.folded for token in self.tokens]
        self.labels = [""] * len(self.tokens)

    def __len__(self) -> int:
        return len(self.tokens)

    def take(self, positions: Iterable[int], label: str) -> None:
        """Mark words as understood; `label` is the kind of thing they said."""
        for position in positions:
            self.labels[position] = label
            self.words[position] = HIDDEN

    def free(self) -> list[int]:
        """The positions that nobody has taken, in order."""
        return [i for i, label in enumerate(self.labels) if not label]

    def gap(self, position: int) -> str:
        """What stands between the word at `position` and the one before it."""
        start = self.tokens[position - 1].end if position else 0
        end = self.tokens[position].start if position < len(self) else len(self.text)
        return self.text[start:end]

    def ends_clause(self, position: int) -> bool:
        """Whether a mark that ends a clause stands before the word at `position`."""
        return position >= len(self) or any(mark in self.gap(position) for mark in ".,;!?\n")

    def only(self, positions: Iterable[int]) -> "Sentence":
        """The same sentence in which only these words can be read, taken ones staying taken."""
        kept = set(positions)
        part = Sentence(self.text, self.tokens)
        part.take((i for i in range(len(self)) if i not in kept or self.labels[i]), OUT)
        return part

    def visible_tokens(self) -> tuple[Token, ...]:
        """The tokens with every taken one replaced by a word that means nothing, positions kept."""
        return tuple(
            Token(HIDDEN, HIDDEN, token.start, token.end) if label else token
            for token, label in zip(self.tokens, self.labels, strict=True)
        )

    def visible_text(self) -> str:
        """The text with every taken word blotted out, offsets kept."""
        pieces, at = [], 0
        for token, label in zip(self.tokens, self.labels, strict=True):
            pieces.append(self.text[at : token.start])
            pieces.append(HIDDEN * (token.end - token.start) if label else self.text[token.start : token.end])
            at = token.end
        return "".join([*pieces, self.text[at:]])
