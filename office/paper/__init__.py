"""The document engine: what is to be printed as plain dataclasses in, PDF out. It knows no models."""
