"""Run the command line by ``python -m consortia``."""

from consortia.cli import main

if __name__ == "__main__":
    main()
