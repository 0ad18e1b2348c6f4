"""Words and help: the glossary, the cards on terms, the page that lists them."""
