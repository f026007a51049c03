"""What files refuse.

Malformed              422
├── MediaTypeRefused        the bytes are of no type that is taken
├── ArchiveRefused          an archive with programs, secrets of its own, or too much in it
└── FileNeedsPages          it is to carry its reader's name on each page, and has no pages
Conflict               409
├── FileGone                taken away by law, or destroyed: the tombstone says why
├── FileInUse               it already belongs to something else
└── FilesUnusedTooMany      uploaded and never used
FileDamaged            503  the bytes are not those that were kept
"""

from app.kit.errors import Busy, Conflict, Malformed


class MediaTypeRefused(Malformed):
    """The type is told from the bytes; the name and what the sender says of it count for nothing."""

    code = "media_type_refused"
    title_zh = "不接受该类型的文件"
    title_en = "Files of this type are not taken"
    remedy_zh = "请上传 PDF、PNG、JPEG、DOCX、XLSX、OFD 或 ZIP 文件，不得含宏。"
    remedy_en = "Send a PDF, PNG, JPEG, DOCX, XLSX, OFD or ZIP file without macros."


class ArchiveRefused(Malformed):
    """An archive is taken if anybody can look into it safely."""

    code = "archive_refused"
    title_zh = "压缩包不符合要求"
    title_en = "The archive cannot be taken"
    remedy_zh = "请去掉可执行文件、密码和嵌套路径，并减少文件数量。"
    remedy_en = "Leave out programs, passwords and paths that lead outside, and put fewer files into it."


class FileNeedsPages(Malformed):
    """A file under a non-disclosure agreement is given out with its reader's name on each page."""

    code = "file_needs_pages"
    title_zh = "签署保密协议后查看的文件须为 PDF、PNG 或 JPEG"
    title_en = "A file that is read under a non-disclosure agreement is a PDF, PNG or JPEG"
    remedy_zh = "请导出为 PDF 后上传，以便逐页加注查看人水印。"
    remedy_en = "Export it as PDF: each page is marked with its reader's name."


class FileGone(Conflict):
    """Its bytes are gone for good. Name, size and digest of what it was stay known where the law allows."""

    code = "file_gone"
    title_zh = "文件已依法遮蔽或已销毁"
    title_en = "The file was taken away by law, or destroyed"
    remedy_zh = "文件内容已不可恢复，请查看遮蔽记录。"
    remedy_en = "Its content is gone for good; read the tombstone for the reason."


class FileInUse(Conflict):
    """A file belongs to one thing."""

    code = "file_in_use"
    title_zh = "该文件已用于其他事项"
    title_en = "The file already belongs to something else"
    remedy_zh = "请重新上传一份。"
    remedy_en = "Upload it once more."


class FilesUnusedTooMany(Conflict):
    """An organisation has a limited number of files that it has uploaded and not used."""

    code = "files_unused_too_many"
    title_zh = "本单位已上传而未使用的文件过多"
    title_en = "Your organisation has uploaded too many files that it does not use"
    remedy_zh = "请先使用或删除已上传的文件。"
    remedy_en = "Use or delete those that are there."


class FileDamaged(Busy):
    """The store has lost the bytes or changed them. They are never served; an operator puts them back from a backup."""

    code = "file_damaged"
    title_zh = "文件暂时无法读取"
    title_en = "The file cannot be read now"
    remedy_zh = "请稍后重试；如仍不能读取，请联系运营人员。"
    remedy_en = "Try again later; if it stays so, tell the operator."
