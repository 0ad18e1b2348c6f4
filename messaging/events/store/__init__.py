"""SQL of the hot path, and what is kept in memory of buses and rules. It decides nothing."""
