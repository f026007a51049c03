"""Who is who: parties, people, their memberships and roles, and the credentials they show."""
