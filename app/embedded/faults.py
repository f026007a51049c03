"""What can go wrong with embedded servers, each as one line that says what to do."""

PREFIX = "错误 error: "  # what a command puts before the one line that it prints for a fault


class ServersFault(Exception):
    """Embedded servers cannot run. Its text is one line, Chinese first; show it without a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en
