"""What a person asked for and cannot have, as a code; the words are the bot's."""


class RefusedError(Exception):
    """`code` says why: a short word that has a text in every language."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
