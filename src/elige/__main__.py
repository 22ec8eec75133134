"""`python -m elige` is the command line."""

from elige.cli import main

if __name__ == "__main__":
    main()
