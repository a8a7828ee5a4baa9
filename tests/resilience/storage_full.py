"""Disk full, storage away."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image

from tests.resilience.finding import Finding
from tests.resilience.house import Ground, House
from tests.resilience.visitor import Answer, Upload, Visitor

TEXT = "该校近三年的获奖材料与公开的名单不一致，请予核查。"
ROOM = 400_000  # bytes that a file may have on the full disk


def photograph(side: int) -> Upload:
    """A picture of noise that no format makes smaller."""
    picture = BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(picture, "JPEG", quality=90)
    return Upload("现场照片.jpg", picture.getvalue())


@contextmanager
def away(house: House) -> Iterator[None]:
    """The folder of the files is no folder any more: what an unmounted or broken storage looks like."""
    files = house.folder / "files"
    files.rename(house.folder / "files-away")
    files.write_text("")
    try:
        yield
    finally:
        files.unlink()
        (house.folder / "files-away").rename(files)


@contextmanager
def no_room(house: House) -> Iterator[None]:
    """No file of a server process grows beyond ROOM, its temporary ones neither; needs no privilege."""
    pids = house.children("web")
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


@contextmanager
def small_disk(house: House) -> Iterator[bool]:
    """A disk of its own for the files, with no room left; gives False where one may not mount."""
    files, kept = house.folder / "files", house.folder / "files-kept"
    files.rename(kept)
    files.mkdir()
    size = f"size={sum(path.stat().st_size for path in kept.rglob('*')) + 300 * 4096}"
    mount = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(files)]
    mounted = (
        shutil.which("mount") and subprocess.run(mount, check=False, capture_output=True).returncode == 0
    )
    shutil.copytree(kept, files, dirs_exist_ok=True)
    filling = files / "filling"
    try:
        if mounted:
            _fill(filling)
        yield bool(mounted)
    finally:
        filling.unlink(missing_ok=True)
        if mounted:
            shutil.copytree(files, kept, dirs_exist_ok=True)
            subprocess.run(["umount", str(files)], check=True)
        shutil.rmtree(files)
        kept.rename(files)


def _fill(path: os.PathLike[str]) -> None:
    with open(path, "wb", buffering=0) as filling:
        try:
            while filling.write(bytes(4096)):
                pass
        except OSError:
            return


class Desk:
    """Who sends files: a principal to a returned application, a citizen with an objection."""

    def __init__(self, house: House, finding: Finding) -> None:
        self.house, self.finding = house, finding
        self.principal, self.public = house.visitor("principal"), house.visitor()
        ((self.pk, self.number),) = house.rows(
            "SELECT a.id, a.number FROM applications_application a JOIN accounts_principal p ON p.id = a.lead_id"
            " JOIN accounts_user u ON u.id = p.user_id WHERE u.username = 'principal' AND a.state = 'returned'"
        )
        ((self.publicity, self.listed),) = house.rows(
            "SELECT p.id, max(a.number) FROM applications_publicity p"
            " JOIN applications_application a ON a.publicity_id = p.id WHERE p.state = 'published' GROUP BY p.id"
        )

    def kept(self) -> tuple[int, int]:
        """How many files and objections the database knows."""
        return (
            self.house.figure("SELECT count(*) FROM office_attachment"),
            self.house.figure("SELECT count(*) FROM applications_objection"),
        )

    def upload(self, visitor: Visitor, file: Upload) -> Answer:
        form = {"slot": "features", "file": file}
        return visitor.post(f"/files/application/{self.pk}/", form, X_Upload="1")

    def objection(self, file: Upload) -> Answer:
        path = f"/public/publicity/{self.publicity}/objection/{self.listed}/"
        self.public.get(path)
        form = {"unit": "person", "name": "金小满", "contact": "19900001234", "text": TEXT, "evidence": file}
        return self.public.post(path, form)

    def refused(self, how: str, *files: Upload) -> None:
        """Whatever is sent is refused with the reason, and nothing of it is kept."""
        before = self.kept()
        for file in files:
            size = f"{how}, {len(file.content) // 1000} kB"
            answer = self.upload(self.principal, file)
            self.finding.expect(
                answer.status == 422 and "\\u5b58\\u50a8\\u7a7a\\u95f4" in answer.text,
                f"{size}: upload answered {answer.status} {answer.refusal}",
            )
            answer = self.objection(file)
            self.finding.expect(
                answer.status == 422 and "存储空间" in answer.text and TEXT in answer.text,
                f"{size}: objection answered {answer.status} {answer.refusal}",
            )
        self.finding.expect(self.kept() == before, f"{how}: a record was kept")

    def well(self, file: Upload) -> None:
        answer = self.upload(self.principal, file)
        self.finding.expect(answer.status == 200, f"with room again: {answer.status} {answer.refusal}")
        answer = self.objection(file)
        self.finding.expect(answer.status == 302, f"with room again: {answer.status} {answer.refusal}")


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "disk full, storage away",
        "",
        "rows of files and objections counted before and after; every record's file opened and its hash compared",
    )
    small, large = photograph(500), photograph(1400)
    with House.built(on) as house:
        house.start("web")
        desk = Desk(house, finding)
        with away(house):
            desk.refused("storage away", small)
        with no_room(house):
            desk.refused("no room", large, photograph(2400))
        with small_disk(house) as mounted:
            if mounted:
                desk.refused("full disk", large)
                finding.faults += house.faults()
        desk.well(large)
        finding.faults += house.faults()
        finding.done = (
            "upload to an application and objection with evidence while the folder is gone, while no file may grow "
            f"(RLIMIT_FSIZE){', on a full tmpfs' if mounted else ''}; once more with room"
        )
        finding.seen = (
            "each refused with “存储空间已满或暂时不可用”, the objector's text still in the form; then taken"
        )
    return finding
