"""Replies are pure: facts in, text and buttons out. No telegram objects, no clock, no database."""
