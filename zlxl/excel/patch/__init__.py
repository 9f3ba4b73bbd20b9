"""Changing a user's file: only the parts that must change are written anew, and of these only some bytes."""
