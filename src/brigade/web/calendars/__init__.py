"""Calendars: what is open when, over a year, and the form that says so."""
