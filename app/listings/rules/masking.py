"""How the public sees a contact: enough to recognise one's own, not enough to call."""


def masked_name(name: str) -> str:
    """The family name: 何敏 becomes 何*, a longer name as many stars as it has further characters, at most two."""
    return name[:1] + "*" * min(len(name) - 1, 2)


def masked_phone(phone: str) -> str:
    """The first three and the last two digits stay; a short number keeps its last two only."""
    digits = [index for index, character in enumerate(phone) if character.isdigit()]
    kept = set(digits[:3] + digits[-2:]) if len(digits) >= 9 else set(digits[-2:])
    return "".join(
        "*" if character.isdigit() and index not in kept else character
        for index, character in enumerate(phone)
    )


def masked_email(email: str) -> str:
    """The first character and the domain."""
    name, _, domain = email.partition("@")
    return f"{name[:1]}***@{domain}"
