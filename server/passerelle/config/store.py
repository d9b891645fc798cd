"""The settings files in force: the user's and one for each workspace folder, read again whenever they change."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from passerelle.config.environment import environment_layers
from passerelle.config.layers import DEFAULT
from passerelle.config.parse import Layer
from passerelle.config.places import WORKSPACE_FILE
from passerelle.config.reading import Reading, reread, rewrite, unread, with_content
from passerelle.config.toml import Keys
from passerelle.config.watch import Watcher
from passerelle.config.write import Value
from passerelle.words.tasks import Tasks


class ConfigStore:
    """Owns the layers that come from files and the environment. `changed` is called on the loop with the files whose
    content changed, once their new layers are in force; it must not raise.

    A file that is not TOML, or cannot be read, leaves the last good layer in force and adds a problem. A file that
    is gone is an empty layer. `known` are texts (None for no file) that were read earlier: what is different on disk
    by now has changed.
    """

    def __init__(
        self,
        config_file: Path,
        environ: Mapping[str, str],
        changed: Callable[[frozenset[Path]], None],
        known: Mapping[Path, str | None] = MappingProxyType({}),
    ) -> None:
        self.config_file = config_file
        self._known = dict(known)
        self._changed = changed
        self._environment = environment_layers(environ)
        self._files: dict[Path, Reading] = {config_file: unread(config_file, "user")}
        self._uses: Counter[Path] = Counter()
        self._turn = asyncio.Lock()
        self._stale = asyncio.Event()
        self._watcher = Watcher(self._heard)
        self._tasks = Tasks()

    async def open(self) -> None:
        """Read the user's file and begin to watch."""
        await self.reload()
        self._tasks.start(self._keep_fresh(), name="reload settings")

    async def aclose(self) -> None:
        await self._watcher.aclose()
        await self._tasks.aclose()

    async def add_folder(self, folder: Path) -> None:
        """Read and watch a workspace folder's file until `remove_folder` was called as often as this, which counts
        even if it is cancelled.
        """
        self._uses[folder] += 1
        path = folder / WORKSPACE_FILE
        if self._files.setdefault(path, unread(path, "workspace")).is_unread:
            await self.reload()

    async def remove_folder(self, folder: Path) -> None:
        self._uses[folder] -= 1
        if self._uses[folder] <= 0:
            del self._uses[folder]
            self._files.pop(folder / WORKSPACE_FILE, None)
            self._watcher.watch(self._folders())

    def layers(self, folder: Path | None) -> tuple[Layer, ...]:
        """Those of one workspace folder, the lowest first; the editor's come above them."""
        paths = [self.config_file, *([folder / WORKSPACE_FILE] if folder else [])]
        files = [self._files[path].layer for path in paths if path in self._files]
        return (DEFAULT, *files, *self._environment)

    async def set_value(self, path: Path, keys: Keys, value: Value) -> None:
        """Set one value in a file, which is made if need be; it is in force when this returns.

        Raises Failure `misconfigured` if the file's text cannot be read, understood or written.
        """
        async with self._turn:
            await asyncio.to_thread(rewrite, path, keys, value)
        await self.reload()

    async def reload(self) -> None:
        """Read every file again. One reading at a time, so that an older one cannot end last."""
        async with self._turn:
            before = dict(self._files)
            after = await asyncio.to_thread(lambda: [self._reread(file) for file in before.values()])
            changed = self._take(before, after)
        self._watcher.watch(self._folders())
        if changed:
            self._watcher.alert()
            self._changed(changed)

    def _reread(self, file: Reading) -> Reading:
        """A file of which somebody knows an earlier text is first what it was then; the watch finds what is new."""
        if file.is_unread and file.path in self._known:
            return with_content(file, self._known.pop(file.path))
        return reread(file)

    def _take(self, before: dict[Path, Reading], after: list[Reading]) -> frozenset[Path]:
        """Put new readings in force, but for those of folders that were removed meanwhile; which files changed."""
        new = {file.path: file for file in after if file is not before[file.path] and file.path in self._files}
        self._files |= new
        return frozenset(path for path in new if not before[path].is_unread)

    async def _keep_fresh(self) -> None:
        while True:
            await self._stale.wait()
            self._stale.clear()
            await self.reload()

    def _heard(self, paths: Collection[Path]) -> None:
        """Names suffice, for a system may report a path in another spelling; a folder is heard of when its watch
        begins.
        """
        names = {path.name for file in self._files.values() for path in (file.path, file.target)}
        if any(path.name in names for path in paths) or not self._folders().isdisjoint(paths):
            self._stale.set()

    def _folders(self) -> set[Path]:
        """Where the files are and, of those that are links, what they lead to."""
        return {path.parent for file in self._files.values() for path in (file.path, file.target)}
