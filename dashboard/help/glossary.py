"""The glossary: every term by its slug, alphabetical in the reader's language."""

from typing import Final

from dashboard.help import house_terms, message_terms, queue_terms
from dashboard.help.term import Term

TERMS: Final[dict[str, Term]] = {
    term.slug: term for module in (house_terms, message_terms, queue_terms) for term in module.TERMS
}


def in_order() -> list[Term]:
    """Return all terms by name."""
    return sorted(TERMS.values(), key=lambda term: str(term.name).casefold())
