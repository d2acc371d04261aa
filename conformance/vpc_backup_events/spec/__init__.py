"""The schemas and the engines that judge by them, and the descriptions of the APIs, compiled once."""
