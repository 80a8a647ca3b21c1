"""What the desktop around Approver is like: places, autostart, one instance. No Qt."""
