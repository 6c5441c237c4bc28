"""The questions of an application on the web: three pages, then a review. Field names are those of the models."""
