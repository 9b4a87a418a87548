"""The pages, addresses and feed of the benchmark, as plug-ins."""
