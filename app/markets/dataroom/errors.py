"""What a data room refuses.

Conflict                  409
├── DataRoomClosed              the sale is over: only what is public is still given out
├── NdaUnsigned                 the version that is in force must be signed first
├── NdaMissing                  a file under an agreement needs an agreement
├── NdaOutdated                 another version is in force than the one that was read
└── RoomFull
FileUnfitForMarking       422   its pages cannot be marked
"""

from app.kit.errors import Conflict, Malformed


class DataRoomClosed(Conflict):
    """A data room closes with its sale, for everybody but the seller; what is public stays."""

    code = "data_room_closed"
    title_zh = "资料室已关闭"
    title_en = "The data room is closed"
    remedy_zh = "资料室随交易结束而关闭；已下载的资料请按保密协议销毁。"
    remedy_en = "It closed with the sale. Destroy what you have downloaded, as the agreement says."


class NdaUnsigned(Conflict):
    """Files under a non-disclosure agreement are given to who has signed its present version."""

    code = "nda_unsigned"
    title_zh = "须先签署现行版本的保密协议"
    title_en = "Sign the present version of the non-disclosure agreement first"
    remedy_zh = "请阅读并签署现行版本后再下载。"
    remedy_en = "Read and sign the version in force, then download."


class NdaMissing(Conflict):
    """Before a file under an agreement is put in, there is an agreement."""

    code = "nda_missing"
    title_zh = "尚未发布保密协议"
    title_en = "There is no non-disclosure agreement yet"
    remedy_zh = "请先由出让方发布保密协议文本。"
    remedy_en = "The seller publishes its text first."


class NdaOutdated(Conflict):
    """A signature is under the text that is in force, by its version and digest."""

    code = "nda_outdated"
    title_zh = "保密协议已有新版本"
    title_en = "The non-disclosure agreement has another version now"
    remedy_zh = "请重新阅读现行版本后签署。"
    remedy_en = "Read the version in force and sign that one."


class RoomFull(Conflict):
    """A data room holds a limited number of files."""

    code = "data_room_full"
    title_zh = "资料室的文件已达上限"
    title_en = "The data room holds no more files"
    remedy_zh = "请先移除不再需要的文件。"
    remedy_en = "Remove files that are not needed first."


class FileUnfitForMarking(Malformed):
    """The press must be able to set the file's pages, at most 500, with the reader's name over each."""

    code = "file_unfit_for_marking"
    title_zh = "无法为该文件逐页加注水印"
    title_en = "This file's pages cannot be marked"
    remedy_zh = "请去掉密码、修复文件，或拆分为每份不超过 500 页。"
    remedy_en = "Remove its password, repair it, or split it into files of at most 500 pages."
