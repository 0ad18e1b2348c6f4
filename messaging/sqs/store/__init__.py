"""SQL of SQS: the statements of the hot path, one module a table. It decides nothing."""
