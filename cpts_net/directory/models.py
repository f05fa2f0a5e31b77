"""The professionals of the territory, what they are and where they work."""

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cpts_net.directory.rules import display_name
from cpts_net.directory.trade_list import GENERAL_PRACTICE
from cpts_net.directory.trades import Trade, trade_of
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


class Person(Base):
    """An independent professional of the community."""

    __tablename__ = "person"
    __table_args__ = (Index(None, "sort_key"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    # The RPPS number, 11 digits for life; of those who have none yet, "0" and the older ADELI number.
    rpps: Mapped[str | None] = mapped_column(String(11), unique=True)
    civility: Mapped[str] = mapped_column(String(10), default="")  # "M", "MME", as the extract has it.
    title: Mapped[str] = mapped_column(String(10), default="")  # "DR" or nothing.
    family_name: Mapped[str] = mapped_column(String(80))
    given_name: Mapped[str] = mapped_column(String(80))
    # What they practise first, kept beside; ``actions.set_practices`` is the one that writes it.
    profession_code: Mapped[str] = mapped_column(ForeignKey("profession.code"), index=True)
    specialty_code: Mapped[str | None] = mapped_column(ForeignKey("specialty.code"))
    private_phone: Mapped[str] = mapped_column(String(20), default="")  # Seen by oneself and the staff only.
    is_hidden: Mapped[bool] = mapped_column(default=False)  # Left out of the directory at the person's wish.
    sort_key: Mapped[str] = mapped_column(String(170))  # Folded "family given".
    search_text: Mapped[str]  # See ``rules.search_text``.

    profession: Mapped[Profession] = relationship(lazy="raise")
    specialty: Mapped[Specialty | None] = relationship(lazy="raise")
    practices: Mapped[list["Practice"]] = relationship(
        lazy="raise", order_by="Practice.rank", cascade="all, delete-orphan"
    )
    sites: Mapped[list["PracticeSite"]] = relationship(
        back_populates="person", lazy="raise", order_by="PracticeSite.position", cascade="all, delete-orphan"
    )

    @property
    def display_name(self) -> str:
        return display_name(self.title, self.given_name, self.family_name)

    @property
    def trade(self) -> Trade:
        return trade_of(self.profession_code, self.specialty_code)

    @property
    def trade_label(self) -> str:
        """What stands beside the name, in the person's gender: « Infirmière »."""
        return self.trade.label(self.civility)


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


class PracticeSite(Base):
    """A place where a member works; the first one stands on the board."""

    __tablename__ = "practice_site"
    __table_args__ = (Index(None, "person_id", "position"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    position: Mapped[int]  # From 0, in the order of the extract.
    name: Mapped[str] = mapped_column(String(200), default="")
    street: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(10), default="")
    commune_code: Mapped[str | None] = mapped_column(String(5), index=True)  # INSEE; the extract often lacks it.
    commune: Mapped[str] = mapped_column(String(100), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")  # As ``phones`` keeps it.

    person: Mapped[Person] = relationship(back_populates="sites", lazy="raise")
