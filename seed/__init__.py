"""What a deployment starts with: reference data with source and clause, and a demonstration
year."""
