"""The engine: AWS messaging modelled in a database and reached through one door (see README.md)."""
