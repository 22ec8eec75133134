"""The exit codes of docs/design.md."""

EXIT_TOLD, EXIT_USAGE, EXIT_GATE, EXIT_INTERRUPTED = 1, 2, 3, 130
