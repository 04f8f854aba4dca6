"""This engine, one file for each family of workloads."""
