"""Rules of CloudWatch. Pure."""
