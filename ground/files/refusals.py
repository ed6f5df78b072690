"""Every way in which a file is refused, by name."""

from ground.errors import Refused


class TooLarge(Refused):
    """The file has more bytes than one file may have."""

    code = "file.too_large"
    status = 413


class Empty(Refused):
    """The file has no bytes."""

    code = "file.empty"
    status = 422


class TypeMismatch(Refused):
    """The bytes are not what the name says."""

    code = "file.type_mismatch"
    status = 422


class TypeNotAllowed(Refused):
    """The file is none of the kinds that are kept here."""

    code = "file.type_not_allowed"
    status = 422


class ActiveContent(Refused):
    """The file holds what runs, fetches or unpacks: a macro, a script, an embedded file, a remote template."""

    code = "file.active_content"
    status = 422


class Encrypted(Refused):
    """The file cannot be read without a password."""

    code = "file.encrypted"
    status = 422


class Damaged(Refused):
    """The file cannot be read as what it claims to be."""

    code = "file.damaged"
    status = 422


class ArchiveTooLarge(Refused):
    """Unpacked, the document would be far larger than any document is."""

    code = "file.archive_too_large"
    status = 422


class ImageTooLarge(Refused):
    """The image has more pixels than any scan of a page."""

    code = "file.image_too_large"
    status = 422


class Malware(Refused):
    """The scanner knows the file as malware; it was not kept."""

    code = "file.malware"
    status = 422


class Unscanned(Refused):
    """The scanner gave no verdict, so the file was not kept; it is never called clean."""

    code = "file.unscanned"
    status = 503


class Unknown(Refused):
    """No such file that this person may put into a form."""

    code = "file.unknown"
    status = 422
