"""Broadsheet as a peer of the benchmark of static site generators."""
