"""Take the pictures of the documentation: an example installation, a morning played on its pages.

Called by bin/pictures. To add a picture, write a line or a step in `answered`,
`desk`, `lead` or `office`, and show it in a page of the docs.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
BRIGADE = HERE.parents[1] / ".venv/bin/brigade"
PASSWORD = "brigade-demo"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run", "--hide-scrollbars",
]  # fmt: skip
WIDE, PHONE = (1440, 900), (390, 844)

REPORTS = [
    ("Card reader at the entrance of building 2 is dark", "Network", 40, False),
    ("Two people can book the same meeting room", "Collaboration", 2, False),
    ("Calls on the desk phone break off after a minute", "Network", 1, False),
    ("Invoice 4711 cannot be released", "ERP Finance", 1, True),
    ("Laptop does not wake up in the docking station", "Service Desk", 1, False),
]
MAILBOX = "The shared mailbox of accounts payable is empty"
HAPPENS = (
    "Since 08:10 none of us sees any mail in accounts-payable. The folders are there, the mails "
    "are not."
)
NOTE = (
    "The retention rule of Monday took the mailbox for that of somebody who left. The rule is "
    "off; restoring from last night."
)
REPLY = (
    "Your mails are safe. We are putting them back now; the newest come first, in about an hour."
)
LOG = """ticket,when,status,who,subject,caller,prio
4711,2026-01-05 09:12,open,,Printer prints blank pages,anna,P2
4711,2026-01-05 09:40,work,bela,Printer prints blank pages,anna,P2
4711,2026-01-05 11:05,hold,bela,Printer prints blank pages,anna,P2
4711,2026-01-06 08:30,done,bela,Printer prints blank pages,anna,P2
4712,2026-01-05 10:02,open,,No network in room 12,carl,P1
4712,2026-01-05 10:04,parked,bela,No network in room 12,carl,P1
"""


class Studio:
    """A browser at the example installation, and who signs in there."""

    def __init__(self, browser: Browser, address: str, people: dict[str, str]) -> None:
        self.browser, self.address, self.people = browser, address, people

    def sign_in(self, who: str, size: tuple[int, int] = WIDE, theme: str = "light") -> Page:
        """Return a page of somebody who has just signed in."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            locale="en-GB", timezone_id="Europe/London", reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        self.open(page, "/")
        page.get_by_label("Email").fill(self.people[who])
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_load_state("networkidle")
        return page

    def open(self, page: Page, path: str) -> Page:
        """Go to a page and wait until its scripts have run."""
        page.goto(self.address + path, wait_until="networkidle")
        return page


def take(page: Page, name: str, height: int | None = None, to: str = "") -> None:
    """Keep what the window shows, at most `height` pixels of it, or down to the end of `to`."""
    size = page.viewport_size or {"width": WIDE[0], "height": WIDE[1]}
    if to:
        box = page.locator(to).last.bounding_box()
        height = min(size["height"], int(box["y"] + box["height"]) + 12) if box else None
    page.screenshot(
        path=HERE / f"{name}.png",
        clip={"x": 0, "y": 0, "width": size["width"], "height": height or size["height"]},
    )
    print(f"{name}.png  {(HERE / f'{name}.png').stat().st_size // 1024} kB", flush=True)


def report(studio: Studio, page: Page, title: str, service: str, people: int, stuck: bool) -> None:
    """Fill in the report form; sending it is left to the caller."""
    studio.open(page, "/help/report")
    page.get_by_label("What is wrong?").fill(title)
    page.get_by_label("No, work stands still" if stuck else "Yes, or there is a way").check()
    page.get_by_label("How many people").fill(str(people))
    page.get_by_label("Which service is it?").select_option(label=service)


def send(page: Page) -> str:
    """Send the report form; return the number it got."""
    page.get_by_role("button", name="Send report").click()
    page.wait_for_load_state("networkidle")
    return page.url.rsplit("/", 1)[1].split("?")[0]


def portal(studio: Studio) -> str:
    """Report what is broken, as an employee; return its number."""
    page = studio.sign_in("employee", PHONE)
    report(studio, page, MAILBOX, "Collaboration", 6, True)
    page.get_by_label("What happens?").fill(HAPPENS)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 300)")
    take(page, "report-phone")
    return send(page)


def answered(studio: Studio, number: str) -> None:
    """Take it, note and reply as an agent, and look at it from all sides."""
    page = studio.open(studio.sign_in("agent"), f"/{number}")
    page.get_by_role("button", name="Start work").click()
    page.wait_for_load_state("networkidle")
    for who, words, button in (
        ("Internal note", NOTE, "Add note"),
        ("Reply to", REPLY, "Send reply"),
    ):
        page.locator("[data-composer]").get_by_text(who).first.click()
        page.locator("[data-composer] textarea:visible").fill(words)
        page.get_by_role("button", name=button).click()
        page.wait_for_load_state("networkidle")
        studio.open(page, f"/{number}")
    take(page, "record")
    dark = studio.open(studio.sign_in("agent", PHONE, "dark"), f"/{number}")
    take(dark, "record-phone-dark")
    employee = studio.open(studio.sign_in("employee", PHONE), f"/requests/{number}")
    take(employee, "request-phone")
    studio.open(employee, "/help")
    take(employee, "portal-phone")
    for title, service, people, stuck in REPORTS:
        report(studio, employee, title, service, people, stuck)
        send(employee)


def desk(studio: Studio) -> None:
    """Look at what there is to do, as an agent."""
    page = studio.open(studio.sign_in("agent"), "/queue?view=open")
    take(page, "queue", to="main table")
    for key in "jxjxjx":
        page.keyboard.press(key)
    take(page, "queue-many", height=560)
    studio.open(page, "/queue?view=open").keyboard.press("/")
    page.keyboard.type("mailbox")
    page.wait_for_timeout(1500)
    take(page, "palette", height=560)
    studio.open(page, "/new/incident")
    who = page.get_by_role("combobox", name="Who needs help?")
    who.fill("")
    who.press_sequentially("Nadia Pat")
    page.get_by_role("listbox").get_by_role("option").first.click()
    page.get_by_label("What is wrong?").fill("Printer 28 prints blank labels again")
    page.get_by_label("What else did they say?").click()
    page.wait_for_timeout(1500)
    take(page, "new-incident")


def lead(studio: Studio) -> None:
    """Look at the figures, as a lead."""
    page = studio.open(studio.sign_in("lead"), "/figures/incidents")
    take(page, "figures")


def office(studio: Studio) -> None:
    """Keep the place in order, as an administrator."""
    page = studio.open(studio.sign_in("administrator"), "/setup")
    take(page, "setup")
    studio.open(page, "/grants?show=held")
    take(page, "roles", height=640)
    studio.open(page, "/services/payroll")
    take(page, "service", height=440)
    studio.open(page, "/settings/support")
    take(page, "settings", to="main form")
    studio.open(page, "/imports/new")
    file = {"name": "helpdesk.csv", "mimeType": "text/csv", "buffer": LOG.encode()}
    page.locator("input[type=file]").first.set_input_files(file)  # type: ignore[arg-type]
    guide = (HERE.parent / "guides/importing-a-log.md").read_text(encoding="utf-8")
    page.get_by_label("A map of my own").check()
    page.get_by_label("Your own map").fill(guide.split("```yaml\n")[1].split("```")[0])
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_text("Nothing has been written yet").wait_for(timeout=60_000)
    take(studio.open(page, page.url.removeprefix(studio.address)), "import", height=560)
    time.sleep(12)  # mail about a record is held for ten seconds
    studio.open(page, "/outbox")
    take(page, "outbox", height=640)
    studio.open(page, "/audit")
    take(page, "audit")
    studio.open(page, "/recipes/incident")
    take(page, "recipe")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(home: Path) -> Iterator[str]:
    """Fill an installation with the example, serve it, and end it."""
    environment = os.environ | {"BRIGADE_HOME": str(home), "BRIGADE_LOG_LEVEL": "warning"}
    subprocess.run([BRIGADE, "demo"], env=environment, check=True)
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([BRIGADE, "serve", "--port", str(port)], env=environment)
    try:
        for _ in range(120):
            try:
                urlopen(f"{address}/-/ready", timeout=5).close()
                break
            except (URLError, OSError):
                time.sleep(1)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)


def main() -> None:
    """Take every picture."""
    parser = argparse.ArgumentParser(prog="bin/pictures", description=__doc__)
    parser.add_argument("--home", type=Path, help="folder of the installation, kept")
    home = parser.parse_args().home
    with tempfile.TemporaryDirectory(prefix="brigade-pictures-") as folder:
        place = (home or Path(folder)).resolve()
        with served(place) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=os.environ["BRIGADE_TEST_CHROMIUM"], args=QUIET
            )
            domain = "meridian.example"
            people = {
                "employee": f"nadia.patel@finance.{domain}",
                "agent": f"sven.walker@meridian.{domain}",
                "lead": f"jonas.fischer@meridian.{domain}",
                "administrator": f"ana.admin@meridian.{domain}",
            }
            studio = Studio(browser, address, people)
            answered(studio, portal(studio))
            desk(studio)
            lead(studio)
            office(studio)
            browser.close()


if __name__ == "__main__":
    main()
