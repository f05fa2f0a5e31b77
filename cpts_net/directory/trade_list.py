"""The trades, by the national codes of professions (TRE_G15, TRE_R95, TRE_R94) and specialties (TRE_R38).

Each line: the codes, how a man and how a woman is called (``=`` where both are
called alike), and what else people say for it. Words are those of daily use,
not of the lists: « cardiologue » for "Cardiologie et maladies vasculaires".
"""

# Codes of profession 10 that make a general practitioner; so does none at all.
GENERAL_PRACTICE = frozenset({"SM26", "SM53", "SM54"})

# Which trades are near each other, by the profession; a colour stands for each, beside the words.
FAMILIES = {
    "medicine": "10",
    "pharmacy": "21 38 39 86",
    "care": "35 36 37 60 69",
    "birth": "50 97",
    "teeth": "31 40",
    "movement": "70 71 73 80 94 96",
    "senses": "26 28 32 81 82 83 84 85 91 92 95 98",
    "mind": "72 93",
    "social": "41 42 43 44 45 46 47 48 49 51 52 53",
}

PROFESSIONS = """
10 | médecin généraliste | = | MG, docteur, docteure, doctoresse, généralistes, omnipraticien, médecin traitant, toubib
21 | pharmacien | pharmacienne | pharmacie, officine, apothicaire
26 | audioprothésiste | = | audio, appareils auditifs
28 | opticien-lunetier | opticienne-lunetière | opticien, opticienne, lunettes, optique
31 | assistant dentaire | assistante dentaire |
32 | physicien médical | physicienne médicale | radiophysicien
35 | aide-soignant | aide-soignante | AS
36 | ambulancier | ambulancière | ambulance, transport sanitaire
37 | auxiliaire de puériculture | = | puériculture, AP
38 | préparateur en pharmacie hospitalière | préparatrice en pharmacie hospitalière | PPH
39 | préparateur en pharmacie | préparatrice en pharmacie |
40 | chirurgien-dentiste | chirurgienne-dentiste | dentiste, dentaire, docteur
41 | assistant de service social | assistante de service social | assistant social, assistante sociale, AS, ASS
42 | auxiliaire de vie sociale | = | AVS, aide à domicile
43 | technicien de l’intervention sociale et familiale | technicienne de l’intervention sociale et familiale | TISF
44 | conseiller en économie sociale familiale | conseillère en économie sociale familiale | CESF
45 | médiateur familial | médiatrice familiale |
46 | assistant familial | assistante familiale | famille d’accueil
47 | aide médico-psychologique | = | AMP
48 | moniteur éducateur | monitrice éducatrice |
49 | éducateur de jeunes enfants | éducatrice de jeunes enfants | EJE
50 | sage-femme | = | SF, maïeuticien, maïeuticienne, sagefemme
51 | éducateur spécialisé | éducatrice spécialisée |
52 | éducateur technique spécialisé | éducatrice technique spécialisée |
53 | accompagnant éducatif et social | accompagnante éducative et sociale | AES
60 | infirmier | infirmière | IDEL, IDE, infirmier libéral, infirmière libérale, infirmier diplômé, soins infirmiers
69 | infirmier psychiatrique | infirmière psychiatrique | IDE
70 | masseur-kinésithérapeute | masseuse-kinésithérapeute | kiné, kinés, MK, kinésithérapie, rééducation
71 | ostéopathe | = | ostéo
72 | psychothérapeute | = | psy
73 | chiropracteur | chiropractrice | chiro, chiropraticien
80 | pédicure-podologue | = | podologue, pédicure, podo, semelles
81 | orthoprothésiste | = | prothésiste
82 | podo-orthésiste | = | podo
83 | orthopédiste-orthésiste | = | orthopédiste
84 | oculariste | = |
85 | épithésiste | = |
86 | technicien de laboratoire médical | technicienne de laboratoire médical | laboratoire, labo
91 | orthophoniste | = | ortho, logopède, orthophonie
92 | orthoptiste | = | ortho, orthoptie
93 | psychologue | = | psy
94 | ergothérapeute | = | ergo
95 | diététicien | diététicienne | diet, diététique, nutrition, nutritionniste
96 | psychomotricien | psychomotricienne | psychomot, psychomotricité
97 | conseiller en génétique | conseillère en génétique |
98 | manipulateur d’électroradiologie médicale | manipulatrice d’électroradiologie médicale | manip radio, MER, MERM, ERM
"""

# Of doctors: codes after which several lines differ only in an option stand together.
DOCTORS = """
SM01 | anatomopathologiste | = | anapath, anatomie pathologique
SM02 SM76 | anesthésiste-réanimateur | anesthésiste-réanimatrice | anesthésiste, anesthésie
SM03 SM63 SM64 SM65 SM66 SM67 | biologiste médical | biologiste médicale | biologiste, laboratoire, labo, biologie
SM04 SM73 SM79 SM80 SM81 | cardiologue | = | cardiologie, coeur, rythmologue
SM05 | chirurgien | chirurgienne | chirurgie générale
SM06 SM07 SM68 SM77 | chirurgien maxillo-facial | chirurgienne maxillo-faciale | stomatologue, stomato, chirurgie
SM08 | chirurgien orthopédiste | chirurgienne orthopédiste | orthopédie, ortho, traumatologue, chirurgie
SM09 SM69 SM70 | chirurgien pédiatrique | chirurgienne pédiatrique | chirurgie infantile
SM10 | chirurgien plasticien | chirurgienne plasticienne | chirurgie plastique, esthétique
SM11 | chirurgien thoracique et cardio-vasculaire | chirurgienne thoracique et cardio-vasculaire | chirurgie
SM12 | urologue | = | urologie, chirurgie
SM13 | chirurgien vasculaire | chirurgienne vasculaire | chirurgie
SM14 SM78 | chirurgien viscéral | chirurgienne viscérale | chirurgie digestive, digestif
SM15 | dermatologue | = | dermato, dermatologie, vénérologue, peau
SM16 SM62 | endocrinologue-diabétologue | = | endocrinologue, diabétologue, endocrino, diabéto, endocrinologie, diabète, nutrition
SM17 | généticien | généticienne | génétique
SM18 | gériatre | = | gériatrie, gérontologue, personnes âgées
SM19 SM52 | gynécologue médical | gynécologue médicale | gynécologue, gynéco, gynécologie
SM20 SM51 | gynécologue-obstétricien | gynécologue-obstétricienne | gynécologue, gynéco, obstétrique, accoucheur
SM21 SM22 SM23 SM71 | hématologue | = | hématologie, hémato
SM24 | gastro-entérologue | = | gastro, hépatologue, gastroentérologue, gastro-entérologie
SM25 | médecin du travail | = | médecine du travail, santé au travail
SM27 SM72 | interniste | = | médecine interne
SM28 | médecin nucléaire | = | médecine nucléaire, scintigraphie
SM29 | médecin de médecine physique et de réadaptation | = | MPR, rééducateur, réadaptation
SM30 SM83 | néphrologue | = | néphrologie, néphro, rein, dialyse
SM31 | neurochirurgien | neurochirurgienne | neurochirurgie, chirurgie
SM32 SM84 | neurologue | = | neurologie, neuro
SM33 | neuropsychiatre | = | psy, psychiatre, neurologue, neuropsychiatrie
SM34 SM39 SM86 | ORL | = | oto-rhino-laryngologiste, oto-rhino, otorhino, oto-rhino-laryngologie
SM35 SM36 | oncologue | = | cancérologue, oncologie, cancer
SM37 SM45 | oncologue-radiothérapeute | = | radiothérapeute, radiothérapie, cancérologue
SM38 SM85 | ophtalmologue | = | ophtalmologiste, ophtalmo, ophtalmologie, oculiste, yeux
SM40 SM87 SM88 SM89 SM90 | pédiatre | = | pédiatrie, enfant, néonatologue
SM41 SM91 | pneumologue | = | pneumologie, pneumo
SM42 SM93 | psychiatre | = | psy, psychiatrie
SM43 SM92 | pédopsychiatre | = | psy, pédopsy, psychiatre enfant adolescent, psychiatrie
SM44 SM55 SM74 SM94 | radiologue | = | radiologie, radio, imagerie, échographie
SM46 SM82 | réanimateur | réanimatrice | réanimation, intensiviste
SM47 | médecin chercheur | médecin chercheuse | recherche
SM48 | rhumatologue | = | rhumatologie, rhumato
SM49 SM75 SM95 | médecin de santé publique | = | santé publique, DIM
SM50 | stomatologue | = | stomato, stomatologie
SM56 | chirurgien oral | chirurgienne orale | chirurgie orale
SM57 | allergologue | = | allergologie, allergie
SM58 | infectiologue | = | infectiologie, maladies infectieuses, tropicales
SM59 | urgentiste | = | médecin urgentiste, urgences, SMUR, médecine d’urgence
SM60 | médecin légiste | = | médecine légale
SM61 | angiologue | = | médecin vasculaire, angiologie, phlébologue, vasculaire
"""

# Of other professions: a specialty that makes another trade of it.
OTHERS = """
21/SM03 21/SM63 21/SM64 21/SM65 21/SM66 21/SM67 | pharmacien biologiste | pharmacienne biologiste | biologiste, laboratoire, labo, biologie
40/SCD01 | orthodontiste | = | ODF, dentiste, chirurgien-dentiste, orthodontie, ortho
40/SCD02 40/SM56 | chirurgien-dentiste en chirurgie orale | chirurgienne-dentiste en chirurgie orale | dentiste, chirurgie orale
60/SI | infirmier en pratique avancée | infirmière en pratique avancée | IPA, infirmier, IPAL
"""

# A doctor whose specialty nobody here has heard of; and under what all specialists are counted together.
SPECIALIST = "| autre médecin spécialiste | = | spécialiste, docteur"
# A profession that no list of ours holds.
UNKNOWN = "| autre professionnel | autre professionnelle |"
