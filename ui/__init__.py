"""The doors: command line, window, SPARQL and HTTP. They wire; what is said is decided in ``assistant``."""
