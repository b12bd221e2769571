"""The console: the command line, what it starts, and the joining of organisations."""
