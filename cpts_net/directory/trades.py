"""What somebody is by trade: one function of their profession and specialty, and the words for it. Pure.

French is put together here; the application hands in the catalogue, which has each phrase whole.

A profession alone says too little (« médecin » mixes those who see everybody
with those who see hearts), a specialty alone too much (general practice has
three codes). A trade is what colleagues say: *médecin généraliste*,
*cardiologue*, *infirmière en pratique avancée*. Who may serve a duty line is
another matter: that stays with the codes.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from cpts_net.directory import trade_list
from cpts_net.directory.agreement import agreed
from cpts_net.folding import fold

DOCTOR = "10"  # TRE_G15: Médecin.
NURSE = "60"  # TRE_G15: Infirmier.
ADVANCED_PRACTICE = "SI"  # How the specialties of nurses in advanced practice (SI01 …) begin.
ALWAYS_FEMININE = frozenset({"sage-femme"})  # Said of nobody in particular: « une sage-femme ».
_UNCHANGED_AFTER = frozenset({"de", "du", "des", "en", "à", "au"})  # « infirmiers en pratique avancée ».
_UNCHANGED = frozenset({"et", "maxillo", "cardio", "médico", "podo", "gastro"})


class Catalogue:
    """How phrases are said in the reader's language; as they stand until somebody hands in another."""

    phrase: Callable[[str], str] = staticmethod(lambda text: text)
    count: Callable[[str, str, int], str] = staticmethod(
        lambda one, many, number: (one if number == 1 else many) % {"num": number}
    )


_catalogue = Catalogue()


def speak_with(phrase: Callable[[str], str], count: Callable[[str, str, int], str]) -> None:
    """Have trades said so from now on: a phrase, and what is counted."""
    _catalogue.phrase, _catalogue.count = phrase, count  # type: ignore[method-assign]


@dataclass(frozen=True)
class Trade:
    """A trade and how one speaks of it; two are the same when their keys are."""

    key: str  # What groups, chooses and compares; stands in addresses: "medecin-generaliste".
    masculine: str  # « infirmier », as inside a sentence.
    feminine: str
    called: tuple[str, ...] = ()  # What else people say.
    is_specialist: bool = False  # A doctor with a specialty that is not general practice.
    family: str = ""  # Of ``trade_list.FAMILIES``.

    def __hash__(self) -> int:
        return hash(self.key)

    def label(self, civility: str = "") -> str:
        """How somebody is called at the start of a line: « Infirmière » of "MME", « Infirmier » of everybody else."""
        return _catalogue.phrase(_capital(self.said_of(civility)))

    def one(self, civility: str = "") -> str:
        """« un pharmacien », « une infirmière », « une sage-femme »."""
        return _catalogue.phrase(self._one(civility))

    def none(self) -> str:
        """« aucun pharmacien », « aucune sage-femme »."""
        return _catalogue.phrase(f"auc{self._one()}")

    def count(self, number: int) -> str:
        """« 1 pharmacien », « 2 pharmaciens »."""
        return _catalogue.count(*self._counted, number)

    @property
    def plural_label(self) -> str:
        """As a heading: « Médecins généralistes »."""
        return _catalogue.phrase(_capital(self.plural))

    def phrases(self) -> Iterator[str | tuple[str, str]]:
        """All that is said of it, whole, for catalogues: French is put together here, and nowhere else."""
        for civility in ("", "MME"):
            yield from (_capital(self.said_of(civility)), self._one(civility))
        yield from (f"auc{self._one()}", self._counted, _capital(self.plural))

    def said_of(self, civility: str) -> str:
        """« infirmière » of "MME", « infirmier » of everybody else: French, to make phrases of."""
        return agreed(civility, self.masculine, self.feminine)

    def _one(self, civility: str = "") -> str:
        said = self.said_of(civility)
        article = "une" if said in ALWAYS_FEMININE else agreed(civility, "un", "une")
        return f"{article} {said}"

    @property
    def _counted(self) -> tuple[str, str]:
        return f"%(num)s {self.masculine}", f"%(num)s {self.plural}"

    @cached_property
    def plural(self) -> str:
        """« médecins généralistes », « infirmiers en pratique avancée »; the same."""
        return several(self.masculine)

    @cached_property
    def sort_key(self) -> str:
        """What trades are sorted by; all doctors stand together, those who see everybody first."""
        name = fold(self.masculine)
        return f"medecin specialiste {name}" if self.is_specialist else name.removeprefix("autre ")

    @property
    def group(self) -> "Trade":
        """With whom they are counted where single specialists would be counted one by one."""
        return SPECIALIST if self.is_specialist else self

    @cached_property
    def words(self) -> str:
        """Folded, every word that people look for them by, each with a space before it."""
        said = (self.masculine, self.feminine, self.plural, several(self.feminine), *self.called)
        return " ".join(dict.fromkeys(["", *" ".join(map(fold, said)).split()]))


@lru_cache(maxsize=4096)
def trade_of(profession_code: str, specialty_code: str | None = None) -> Trade:
    """The trade of whoever has this profession and specialty; there is one for every two texts."""
    specialty = specialty_code or ""
    if profession_code == DOCTOR:
        if not specialty or specialty in trade_list.GENERAL_PRACTICE:
            return _BY_CODE[DOCTOR]
        return _BY_CODE.get(f"{DOCTOR}/{specialty}", SPECIALIST)
    if profession_code == NURSE and specialty.startswith(ADVANCED_PRACTICE):
        return _BY_CODE[f"{NURSE}/{ADVANCED_PRACTICE}"]
    known = _BY_CODE.get(f"{profession_code}/{specialty}") or _BY_CODE.get(profession_code)
    return known or UNKNOWN


class Practised(NamedTuple):
    """What somebody practises, as the national lists code it."""

    profession_code: str
    specialty_code: str | None

    @property
    def trade(self) -> Trade:
        return trade_of(self.profession_code, self.specialty_code)


def labels_of(trades: Iterable[Trade], civility: str) -> str:
    """« Infirmière · Ostéopathe »."""
    return " · ".join(trade.label(civility) for trade in trades)


def trade_or_none(profession_code: str | None, specialty_code: str | None = None) -> Trade | None:
    """The same of anybody; None of those without a profession."""
    return trade_of(profession_code, specialty_code) if profession_code else None


def said_of_somebody(trade: Trade | None, civility: str, function: str = "") -> str:
    """What stands beside a name: the trade in the person's gender, else the words for what they do."""
    return trade.label(civility) if trade else function


def group_of(trade: Trade | None) -> Trade:
    """With whom they are counted; those without a trade are together."""
    return trade.group if trade else TEAM


@lru_cache(maxsize=1024)
def several(said: str) -> str:
    """French words for one as they are for several: « chirurgiens maxillo-faciaux », « médecins du travail »."""
    return " ".join(_plural_words(said))


def _plural_words(said: str) -> Iterator[str]:
    is_open = True
    for word in said.split():
        is_open = is_open and word not in _UNCHANGED_AFTER and not word.startswith(("d’", "l’"))
        yield "-".join(map(_plural, word.split("-"))) if is_open else word


def _plural(word: str) -> str:
    if word in _UNCHANGED or word.isupper() or word.endswith(("s", "x", "z")):
        return word
    return f"{word[:-2]}aux" if word.endswith("al") else f"{word}s"


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _listed(lines: str, *, prefix: str = "", is_specialist: bool = False) -> dict[str, Trade]:
    """The trades of a list, by the codes that stand before them."""
    found: dict[str, Trade] = {}
    for line in lines.strip().splitlines():
        codes, masculine, feminine, called = (part.strip() for part in line.split("|"))
        also = tuple(word.strip() for word in called.split(",") if word.strip())
        trade = Trade(
            key=fold(masculine).replace(" ", "-"),
            masculine=masculine,
            feminine=masculine if feminine == "=" else feminine,
            called=(*also, *DOCTORS_ARE_CALLED) if is_specialist else also,
            is_specialist=is_specialist,
            family=DOCTORS_FAMILY if is_specialist else _FAMILY_OF.get(codes[: len(DOCTOR)], ""),
        )
        found |= {f"{prefix}{code}": trade for code in codes.split() or [""]}
    return found


class _Team(Trade):
    """Those without a trade, who stand together behind all others."""

    plural = "équipe et partenaires"
    sort_key = "~"


DOCTORS_FAMILY = "medicine"
_FAMILY_OF = {code: family for family, codes in trade_list.FAMILIES.items() for code in codes.split()}
TEAM = _Team("equipe-et-partenaires", "équipe et partenaires", "équipe et partenaires")
DOCTORS_ARE_CALLED = ("médecin", "docteur", "docteure", "spécialiste")
SPECIALIST = _listed(trade_list.SPECIALIST, is_specialist=True)[""]
UNKNOWN = _listed(trade_list.UNKNOWN)[""]
_BY_CODE = {
    **_listed(trade_list.PROFESSIONS),
    **_listed(trade_list.DOCTORS, prefix=f"{DOCTOR}/", is_specialist=True),
    **_listed(trade_list.OTHERS),
}
EVERY_TRADE = tuple(dict.fromkeys([*_BY_CODE.values(), SPECIALIST, UNKNOWN]))


def phrases() -> Iterator[str | tuple[str, str]]:
    """Every phrase that is said of a trade, each once; what is counted is a pair."""
    yield from dict.fromkeys(phrase for trade in (*EVERY_TRADE, TEAM) for phrase in trade.phrases())
