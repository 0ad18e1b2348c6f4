"""One function for each AWS operation, filed by noun."""
