"""Code bindings: the classes of a schema in four languages, packed as a zip. Pure."""
