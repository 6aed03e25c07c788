"""The files that people have sent, as the offline Bot API keeps them."""

import mimetypes
from typing import Any

from telegram.constants import FileSizeLimit

from bot.telegram_rules import ApiError


def photo_of(file_id: str) -> dict[str, Any]:
    """One size of a photo, as a message tells it."""
    return {"file_id": file_id, "file_unique_id": "p", "width": 800, "height": 600}


class FileStore:
    """Files by the ids that bots know them by."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[str, bytes]] = {}
        self._sent = 0

    def keep(self, name: str, content: bytes) -> dict[str, Any]:
        """A file that somebody sent, as the Document of a message."""
        self._sent += 1
        file_id = f"file{self._sent}"
        self._kept[file_id] = name, content
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return {"file_name": name, "mime_type": mime_type, **self._facts(file_id)}

    def lose(self, file_id: str) -> None:
        """The file can no longer be had."""
        del self._kept[file_id]

    def get(self, file_id: str) -> dict[str, Any]:
        """What `getFile` tells. Raises ApiError."""
        if file_id not in self._kept:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self._kept[file_id][1]) > FileSizeLimit.FILESIZE_DOWNLOAD:
            raise ApiError(400, "Bad Request: file is too big")
        return {**self._facts(file_id), "file_path": self._path(file_id)}

    def download(self, path: str) -> tuple[int, bytes]:
        """What is at the path that `getFile` told: (HTTP status, body)."""
        for file_id, (_, content) in self._kept.items():
            if self._path(file_id) == path:
                return 200, content
        return 404, b'{"ok":false,"error_code":404,"description":"Not Found"}'

    def _path(self, file_id: str) -> str:
        return f"documents/{file_id}.{self._kept[file_id][0].rpartition('.')[2]}"

    def _facts(self, file_id: str) -> dict[str, Any]:
        size = len(self._kept[file_id][1])
        return {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": size}
