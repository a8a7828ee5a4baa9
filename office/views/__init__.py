"""The pages that every flow shares."""
