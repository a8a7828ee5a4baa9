"""Two tabs, two people on one form."""

from __future__ import annotations

from html.parser import HTMLParser

from tests.resilience.finding import Finding
from tests.resilience.house import Ground, House
from tests.resilience.visitor import Answer, Visitor

MINE, THEIRS = "第一个窗口写的办学理念", "第二个窗口写的办学理念"


class Fields(HTMLParser):
    """What the controls of each form hold, as a browser would send it; ``section`` is the form with a version."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.section: dict[str, str] = {}
        self.select = self.text = ""
        self.pattern = False  # inside a <template>, which is no part of a form

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pattern |= tag == "template"
        if not self.pattern:
            self._control(tag, {name: value or "" for name, value in attrs})

    def _control(self, tag: str, given: dict[str, str]) -> None:
        chosen = given.get("type") not in ("radio", "checkbox", "file") or "checked" in given
        if tag == "form":
            self.found = {}
        elif tag == "input" and "name" in given and chosen:
            self.found[given["name"]] = given.get("value", "on" if "checked" in given else "")
        elif tag == "select":
            self.select = given.get("name", "")
        elif tag == "option" and "selected" in given:
            self.found[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.text = given.get("name", "")
            self.found[self.text] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = ""
        elif tag == "template":
            self.pattern = False
        elif tag == "form" and "version" in self.found:
            self.section = self.found

    def handle_data(self, data: str) -> None:
        if self.text:
            self.found[self.text] += data.strip()


def filled(page: Answer) -> dict[str, str]:
    fields = Fields()
    fields.feed(page.text)
    return fields.section


def run(on: Ground, much: bool) -> Finding:
    finding = Finding(
        "two tabs, two people on one form",
        "one section of an application opened in two browsers and saved in both; one step pressed in both",
        "the database holds what was saved first; the answer to the second holds both texts",
    )
    with House.built(on) as house:
        house.start("web")
        ((number,),) = house.rows(
            "SELECT a.number FROM applications_application a JOIN accounts_principal p ON p.id = a.lead_id"
            " JOIN accounts_user u ON u.id = p.user_id WHERE u.username = 'principal' AND a.state = 'returned'"
        )
        path = f"/applications/{number}/form/qualities/"
        tabs = [house.visitor("principal"), house.visitor("principal")]
        pages = [filled(tab.get(path)) for tab in tabs]
        first = tabs[0].post(path, pages[0] | {"idea": MINE})
        second = tabs[1].post(path, pages[1] | {"idea": THEIRS})
        ((kept,),) = house.rows(
            "SELECT content -> 'qualities' ->> 'idea' FROM applications_application WHERE number = %s", number
        )
        finding.expect(first.status == 302, f"the first was answered {first.status} {first.refusal}")
        finding.expect(second.status == 409, f"the second was answered {second.status} {second.refusal}")
        finding.expect(MINE in second.text and THEIRS in second.text, "the second does not see both texts")
        finding.expect(kept == MINE, f"kept: {kept}")
        again = filled(second)
        chosen = tabs[1].post(path, again | {"idea": THEIRS})
        finding.expect(chosen.status == 302, f"having seen both, the second may save: {chosen.status}")
        finding.faults += _step_twice(house.visitor("county2"), house.visitor("county2"), house)
        finding.faults += house.faults()
        finding.seen = "the later saver sees both texts and chooses; the later presser is told who was first"
    return finding


def _step_twice(one: Visitor, other: Visitor, house: House) -> list[str]:
    ((number,),) = house.rows(
        "SELECT a.number FROM applications_application a JOIN accounts_organisation o ON o.id = a.authority_id"
        " WHERE a.state = 'authority_review' AND o.name = '松山区教育局' LIMIT 1"
    )
    path = f"/applications/{number}/steps/authority_return/"
    form = {"opinion": "请补充三年规划。"}
    first, second = one.post(path, form), other.post(path, {"opinion": "请补充经费预算。"})
    told = second.status == 409 and "阿木尔已于" in second.words and "请补充经费预算" in second.words
    if first.status == 302 and told:
        return []
    return [f"the step twice: {first.status}, {second.status} {second.refusal}"]
