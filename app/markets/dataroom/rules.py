"""Who is given which file of a data room, decided on plain values."""

from dataclasses import dataclass

from app.files.states import FileClass
from app.kit.errors import NotFound
from app.markets.dataroom.errors import DataRoomClosed, NdaMissing, NdaOutdated, NdaUnsigned, RoomFull

FILES_MAX = 200


@dataclass(frozen=True)
class Reader:
    """Who asks. is_inside: the seller's people, and those who review it. takes_part: registered, or in negotiation."""

    is_inside: bool
    takes_part: bool
    signed_version: int | None


@dataclass(frozen=True)
class Room:
    """A data room as it stands. is_public: whether its offering has come to market; is_closed: whether its sale is over."""

    is_public: bool
    is_closed: bool
    nda_version: int | None


def sees(file_class: FileClass, reader: Reader, room: Room) -> bool:
    """Whether somebody is told that there is such a file."""
    if reader.is_inside:
        return True
    if not room.is_public:
        return False
    return file_class is FileClass.PUBLIC or reader.takes_part


def check_read(file_class: FileClass, reader: Reader, room: Room) -> None:
    """Let somebody have a file's bytes, or say why not.

    In this order: `NotFound` for what he is not told of; `DataRoomClosed` once the sale is over, but for what is public;
    `NdaUnsigned` unless he has signed the version that is in force. A new version wants a new signature.
    """
    if not sees(file_class, reader, room):
        raise NotFound()
    if reader.is_inside or file_class is FileClass.PUBLIC:
        return
    if room.is_closed:
        raise DataRoomClosed()
    if file_class is FileClass.NDA and (
        room.nda_version is None or reader.signed_version != room.nda_version
    ):
        raise NdaUnsigned(nda_version=room.nda_version)


def check_sign(reader: Reader, room: Room, *, version: int, same_text: bool) -> None:
    """Let somebody sign: one who takes part, while the sale is on, under the text that is in force."""
    if not room.is_public or not reader.takes_part:
        raise NotFound()
    if room.is_closed:
        raise DataRoomClosed()
    if room.nda_version is None:
        raise NdaMissing()
    if version != room.nda_version or not same_text:
        raise NdaOutdated(nda_version=room.nda_version)


def check_put(file_class: FileClass, room: Room, *, count: int) -> None:
    """Let the seller put a file into the room."""
    if room.is_closed:
        raise DataRoomClosed()
    if count >= FILES_MAX:
        raise RoomFull(limit=FILES_MAX)
    if file_class is FileClass.NDA and room.nda_version is None:
        raise NdaMissing()


def check_ask(room: Room) -> None:
    """Let a question be asked or answered while the sale is on."""
    if not room.is_public:
        raise NotFound()
    if room.is_closed:
        raise DataRoomClosed()
