"""What can go wrong with embedded servers, each as one line that says what to do."""


class ServersFault(Exception):
    """Embedded servers cannot run. Its text is one line, Chinese first; show it without a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en
