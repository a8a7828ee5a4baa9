"""The public site (门户): open to everybody, without login, script or cookie."""
