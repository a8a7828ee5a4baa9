"""The pages of studios beside those of their flows."""
