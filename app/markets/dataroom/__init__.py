"""The data room 尽调资料室 of an offering: files for all, for registrants, and for who has signed; questions and answers."""
