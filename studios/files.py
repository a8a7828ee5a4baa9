"""The files of activities and outputs: sent by whoever writes them, opened by whoever sees them."""

from __future__ import annotations

from collections.abc import Sequence

from accounts.capacity import Capacity
from office.attachments import FilePolicy, Slot, register
from office.flow import EVERYTHING
from studios.flows.output import PROOF
from studios.models import Activity, ActivityState, Output, OutputState
from studios.rules.activities import EVIDENCE, PHOTO, SHEET
from studios.scopes.activities import writer
from studios.scopes.people import drafter

LONGEST = 2560  # pixels: sharp on any screen and on paper, a twentieth of what a telephone makes
SLOTS = (
    Slot(PHOTO, "照片", hint="手机拍摄的照片会自动缩小，并去掉拍摄地点等信息。", many=True, pictures=LONGEST),
    Slot(EVIDENCE, "佐证材料", hint="通知、议程、讲稿、简报等。", many=True),
    Slot(SHEET, "签到表", hint="手写签到表的照片或扫描件。", many=True),
)
OUTPUT_SLOTS = (Slot(PROOF, "佐证材料", hint="立项、结题、刊登、获奖等证明。", many=True),)


def writes(activity: Activity, me: Capacity) -> bool:
    """Whether ``me`` writes this activity."""
    return Activity.objects.filter(writer(me), pk=activity.pk).exists()


def writes_output(output: Output, me: Capacity) -> bool:
    """Whether ``me`` writes this output."""
    return Output.objects.filter(drafter("studio__")(me), pk=output.pk).exists()


def _activity(case: Activity, me: Capacity) -> Sequence[Slot]:
    return SLOTS if case.state == ActivityState.PLANNED and writes(case, me) else ()


def _output(case: Output, me: Capacity) -> Sequence[Slot]:
    return OUTPUT_SLOTS if case.state == OutputState.RECORDED and writes_output(case, me) else ()


register(
    FilePolicy(
        "activity",
        slots=_activity,
        visible=lambda me: EVERYTHING,
        labels=lambda case: {slot.key: slot.label for slot in SLOTS},
    )
)
register(
    FilePolicy(
        "output", slots=_output, visible=lambda me: EVERYTHING, labels=lambda case: {PROOF: "佐证材料"}
    )
)
