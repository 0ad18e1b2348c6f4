"""Panels of simulated actors, and the chaos tray.

fields.py   form fields that know how a setting is stored: percentages, names with values
forms.py    one form a kind; the engine decides what is right, its error stands beside the field
tray.py     the faults of a sandbox as a panel shows them
panel.py    the panel of one actor or client
views.py    create, edit, duplicate, delete, start, stop
chaos.py    put a fault on something, take one off
"""
