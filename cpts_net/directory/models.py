"""The people of the community, what they are and where they work."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.directory.profile_fields import Audience
from cpts_net.directory.trade_list import GENERAL_PRACTICE
from cpts_net.directory.trades import Trade, said_of_somebody, trade_of, trade_or_none
from cpts_net.directory.workplace import LONGEST_ADDRESS_KEY, Workplace
from cpts_net.person_names import display_name
from cpts_net.storage.orm import NEVER_REUSE_IDS, Base


class Profession(Base):
    """A profession, by its national code (TRE_G15, TRE_R94, TRE_R95)."""

    __tablename__ = "profession"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    label: Mapped[str] = mapped_column(String(120))


class Specialty(Base):
    """A medical specialty or skill, by its national code (TRE_R38)."""

    __tablename__ = "specialty"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    label: Mapped[str] = mapped_column(String(200))


class Kind(StrEnum):
    """As what somebody is shown; what they may do follows from their account and their groups alone."""

    PROFESSIONAL = "professional"
    TEAM = "team"
    PARTNER = "partner"
    GUEST = "guest"


class Correctable:
    """A row of the extract that people correct: what they typed is theirs, and an import leaves it."""

    typed: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")  # The columns.

    def correct(self, said: Mapping[str, Any]) -> bool:
        """Set the columns that differ from what somebody typed; whether there were any."""
        corrected = {key for key, value in said.items() if value != getattr(self, key)}
        for key in corrected:
            setattr(self, key, said[key])
        self.typed = sorted({*self.typed, *corrected})
        return bool(corrected)


IS_MERGED = text("merged_into_id IS NOT NULL")


class Person(Correctable, Base):
    """Somebody of the community, whether a professional or not, with or without an account. Never deleted."""

    __tablename__ = "person"
    __table_args__ = (
        Index(None, "sort_key"),
        Index(None, "merged_into_id", sqlite_where=IS_MERGED, postgresql_where=IS_MERGED),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # The RPPS number, 11 digits for life; of those who have none yet, "0" and the older ADELI number.
    rpps: Mapped[str | None] = mapped_column(String(11), unique=True)
    adeli: Mapped[str | None] = mapped_column(String(9), unique=True)  # The older number, kept beside the other.
    civility: Mapped[str] = mapped_column(String(10), default="")  # "M", "MME", as the extract has it.
    title: Mapped[str] = mapped_column(String(10), default="")  # "DR" or nothing.
    family_name: Mapped[str] = mapped_column(String(80))
    given_name: Mapped[str] = mapped_column(String(80))  # Empty of whoever goes by one name.
    function: Mapped[str] = mapped_column(String(120), default="", server_default="")  # « Directrice de l’EHPAD ».
    kind: Mapped[Kind] = mapped_column(String(20), default=Kind.PROFESSIONAL, server_default="professional")
    # What they practise first, kept beside; ``actions.set_practices`` is the one that writes it.
    profession_code: Mapped[str | None] = mapped_column(ForeignKey("profession.code"), index=True)
    specialty_code: Mapped[str | None] = mapped_column(ForeignKey("specialty.code"))
    is_hidden: Mapped[bool] = mapped_column(default=False)  # Left out of the directory at the person's wish.
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # Who they really are.
    sort_key: Mapped[str] = mapped_column(String(170))  # Folded "family given".
    # What is made of names and positions; ``structure_actions.show_anew`` writes it.
    search_text: Mapped[str]  # See ``rules.search_text``.
    shown_commune: Mapped[str] = mapped_column(String(100), default="", server_default="")
    shown_phone: Mapped[str] = mapped_column(String(20), default="", server_default="")

    profession: Mapped[Profession | None] = relationship(lazy="raise")
    specialty: Mapped[Specialty | None] = relationship(lazy="raise")
    practices: Mapped[list["Practice"]] = relationship(
        lazy="raise", order_by="Practice.rank", cascade="all, delete-orphan"
    )
    values: Mapped[list["ProfileValue"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    positions: Mapped[list["Position"]] = relationship(
        back_populates="person",
        lazy="raise",
        order_by="(Position.rank, Position.id)",
        cascade="all, delete-orphan",
    )

    @property
    def places(self) -> tuple[Workplace, ...]:
        """Where they work, as far as they show it, the first one first."""
        return tuple(position.place for position in self.positions if position.hidden_at is None)

    @property
    def display_name(self) -> str:
        return display_name(self.title, self.given_name, self.family_name)

    @property
    def trade(self) -> Trade | None:
        """None of those who have no profession of the national list."""
        return trade_or_none(self.profession_code, self.specialty_code)

    @property
    def trade_label(self) -> str:
        """What stands beside the name, in the person's gender: « Infirmière », « Coordinatrice »."""
        return said_of_somebody(self.trade, self.civility, self.function)


class ProfileValue(Base):
    """What somebody wrote in a field of ``profile_fields``, and who may read it; read by ``profiles.read`` alone."""

    __tablename__ = "profile_value"
    __table_args__ = (UniqueConstraint("person_id", "field"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    field: Mapped[str] = mapped_column(String(30))
    value: Mapped[str] = mapped_column(String(254))
    audience: Mapped[Audience] = mapped_column(String(20))


class Practice(Base):
    """A profession that somebody practises, perhaps with a specialty; most people have one, some two."""

    __tablename__ = "practice"
    __table_args__ = (
        UniqueConstraint("person_id", "rank"),
        UniqueConstraint("person_id", "profession_code", "specialty_code"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    rank: Mapped[int]  # From 0; the first one counts, and stands beside the name.
    profession_code: Mapped[str] = mapped_column(ForeignKey("profession.code"), index=True)
    specialty_code: Mapped[str | None] = mapped_column(ForeignKey("specialty.code"))

    specialty: Mapped[Specialty | None] = relationship(lazy="raise")

    @property
    def trade(self) -> Trade:
        return trade_of(self.profession_code, self.specialty_code)

    @property
    def specialty_label(self) -> str:
        """The specialty as the national list has it, where it says more than the trade."""
        if self.specialty is None or self.specialty_code in GENERAL_PRACTICE:
            return ""
        return self.specialty.label


class Sector(StrEnum):
    """To which part of the law a structure belongs."""

    HEALTH = "health"
    MEDICO_SOCIAL = "medico_social"
    SOCIAL = "social"


class Structure(Correctable, Base):
    """A place where people work: a practice, a home, a service of the town; known by one of its numbers or its address."""

    __tablename__ = "structure"
    __table_args__ = (CheckConstraint("tier BETWEEN 1 AND 3", name="tier_of_care"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    category_code: Mapped[str] = mapped_column(String(5), default="")  # Of ``categories``.
    tier: Mapped[int | None]  # 1 to 3: first, second or third recourse.
    sector: Mapped[Sector | None] = mapped_column(String(20))
    street: Mapped[str] = mapped_column(String(200), default="")  # With its number.
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    commune_code: Mapped[str | None] = mapped_column(String(5), index=True)  # INSEE; the extract often lacks it.
    commune: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")  # As ``phones`` keeps it.
    mail: Mapped[str] = mapped_column(String(254), default="")
    web: Mapped[str] = mapped_column(String(200), default="")
    hours: Mapped[str] = mapped_column(String(300), default="")  # In words.
    finess: Mapped[str] = mapped_column(String(9), default="", index=True)  # Of the site.
    siret: Mapped[str] = mapped_column(String(14), default="", index=True)
    technical_id: Mapped[str] = mapped_column(String(40), default="", index=True)  # Of the extract.
    address_key: Mapped[str] = mapped_column(String(LONGEST_ADDRESS_KEY), default="", index=True)


class Commune(Base):
    """A commune of today or a municipal arrondissement, from the official list; nothing refers to it."""

    __tablename__ = "commune"
    __table_args__ = ()

    code: Mapped[str] = mapped_column(String(5), primary_key=True)  # INSEE.
    name: Mapped[str] = mapped_column(String(100))
    name_key: Mapped[str] = mapped_column(String(100), index=True)  # See ``territory.commune_key``.
    population: Mapped[int | None]
    postal_codes: Mapped[list[str]] = mapped_column(JSON)
    other_codes: Mapped[list[str]] = mapped_column(JSON)  # Of communes that became part of it.


class TerritoryCommune(Base):
    """A commune of the community’s territory, whether the list of communes is there or not."""

    __tablename__ = "territory_commune"
    __table_args__ = ()

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    basin: Mapped[str] = mapped_column(String(80), default="")  # Within which people stand in for each other.


class StructureClosing(Base):
    """Days on which a structure is closed, both included."""

    __tablename__ = "structure_closing"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="days_in_order"),
        Index(None, "structure_id", "last_day"),
        NEVER_REUSE_IDS,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id", ondelete="RESTRICT"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    from_noon: Mapped[bool] = mapped_column(default=False)  # Of the first day.
    until_noon: Mapped[bool] = mapped_column(default=False)  # Of the last day.


class Source(StrEnum):
    """Who says that somebody works there; an import touches what an extract said alone."""

    RPPS = "rpps"
    OWN = "own"
    STAFF = "staff"


class Position(Base):
    """What somebody does at a structure; the first that is visible stands on the board. Public, or hidden."""

    __tablename__ = "position"
    __table_args__ = (Index(None, "person_id", "rank"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="RESTRICT"))
    structure_id: Mapped[int] = mapped_column(ForeignKey("structure.id", ondelete="RESTRICT"), index=True)
    function: Mapped[str] = mapped_column(String(120), default="")  # « Médecin coordonnateur ».
    phone: Mapped[str] = mapped_column(String(20), default="")  # Their own there; as ``phones`` keeps it.
    hours: Mapped[str] = mapped_column(String(300), default="")  # In words.
    rank: Mapped[int]  # From 0.
    source: Mapped[Source] = mapped_column(String(10), default=Source.RPPS)
    hidden_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(back_populates="positions", lazy="raise")
    structure: Mapped[Structure] = relationship(lazy="raise")

    @property
    def place(self) -> Workplace:
        """As it is read."""
        structure = self.structure
        return Workplace(
            structure_id=structure.id,
            name=structure.name,
            street=structure.street,
            postal_code=structure.postal_code,
            commune_code=structure.commune_code,
            commune=structure.commune,
            phone=self.phone or structure.phone,
            function=self.function,
            hours=self.hours or structure.hours,
        )
