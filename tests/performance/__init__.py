"""How fast the program is: scripts that print QUALITY's table. docs/performance.md says how they are run."""
