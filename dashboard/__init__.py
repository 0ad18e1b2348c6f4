"""What people look at: the live topology, the panels, the pages of sandboxes."""
