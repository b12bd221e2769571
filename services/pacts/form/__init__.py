"""The proposal form: a PDF that the microequipe fills with any program, and what it says."""
