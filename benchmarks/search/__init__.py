"""Measurements of search, printed as figures and never asserted."""
