"""Trim the list of communes of @etalab/decoupage-administratif to what the product asks, for ``static/vendor/``.

Communes of today and municipal arrondissements, each with its postal codes and
population; the codes of communes that became part of another are other codes
of that one, but for those that are a commune's of today as well.
"""

import json
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "node_modules/@etalab/decoupage-administratif/data/communes.json"
TARGET = ROOT / "static/vendor/communes.json"
OF_TODAY = {"commune-actuelle", "arrondissement-municipal"}


def trimmed(communes: list[dict[str, object]]) -> list[dict[str, object]]:
    today = {str(each["code"]): each for each in communes if each["type"] in OF_TODAY}
    others: defaultdict[str, set[str]] = defaultdict(set)
    for each in communes:
        if each["type"] not in OF_TODAY and each["code"] not in today:
            others[str(each["chefLieu"])].add(str(each["code"]))
    return [
        {
            "code": code,
            "name": each["nom"],
            "population": each.get("population"),
            "postal_codes": each.get("codesPostaux", []),
            "other_codes": sorted(others[code]),
        }
        for code, each in sorted(today.items())
    ]


def main() -> None:
    communes = trimmed(json.loads(SOURCE.read_text(encoding="utf-8")))
    TARGET.write_text(json.dumps(communes, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
