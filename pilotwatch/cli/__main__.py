"""`python -m pilotwatch.cli`."""

from pilotwatch.cli import main

if __name__ == "__main__":
    main()
