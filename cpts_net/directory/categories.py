"""What kinds of structures there are: official codes, with the sector and the tier that they have unless somebody says else.

Two lists are read side by side, for no code is in both: the sectors of
activity that an extract knows (TRE_R02, « SA33 »), and the categories of FINESS
(TRE_R66, « 620 ») that staff may choose.
"""

from typing import NamedTuple

HEALTH, MEDICO_SOCIAL = "health", "medico_social"


class Category(NamedTuple):
    """A kind of structure."""

    label: str
    sector: str
    tier: int | None


CATEGORIES = {
    "SA01": Category("Établissement public de santé", HEALTH, 3),
    "SA04": Category("Établissement privé de santé", HEALTH, 3),
    "SA05": Category("Centre de santé", HEALTH, 1),
    "SA07": Category("Cabinet individuel", HEALTH, 1),
    "SA08": Category("Cabinet de groupe", HEALTH, 1),
    "SA09": Category("Société d’exercice", HEALTH, 1),
    "SA10": Category("Transport sanitaire", HEALTH, 1),
    "SA15": Category("Protection maternelle et infantile", HEALTH, 1),
    "SA16": Category("Établissement pour personnes handicapées", MEDICO_SOCIAL, 3),
    "SA17": Category("Établissement pour personnes âgées", MEDICO_SOCIAL, 3),
    "SA25": Category("Laboratoire de biologie médicale", HEALTH, 2),
    "SA29": Category("Laboratoire d’analyses", HEALTH, 2),
    "SA33": Category("Pharmacie d’officine", HEALTH, 1),
    "SA41": Category("Autre structure médico-sociale ou sociale", MEDICO_SOCIAL, None),
    "SA50": Category("Permanence de soins", HEALTH, 1),
    "SA52": Category("Maison ou pôle de santé", HEALTH, 1),
    "SA57": Category("Coordination de soins", HEALTH, 2),
    "SA63": Category("Communauté professionnelle territoriale de santé", HEALTH, 1),
    "127": Category("Hospitalisation à domicile", HEALTH, 2),
    "156": Category("Centre médico-psychologique", HEALTH, 2),
    "209": Category("Service autonomie à domicile", MEDICO_SOCIAL, 1),
    "354": Category("Service de soins infirmiers à domicile", MEDICO_SOCIAL, 1),
    "500": Category("Ehpad", MEDICO_SOCIAL, 3),
}
