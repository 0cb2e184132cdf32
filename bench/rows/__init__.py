"""The rows of the table, one file each: what is compared, and why that is fair."""
