"""`python -m bot` is `kulturlods`."""

from bot.cli import main

main()
