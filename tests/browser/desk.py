"""What a test does in the browser, in words: enter as somebody, claim, answer, submit; and what axe says of a page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Locator, Page, expect

AXE = Path(__file__).parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
PAPER = {"name": "盖章扫描件.pdf", "mimeType": "application/pdf"}
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\ntrailer<</Root 1 0 R>>\n"
)


REWRITTEN = """async ([key, was, becomes]) => {
  const address = `/processes/${key}/draft/diagram.bpmn`;
  const drawn = await fetch(address);
  const body = (await drawn.text()).replaceAll(`"${was}"`, `"${becomes}"`).replaceAll(`>${was}<`, `>${becomes}<`);
  const token = document.querySelector("[name=csrf]").value;
  const headers = { "X-CSRF-Token": token, "If-Match": drawn.headers.get("ETag") };
  const kept = await fetch(address, { method: "PUT", body, headers });
  if (!kept.ok) throw new Error(await kept.text());
}"""


class Desk:
    """One person's browser."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.address = address
        self.faults: list[str] = []
        self.page: Page = context.new_page()
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)

    def enter(self, name: str) -> None:
        """Be this person."""
        self.go("/sign-in")
        self.page.get_by_role("button", name=f"以{name}身份进入").click()
        expect(self.page.locator(".bar .mine")).to_contain_text(name)

    def go(self, path: str) -> None:
        """Open a page of ours."""
        self.page.goto(self.address + path)

    def follow(self, way: Locator) -> None:
        """Press what leads to another page, and wait until that page is here."""
        with self.page.expect_navigation():
            way.click()

    def claim(self) -> None:
        """Take the open task, if it is free."""
        free = self.page.get_by_role("button", name="领取并办理")
        if free.count():
            self.follow(free)

    def claim_next(self) -> None:
        """Take the most urgent task."""
        self.go("/tasks")
        self.page.locator("[data-claim-next]").click()
        expect(self.page.locator("form[data-form]")).to_be_visible()

    def open_held(self) -> None:
        """Open the first task that one holds."""
        self.go("/tasks?held=mine")
        self.page.locator("table.queue a.main").first.click()

    def answer(self, answers: Mapping[str, Any]) -> None:
        """Fill fields by their names: a list ticks, bytes are a file, everything else is typed or chosen."""
        for name, value in answers.items():
            if isinstance(value, bytes):
                self.upload(name, value)
            elif isinstance(value, list):
                for code in value:
                    box = self.page.locator(f'[name="{name}"][value="{code}"]')
                    box.evaluate("one => one.scrollIntoView({ block: 'center' })")
                    box.check()
            else:
                self._type(name, value)

    def upload(self, name: str, content: bytes) -> None:
        """Send one file and see it listed."""
        field = self.page.locator(f'[data-field="{name}"]')
        field.locator("input[type=file]").set_input_files([{**PAPER, "buffer": content}])
        expect(field.locator("[data-files]")).to_contain_text(PAPER["name"])

    def submit(self) -> None:
        """Send the form."""
        self.page.locator(".actions .btn-primary, .actions .btn-danger").first.click()

    def said(self) -> str:
        """The sentence at the head of the page."""
        return self.page.locator(".said").inner_text()

    def wrong(self) -> list[str]:
        """The lines of the summary of errors."""
        return self.page.locator(".error-summary li").all_inner_texts()

    def move_clock(self, words: str) -> None:
        """Push the demo's clock."""
        self.follow(self.page.locator(".demo").get_by_role("button", name=words))

    def import_diagram(self, key: str, name: str, file: str) -> None:
        """Begin a new process of this name with a file drawn elsewhere; its report is open then."""
        self.go("/processes/new")
        self.page.get_by_label("流程名称").fill(name)
        self.page.get_by_label("流程编号").fill(key)
        self.page.get_by_label("办件编号里的简称").fill(key[-5:])
        sent = {"name": f"{name}.bpmn", "mimeType": "application/xml", "buffer": file.encode()}
        self.page.locator("input[type=file]").set_input_files([sent])
        self.page.get_by_role("button", name="建立草稿").click()

    def rewrite(self, key: str, was: str, becomes: str) -> None:
        """Give an element another id in the file of a draft, as no editor would."""
        self.page.evaluate(REWRITTEN, [key, was, becomes])

    def findings(self) -> list[str]:
        """What axe finds on this page."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{each['id']}: {node['target']} {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]

    def _type(self, name: str, value: str) -> None:
        found = self.page.locator(f'[name="{name}"]')
        first = found.first
        if first.get_attribute("type") == "radio":
            self.page.locator(f'[name="{name}"][value="{value}"]').check()
        elif first.evaluate("one => one.tagName") == "SELECT":
            first.select_option(value)
        else:
            first.fill(value)
