"""A whole year, day by day, with many families: ``comunita simulate``."""
