"""What an import refuses: the request, the whole file, or one row.

Malformed                     422
└── MappingInvalid                  the mapping names fields that an achievement does not have
UnfinishedImportsTooMany      409
ReportNotReady                409
FileRefused                         the run fails; its operation says why
├── EncodingUnknown
├── HeaderNotRecognised
├── HeaderDuplicate
├── RowsTooMany
├── FileTooLarge                    once unpacked
├── WorkbookUnreadable
├── SheetMissing
├── ParserStopped                   the parsing process met its limit of memory, or crashed; it died alone
├── ParserTooSlow
└── RunInterrupted
RowRefused                          one row, with its field
├── RowUnreadable
├── RowTooLarge
├── AmountNotAscii                  full-width digits are not guessed at
├── AmountMalformed
├── ExternalIdRepeated
├── SecretNotImported               its text is stored nowhere
└── ValueNotAccepted                what the achievement's own form refuses
"""

from app.kit.errors import Conflict, Malformed, Refusal


class MappingInvalid(Malformed):
    """The mapping cannot be used."""

    code = "mapping_invalid"
    title_zh = "字段对应表不可用"
    title_en = "The mapping cannot be used"
    remedy_zh = "请对照 docs/import.md 检查字段名。"
    remedy_en = "Compare the field names with docs/import.md."


class UnfinishedImportsTooMany(Conflict):
    """A party has a few imports waiting or running at a time."""

    code = "unfinished_imports_too_many"
    title_zh = "本单位未完成的导入过多"
    title_en = "Too many imports of your organisation are unfinished"
    remedy_zh = "请等已有的导入完成后再提交。"
    remedy_en = "Wait until one of them has finished."


class ReportNotReady(Conflict):
    """The report is complete when the import has ended."""

    code = "report_not_ready"
    title_zh = "导入尚未结束"
    title_en = "The import has not ended yet"
    remedy_zh = "请在 state 为 succeeded 或 failed 之后下载。"
    remedy_en = "Download it once the state is succeeded or failed."


class FileRefused(Refusal):
    """The whole file cannot be imported."""

    code = "file_refused"
    status = 422


class EncodingUnknown(FileRefused):
    """Neither UTF-8 nor GB18030."""

    code = "encoding_unknown"
    title_zh = "无法识别文件编码，请另存为 UTF-8 或 GB18030"
    title_en = "The encoding is not recognised; save it as UTF-8 or GB18030"


class HeaderNotRecognised(FileRefused):
    """No column could be recognised, or one that the mapping names is not there."""

    code = "header_not_recognised"
    title_zh = "表头无法识别，缺少必要的列"
    title_en = "The header is not recognised: a needed column is missing"


class HeaderDuplicate(FileRefused):
    """Two columns have the same name."""

    code = "header_duplicate"
    title_zh = "表头中有重名的列"
    title_en = "Two columns of the header have the same name"


class RowsTooMany(FileRefused):
    """More rows than one import takes."""

    code = "rows_too_many"
    title_zh = "行数超过上限，请拆分文件"
    title_en = "More rows than one import takes; split the file"


class FileTooLarge(FileRefused):
    """Unpacked, it is larger than the limit."""

    code = "file_too_large_unpacked"
    title_zh = "文件展开后过大，请拆分文件"
    title_en = "Unpacked, the file is too large; split it"


class WorkbookUnreadable(FileRefused):
    """Not a workbook, or a damaged or encrypted one."""

    code = "workbook_unreadable"
    title_zh = "工作簿无法读取，可能已损坏、加密或不是 XLSX"
    title_en = "The workbook cannot be read: damaged, encrypted, or not XLSX"


class SheetMissing(FileRefused):
    """The mapping names a sheet that the workbook does not have."""

    code = "sheet_missing"
    title_zh = "工作簿中没有指定的工作表"
    title_en = "The workbook does not have the named sheet"


class ParserStopped(FileRefused):
    """The parsing process died; nothing else did."""

    code = "parser_stopped"
    title_zh = "解析文件所需内存超限或文件已损坏，解析已中止"
    title_en = "Reading the file took more memory than allowed, or the file is damaged; reading was stopped"


class ParserTooSlow(FileRefused):
    """The parsing process met its limit of time."""

    code = "parser_too_slow"
    title_zh = "解析文件超时，解析已中止"
    title_en = "Reading the file took longer than allowed; reading was stopped"


class RunInterrupted(FileRefused):
    """The worker that ran it went away."""

    code = "run_interrupted"
    title_zh = "导入中断，请重新提交同一文件；已导入的行不会重复"
    title_en = "The run was interrupted; send the same file again, rows already imported are not doubled"


class RowRefused(Refusal):
    """One row cannot be imported. `field` points into the achievement, without /body."""

    code = "row_refused"
    status = 422


class RowUnreadable(RowRefused):
    """The line is not what the format says."""

    code = "row_unreadable"
    title_zh = "该行格式无法解析"
    title_en = "The row cannot be parsed"


class RowTooLarge(RowRefused):
    """A cell or the row as a whole is larger than any field can be."""

    code = "row_too_large"
    title_zh = "单元格或整行过长"
    title_en = "A cell, or the whole row, is too long"


class AmountNotAscii(RowRefused):
    """An amount with full-width or other digits beyond ASCII."""

    code = "amount_not_ascii"
    title_zh = "金额含全角字符，请改用半角数字"
    title_en = "The amount has full-width characters; write it with ASCII digits"


class AmountMalformed(RowRefused):
    """Not an amount."""

    code = "amount_malformed"
    title_zh = "金额格式不正确，只写数字，元最多两位小数，万元最多六位小数"
    title_en = "Not an amount: digits only, at most two decimals in yuan or six in 万元"


class ExternalIdRepeated(RowRefused):
    """Two rows of the file have the same external id."""

    code = "external_id_repeated"
    title_zh = "外部编号在文件中重复，以先出现的一行为准"
    title_en = "The external id occurs twice in the file; the first row counts"


class SecretNotImported(RowRefused):
    """The row bears a level of secrecy, or a secrecy marking; nothing of it is kept."""

    code = "secret_not_imported"
    title_zh = "该行标有密级，不予导入，内容未作任何留存"
    title_en = "The row bears a level of secrecy; it is not imported and nothing of it is kept"
    source = "促进科技成果转化法 art. 11"


class ValueNotAccepted(RowRefused):
    """A value that the achievement's form does not accept."""

    code = "value_not_accepted"
    title_zh = "内容不符合要求"
    title_en = "The value is not accepted"
