"""The kernel: everything technical, written once, without a word of the trade."""
