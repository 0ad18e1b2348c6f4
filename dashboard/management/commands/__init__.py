"""Commands of ``manage.py``: start."""
