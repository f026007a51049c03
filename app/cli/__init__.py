"""The commands of `python -m app`: each parses its options and calls what does the work. No business here."""

# Name: its module, and what the list of commands says of it (short: it must fit one line of a terminal).
COMMANDS: dict[str, tuple[str, str]] = {
    "up": ("app.cli.up", "启动全部 · start everything on this machine"),
    "serve": ("app.cli.serve", "接口与网页 · the API and the pages"),
    "worker": ("app.cli.worker", "后台任务 · jobs, timers, relay of events"),
    "migrate": ("app.cli.migrate", "建立或升级数据表 · create or upgrade the tables"),
    "found": ("app.cli.found", "设立交易机构 · set up the exchange and its manager"),
    "verify": ("app.cli.verify", "核验记录或回执 · verify a record or a receipt"),
    "rotate": ("app.cli.rotate", "更换签名密钥 · retire the signing key, make another"),
    "import": ("app.cli.import_file", "导入成果 · import achievements from a file"),
    "import-calendar": ("app.cli.import_calendar", "导入放假安排 · import a year's days off"),
    "custodian": ("app.cli.custodian", "开标托管人 · a custodian: make a key, open shares"),
    "seal": ("app.cli.seal", "密封报价 · seal an offer on this machine"),
    "demo": ("app.cli.demo", "演示数据 · the demonstration: load it, play a story"),
    "openapi": ("app.cli.openapi", "生成接口说明 · write the API's description"),
    "reset": ("app.cli.reset", "清空内置数据库 · empty the embedded servers"),
}
