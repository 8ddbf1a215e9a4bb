"""New objects under the prefix of the raw feed: what a sensor has seen, as a value."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field

from quell.validate.store import StoredFile


@dataclass
class Cursor:
    """The objects that were seen, by name and version.

    Names alone would miss an object that was written again, and the greatest name alone one that came late with a
    smaller name; so every (name, etag) counts, and a listing is compared with all of them.
    """

    seen: dict[str, str] = field(default_factory=dict)

    @staticmethod
    def parse(text: str | None) -> "Cursor":
        """The cursor that `dump` wrote; an empty one for nothing."""
        return Cursor(json.loads(text)) if text else Cursor()

    def dump(self) -> str:
        """The cursor as text."""
        return json.dumps(self.seen, sort_keys=True, separators=(",", ":"))

    def take_new(self, files: Iterable[StoredFile]) -> list[StoredFile]:
        """The files that are new or changed, which are seen from now on. Files that are gone are forgotten."""
        listed = list(files)
        new = [file for file in listed if self.seen.get(file.name) != file.etag]
        self.seen = {file.name: file.etag for file in listed}
        return new
