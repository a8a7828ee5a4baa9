"""The demonstration: made-up people on made-up rosters, played through the same door as everybody's work."""
