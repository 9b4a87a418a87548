"""Broadsheet: a static site generator for paper archives."""

__version__ = "0.1.0"
