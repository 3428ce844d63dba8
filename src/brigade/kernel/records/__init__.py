"""The record, its journal, links, tasks, files, numbers, views and search."""
