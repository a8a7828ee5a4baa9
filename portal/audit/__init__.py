"""What the security auditor works with: sign-ins, the headers of the history, whether its chain is whole."""
