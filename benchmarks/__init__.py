"""Measurements of Broadsheet, printed as figures and never asserted."""
