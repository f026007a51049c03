"""Reading a stranger's file, in a process of its own with limits of memory and time."""
