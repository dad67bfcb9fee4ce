"""Persons, as people read them; the JSON of a result has the address, too."""

from __future__ import annotations


def name_of(person: str) -> str:
    """The name in `Name <address>`; all of it where there is none."""
    return person.partition(" <")[0] or person
