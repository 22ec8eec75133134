"""The gateway and the web pages."""
