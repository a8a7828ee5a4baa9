"""Login safety, in the hands of the system administrator: who needs a second factor, how long sign-ins are kept."""
