"""What every service may use: sandboxes, clock, ids, event log, outbox, topology, policies."""
