"""A small world to try Approver in: a server whose jobs can be stopped, and an agent that wants to stop one."""
