"""The diagram and the PDF viewer work in a real browser under the policy of every page, and say what they show."""

import http.server
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
ASSETS = ROOT / "web/assets"
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'"
)
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="urn:jidi:test">
  <bpmn:process id="p" isExecutable="true">
    <bpmn:startEvent id="start" name="开始"/><bpmn:userTask id="review" name="市州初审上报"/>
    <bpmn:sequenceFlow id="f" sourceRef="start" targetRef="review"/>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="bd"><bpmndi:BPMNPlane id="bp" bpmnElement="p">
    <bpmndi:BPMNShape id="s1" bpmnElement="start"><dc:Bounds x="10" y="30" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="review"><dc:Bounds x="90" y="8" width="99" height="80"/></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="e" bpmnElement="f"><di:waypoint x="46" y="48"/><di:waypoint x="90" y="48"/></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>"""
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>阅读</title>{styles}
<script type="module" src="/{script}"></script></head><body><main><h1>阅读</h1>{body}</main></body></html>"""


@pytest.fixture
def site() -> Iterator[dict[str, tuple[str, bytes]]]:
    """Serve the built assets, and whatever a test lays beside them, under the policy of every page."""
    laid: dict[str, tuple[str, bytes]] = {}

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object, **options: object) -> None:
            super().__init__(*args, directory=str(ASSETS), **options)  # type: ignore[arg-type]

        def do_GET(self) -> None:
            if self.path not in laid:
                super().do_GET()
                return
            kind, body = laid[self.path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", POLICY)
            super().end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    laid["address"] = (f"http://127.0.0.1:{server.server_port}", b"")
    yield laid
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.browser
def test_a_diagram_shows_the_step_where_the_case_stands_and_keeps_the_mark_of_its_maker_visible(browser, site):
    site["/d.bpmn"] = ("application/xml", DIAGRAM.encode())
    body = '<div data-diagram="/d.bpmn" data-current="review" data-label="基地认定"><p>环节:市州初审上报</p></div>'
    page, said = opened(browser, site, "viewer", body)
    page.wait_for_selector(".djs-element.is-current")
    drawing = page.locator(".djs-container > svg")
    assert "基地认定；当前环节：市州初审上报" in (drawing.get_attribute("aria-label") or "")
    assert page.get_by_role("button").all_inner_texts() == ["+ 放大", "− 缩小", "⤢ 适应窗口", "◎ 当前环节"]
    before = page.locator("g.viewport").get_attribute("transform")
    page.get_by_role("button", name="放大").click()
    assert page.locator("g.viewport").get_attribute("transform") != before
    drawing.focus()
    page.keyboard.press("0")
    assert page.locator("g.viewport").get_attribute("transform") == before
    on_top = (
        "e => { const b = e.getBoundingClientRect(); return e.contains(document.elementFromPoint(b.x + 9, b.y + 9)) }"
    )
    assert page.locator(".bjs-powered-by").evaluate(on_top)
    assert not page.get_by_text("环节:市州初审上报", exact=True).count()
    assert said == []
    assert faults(page) == []


@pytest.mark.browser
def test_a_diagram_speaks_english_by_the_list_of_names_that_the_page_gives(browser, site):
    site["/d.bpmn"] = ("application/xml", DIAGRAM.encode())
    site["/en.json"] = ("application/json", json.dumps({"市州初审上报": "City review"}).encode())
    body = '<div data-diagram="/d.bpmn" data-current="review" data-names="/en.json"></div>'
    page, said = opened(browser, site, "viewer", body, lang="en")
    page.wait_for_selector(".djs-element.is-current")
    assert page.locator("[data-element-id=review] text").text_content() == "City review"
    assert "current step: City review" in (page.locator(".djs-container > svg").get_attribute("aria-label") or "")
    assert page.get_by_role("button", name="Fit").count() == 1
    assert said == []


@pytest.mark.browser
def test_a_diagram_that_cannot_be_fetched_leaves_the_words_and_says_so(browser, site):
    page, _ = opened(browser, site, "viewer", '<div data-diagram="/gone.bpmn"><p>市州初审上报</p></div>')
    page.wait_for_selector("text=流程图暂时无法显示")
    assert page.get_by_text("市州初审上报").is_visible()


@pytest.mark.browser
def test_a_pdf_with_chinese_fonts_it_does_not_carry_is_drawn_page_by_page(browser, site):
    site["/f.pdf"] = ("application/pdf", pdf("公示名单", "评审意见"))
    page, said = opened(
        browser, site, "pdf", '<div data-pdf="/f.pdf" data-label="公示.pdf"><a href="/f.pdf">下载</a></div>'
    )
    page.wait_for_selector(".pdf-page:nth-child(1) .textLayer >> text=公示名单")
    dark = (
        """c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v, i) => i % 4 === 0 && v < 100)"""
    )
    assert page.locator(".pdf-page:nth-child(1) canvas").evaluate(dark)
    page.get_by_role("button", name="下一页").click()
    page.wait_for_selector(".pdf-page:nth-child(2) .textLayer >> text=评审意见")
    number = page.get_by_role("spinbutton")
    page.wait_for_function("() => document.querySelector('input[type=number]').value === '2'")
    number.fill("1")
    number.press("Enter")
    page.wait_for_function("() => document.querySelector('.pdf-pages').scrollTop < 50")
    page.get_by_role("button", name="旋转").click()
    page.wait_for_selector(".pdf-page:nth-child(1) .textLayer >> text=公示名单")
    assert said == []
    assert faults(page) == []


@pytest.mark.browser
def test_a_scan_in_jpeg_2000_is_drawn_without_webassembly(browser, site):
    scan = io.BytesIO()
    Image.new("RGB", (64, 64), (10, 20, 30)).save(scan, "JPEG2000")
    with pikepdf.new() as made:
        sheet = made.add_blank_page(page_size=(64, 64))
        image = made.make_stream(
            scan.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=64, Height=64
        )
        image.Filter = pikepdf.Name.JPXDecode
        sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(S=image))
        sheet.Contents = made.make_stream(b"64 0 0 64 0 0 cm /S Do")
        body = io.BytesIO()
        made.save(body)
    site["/f.pdf"] = ("application/pdf", body.getvalue())
    page, said = opened(browser, site, "pdf", '<div data-pdf="/f.pdf"></div>')
    page.wait_for_function(
        "() => { const c = document.querySelector('.pdf-page canvas');"
        "return c && c.getContext('2d').getImageData(c.width / 2, c.height / 2, 1, 1).data[2] === 30 }"
    )
    assert said == []


@pytest.mark.browser
def test_a_file_that_is_no_pdf_is_named_so_and_stays_to_download(browser, site):
    site["/f.pdf"] = ("application/pdf", b"no pdf at all")
    page, _ = opened(browser, site, "pdf", '<div data-pdf="/f.pdf"><a href="/f.pdf">下载</a></div>')
    page.wait_for_selector("text=文件已损坏或不是 PDF")
    assert page.get_by_role("link", name="下载").is_visible()


def opened(
    browser: Browser, site: dict[str, tuple[str, bytes]], script: str, body: str, lang: str = "zh-CN"
) -> tuple[Page, list[str]]:
    manifest = json.loads((ASSETS / "manifest.json").read_text())
    names = ["theme.css", f"{script}.css"]
    styles = "".join(f'<link rel="stylesheet" href="/{manifest[name]["file"]}">' for name in names)
    text = PAGE.format(lang=lang, styles=styles, script=manifest[f"{script}.js"]["file"], body=body)
    site["/"] = ("text/html; charset=utf-8", text.encode())
    site["/favicon.ico"] = ("image/x-icon", b"")
    page = browser.new_page()
    said: list[str] = []
    # What the policy forbids, and what fails, is an error; Chromium also has advice on speed.
    page.on("console", lambda message: message.type == "error" and said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(site["address"][0])
    return page, said


def faults(page: Page) -> list[str]:
    # Evaluated through the debugger, which the page's policy does not bind.
    page.evaluate(AXE.read_text())
    return [
        (rule["id"], [node["html"][:200] for node in rule["nodes"]])
        for rule in page.evaluate("axe.run().then(result => result.violations)")
    ]


def pdf(*pages: str) -> bytes:
    """Give a PDF whose Chinese font is only named, as many offices' files have it."""
    sheets = " ".join(f"{6 + 2 * index} 0 R" for index in range(len(pages)))
    system = "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    box = "/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93"
    parts = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{sheets}]>>",
        "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        f"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo{system}/FontDescriptor 5 0 R>>",
        f"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6{box}>>",
    ]
    for index, words in enumerate(pages):
        text = f"BT /F1 40 Tf 72 700 Td <{words.encode('utf-16-be').hex()}> Tj ET"
        needs = "/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
        parts.append(f"<</Type/Page/Parent 2 0 R{needs}/Contents {7 + 2 * index} 0 R>>")
        parts.append(f"<</Length {len(text)}>>stream\n{text}\nendstream")
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += f"{number} 0 obj{part}endobj\n".encode()
    rows = "".join(f"{place:010d} 00000 n \n" for place in places)
    table = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{rows}trailer<</Size {len(parts) + 1}/Root 1 0 R>>\n"
    return body + f"{table}startxref\n{len(body)}\n%%EOF".encode()
