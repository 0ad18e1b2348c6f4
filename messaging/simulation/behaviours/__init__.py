"""What each kind of actor does when its time comes: one file a kind, listed in ``kinds``."""
