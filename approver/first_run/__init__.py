"""The first start: from the clients' files that are there to a call that was asked about. No Qt."""
