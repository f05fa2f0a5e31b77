"""What a phone keeps, as a journey looks at it."""

import re

from playwright.sync_api import Page

from tests.journeys.product import Product

ABSENT = "#absents-medecin-generaliste"
OFFLINE = re.compile(r"^hors ligne – données de \d\d\u202fh\u202f\d\d$")
# Everything that the device keeps for an account, as [account, path, instant].
KEPT = """async () => {
  const found = [];
  for (const name of (await caches.keys()).filter((each) => each.startsWith("carried-"))) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const page = await cache.match(request);
      found.push([name.replace("carried-", ""), new URL(request.url).pathname, Number(page.headers.get("X-Carried-At"))]);
    }
  }
  return found;
}"""


def await_kept(page: Page, *paths: str) -> list[list[object]]:
    """What the device keeps, once it keeps these pages and no others."""
    for _ in range(600):
        found = page.evaluate(KEPT)
        if sorted(path for _account, path, _at in found) == sorted(paths):
            return found
        page.wait_for_timeout(50)
    raise AssertionError(f"kept: {found}")


def await_true(page: Page, script: str) -> None:
    """Wait for what a page finds; its own waiting evaluates texts, which our pages forbid."""
    for _ in range(600):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never true: {script}")


def carry(page: Page) -> None:
    """See the board and the planning, until the device has both."""
    page.goto("/mon-planning/")
    await_kept(page, "/mon-planning/")
    page.goto("/continuite/")
    await_kept(page, "/mon-planning/", "/continuite/")


def pass_no_order_to_clear(product: Product) -> None:
    """Have the answers of a product look to browsers as if they knew no ``Clear-Site-Data``."""
    site = product.proxy.folder / "site.conf"
    site.write_text(
        site.read_text().replace(
            "location / {\n        proxy_pass",
            "location / {\n        proxy_hide_header Clear-Site-Data;\n        proxy_pass",
        )
    )
    assert "proxy_hide_header" in site.read_text()
    product.stop("nginx")
    product.start("nginx")
