"""What the working groups of the demonstration are for, and what their people write.

French, as members write it; no sentence names a patient.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """A working group: its purpose, who mostly joins it, what it talks about."""

    name: str
    purpose: str
    professions: tuple[str, ...]
    meetings: tuple[str, str, str, str]
    posts: tuple[str, ...]
    size: int
    is_private: bool = False


THEMES = (
    Theme(
        "Soins non programmés",
        "Qu’une personne sans rendez-vous soit vue sous 48 heures, sans passer par les urgences. "
        "Le groupe suit le planning des créneaux et la liste des motifs de la ligne.",
        ("10", "60", "21"),
        (
            "Bilan du trimestre et planning d’été",
            "Liste des motifs : relecture à froid",
            "Retour des secrétaires de la ligne",
            "Renfort d’hiver : qui prend quoi",
        ),
        (
            "Merci à celles et ceux qui ont pris un deuxième créneau pendant les ponts : plus un trou sur la quinzaine.",
            "Le laboratoire de Châteaudun accepte les prélèvements du soir jusqu’à 18 h 30 si on prévient avant 17 h.",
            "La liste des motifs est à jour. Certificats et renouvellements restent hors périmètre.",
            "Pensez à déclarer vos congés avant de prendre un créneau, le planning refuse ensuite tout seul.",
            "Quelqu’un serait partant pour un créneau du lundi matin ? C’est toujours le premier plein.",
        ),
        14,
    ),
    Theme(
        "Accès au médecin traitant",
        "Trouver un médecin traitant à celles et ceux qui n’en ont plus, en commençant par les affections "
        "de longue durée.",
        ("10", "60", "40"),
        (
            "Point sur les demandes en attente",
            "Assistants médicaux : retours d’expérience",
            "Règles de répartition entre cabinets",
            "Préparer les départs en retraite de l’année",
        ),
        (
            "Trois cabinets ont rouvert leurs listes ce mois-ci. Merci à eux.",
            "Le tableau de répartition par commune est affiché en réunion jeudi, venez avec vos chiffres.",
            "Une assistante médicale partagée entre deux cabinets, c’est possible : je raconte à la prochaine réunion.",
        ),
        12,
    ),
    Theme(
        "Parcours personne âgée et domicile",
        "Éviter les hospitalisations qui peuvent l’être : repérage, sortie d’hôpital, coordination à domicile.",
        ("60", "70", "10", "94", "80"),
        (
            "Sorties d’hôpital : la fiche de liaison",
            "Prévention des chutes, atelier commun",
            "Rencontre avec le SSIAD et le DAC",
            "Bilan du repérage des fragilités",
        ),
        (
            "La nouvelle fiche de liaison tient sur une page. Testons-la un mois avant d’en reparler.",
            "L’atelier équilibre affiche complet, on ouvre une deuxième date à Bonneval.",
            "Le DAC propose une permanence téléphonique le mardi matin, numéro sur leur page de l’annuaire.",
            "Qui a encore des barres d’appui de démonstration ? L’ergothérapeute en cherche pour samedi.",
        ),
        16,
    ),
    Theme(
        "Diabète et risque cardiovasculaire",
        "Un parcours partagé pour le dépistage, l’éducation et le suivi, avec les infirmières en pratique avancée.",
        ("60", "95", "10", "80", "21"),
        (
            "Protocole avec les infirmières en pratique avancée",
            "Dépistage du pied à risque",
            "Ateliers de diététique : calendrier",
            "Indicateurs de l’année",
        ),
        (
            "Les créneaux de rétinographie à Châteaudun sont ouverts pour le trimestre.",
            "Nouveau support pour les ateliers : merci de relire la page sur les collations.",
            "Les pharmacies du groupe proposent la mesure de tension pendant la semaine du cœur.",
        ),
        11,
    ),
    Theme(
        "Santé mentale",
        "Savoir à qui adresser, et vite : psychologues, CMP, maison des adolescents, lignes d’écoute.",
        ("93", "10", "60", "96", "91"),
        (
            "Annuaire des ressources par niveau",
            "Rencontre avec l’équipe du CMP",
            "Adolescents : qui fait quoi",
            "Soutien aux soignants",
        ),
        (
            "Le CMP confirme un accueil sans rendez-vous le mercredi après-midi.",
            "J’ai mis à jour la liste des psychologues conventionnés, relisez vos lignes s’il vous plaît.",
            "Idée pour la prochaine fois : une heure d’échange entre nous, sans ordre du jour.",
        ),
        10,
    ),
    Theme(
        "Prévention et dépistages",
        "Vaccination, dépistages organisés, actions dans les écoles et sur les marchés.",
        ("21", "50", "60", "40", "28"),
        (
            "Campagne de vaccination d’automne",
            "Octobre rose et Mars bleu : partage des stands",
            "M’T dents : interventions dans les écoles",
            "Bilan des actions et budget",
        ),
        (
            "Le stand du marché de Cloyes est confirmé. Il manque deux personnes pour la matinée.",
            "Les affiches sont arrivées, passez les prendre au local quand vous voulez.",
            "Les écoles de Brou et d’Unverre sont d’accord pour les interventions du printemps.",
            "Merci à toutes, plus de cent personnes au stand samedi !",
        ),
        15,
    ),
    Theme(
        "Crise sanitaire",
        "Être prêts : plan, contacts, stocks, exercice annuel.",
        ("10", "60", "21", "50"),
        (
            "Relecture du plan de crise",
            "Exercice sur table : canicule",
            "Stocks et points de distribution",
            "Retour d’exercice",
        ),
        (
            "La liste des contacts d’urgence est relue. Il reste deux numéros à confirmer.",
            "L’exercice de cette année portera sur une vague de chaleur. Deux heures, pas plus.",
        ),
        9,
    ),
    Theme(
        "Accueil et attractivité",
        "Recevoir les stagiaires, les remplaçants et les futurs installés. On y parle de candidatures : "
        "le groupe reste entre nous.",
        ("10", "70", "60", "91", "50"),
        (
            "Accueil des internes du semestre",
            "Journée découverte du territoire",
            "Logement des stagiaires",
            "Candidatures en cours",
        ),
        (
            "La mairie met un deuxième studio à disposition des stagiaires dès la rentrée.",
            "Je cherche un cabinet pour une journée d’observation, peu importe la profession.",
            "La journée découverte est fixée, programme à relire avant vendredi.",
        ),
        13,
        is_private=True,
    ),
)

PLACES = (
    "Salle du conseil, mairie de Châteaudun",
    "Maison de santé de Bonneval, salle de réunion",
    "Maison de santé de Cloyes, premier étage",
    "Salle des associations, Brou",
)
AGENDA = "1. Ce qui a été fait depuis la dernière fois\n2. {title}\n3. Qui fait quoi, et pour quand\n4. Prochaine date"
HUDDLE_TITLE = "Préparer la rencontre avec l’hôpital"
HUDDLE_AGENDA = "Qui y va, ce que chaque groupe veut demander, ce que nous pouvons promettre."
POLL_TITLE = "Préparer le trimestre qui vient"
POLL_AGENDA = "Choisir ensemble la date de la prochaine réunion : planning des créneaux, motifs de la ligne, renforts."
