"""The SQL of the hot path, one module a table, and what is kept of it in memory."""
