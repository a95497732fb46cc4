"""`python -m sivuvirta` is the command `sivuvirta`."""

from sivuvirta.cli import main

if __name__ == "__main__":
    main()
