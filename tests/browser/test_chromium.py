"""The browser that the other browser tests rely on."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import ARGUMENTS, executable

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><meta charset="utf-8"><body style="font: 40px sans-serif">
<span id="han">技市竞价镕</span><span id="boxes">\U0010fffd\U0010fffd</span>"""


def test_the_browser_opens_a_page_and_draws_chinese_characters() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        try:
            page = browser.new_page()
            page.set_content(PAGE)
            assert page.locator("#han").inner_text() == "技市竞价镕"
            drawn = page.locator("#han").screenshot()
            missing = page.locator("#boxes").screenshot()
            assert len(drawn) > 2 * len(missing)  # boxes for missing characters would be simple and alike
            used = page.context.new_cdp_session(page)
            used.send("DOM.enable")
            used.send("CSS.enable")
            root = used.send("DOM.getDocument")["root"]["nodeId"]
            node = used.send("DOM.querySelector", {"nodeId": root, "selector": "#han"})["nodeId"]
            fonts = used.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
            assert {font["familyName"] for font in fonts} == {"Noto Sans SC"}
        finally:
            browser.close()
