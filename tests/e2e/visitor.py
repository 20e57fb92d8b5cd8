"""One person at one browser: signs in, looks, types; and notes everything the browser complains about."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Response, expect

PASSWORD = "clientier"
AXE = Path(__file__).parent / "axe" / "axe.min.js"
DESK = (1440, 900)
PHONE = (390, 844)
RUN_AXE = "axe.run(document, {resultTypes: ['violations'], elementRef: false, preload: false})"
FAILED_LOAD = re.compile(r"Failed to load resource.* status of (\d+)")

Sessions = dict[str, Any]


class Visitor:
    """Troubles are console errors, page errors, refusals by the content policy and answers of 400 and above.

    A test that means to meet a refusal says so with ``expects``.
    """

    def __init__(
        self, browser: Browser, url: str, sessions: Sessions, *, size: tuple[int, int], **options: Any
    ) -> None:
        self._browser, self._url, self._sessions = browser, url, sessions
        self._options = {
            "base_url": url,
            "viewport": {"width": size[0], "height": size[1]},
            "locale": "en-GB",
            "reduced_motion": "reduce",
            "has_touch": size[0] < 640,
            **options,
        }
        self.troubles: list[str] = []
        self._expected: set[int] = set()
        self.context: BrowserContext
        self.page: Page
        self._enter(None)

    def _enter(self, state: Any) -> None:
        self.context = self._browser.new_context(storage_state=state, **self._options)
        self.context.set_default_timeout(8000)
        self.context.on("page", self._watch)
        self.page = self.context.new_page()

    def _watch(self, page: Page) -> None:
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or FAILED_LOAD.search(message.text):
            return  # answers are judged where they arrive
        self.troubles.append(f"{message.location.get('url', '')}: {message.text}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._expected:
            self.troubles.append(f"{response.request.method} {response.url}: status {response.status}")

    def expects(self, *statuses: int) -> None:
        """From here on, answers with these statuses are no trouble."""
        self._expected.update(statuses)

    def sign_in(self, username: str, language: str = "en", theme: str = "light") -> Visitor:
        """Be this user, in this language and appearance; the password is typed once a run only."""
        self.context.close()
        self._enter(self._sessions.get(username))
        if username not in self._sessions:
            self.page.goto("/sign-in/")
            self.page.locator("#id_username").fill(username)
            self.page.locator("#id_password").fill(PASSWORD)
            self.page.locator("main form:has(#id_password) button").click()
            self.page.wait_for_url(re.compile(r"/$"))
            self._sessions[username] = self.context.storage_state()
        self.post("/language/", language=language)
        self.post("/appearance/", theme=theme)
        return self

    def post(self, path: str, **facts: str) -> None:
        """A form sent without a page, with the token that pages carry."""
        token = next(c["value"] for c in self.context.cookies(self._url) if c["name"] == "csrftoken")
        answer = self.context.request.post(
            path,
            form={**facts, "csrfmiddlewaretoken": token},
            headers={"Referer": f"{self._url}/", "Origin": self._url},
        )
        assert answer.ok, f"{path}: {answer.status}"

    def choose(self, name: str, text: str, within: str = "main") -> None:
        """Type into the picker of a field and take what it finds."""
        scope = self.page.locator(within)
        scope.locator(f"[name={name}] + .ts-wrapper .ts-control").click()
        scope.locator(f"#id_{name}-ts-control").fill(text)
        scope.locator(f"#id_{name}-ts-dropdown").get_by_role("option", name=text).first.click()

    def goto(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    @property
    def toast(self) -> Locator:
        """The newest notice."""
        return self.page.locator("[data-toast]").last

    def undo(self) -> None:
        """Take back what the newest notice reports, and see that the server did."""
        self.toast.get_by_role("button", name="Undo").click()
        expect(self.toast).to_contain_text("Undone")

    def overflow(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(
            self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        )

    def findings(self) -> list[str]:
        """What axe finds serious or critical on the page as it stands."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())  # by the debugger, which the content policy does not bind
        found = self.page.evaluate(RUN_AXE)
        return [
            f"{each['id']} ({each['impact']}): {node['html'][:160]} {node['failureSummary'][:200]}"
            for each in found["violations"]
            if each["impact"] in {"serious", "critical"}
            for node in each["nodes"][:3]
        ]

    def leave(self) -> None:
        self.context.close()
