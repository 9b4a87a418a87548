"""`python -m generator` is `broadsheet`."""

from generator.cli import main

if __name__ == "__main__":  # and not a helper, which starts as its parent did
    main()
