"""What people could have instead, and the floors: one file each."""
