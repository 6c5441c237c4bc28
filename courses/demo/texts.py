"""Courses, venues and the centre of the demo, in three languages. AIM itself stands in catalogue/samples/aim.json."""

from typing import NamedTuple

CENTRE: dict[str, object] = {
    "name": "Espoon mentorikoulutus (esittely)",
    "phone": "+35891234567",
    "hours_fi": "ma–to klo 12.30–15.30",
    "hours_sv": "må–to kl. 12.30–15.30",
    "hours_en": "Mon–Thu 12:30–15:30",
    "email": "neuvonta@demo.example",
    "street": "Esittelykatu 1",
    "postal_code": "02600",
    "city": "Espoo",
    "certificate_prefix": "ESP",
    "signatory_name": "Sari Esittelijä",
    "signatory_title_fi": "koulutuspäällikkö",
    "signatory_title_sv": "utbildningschef",
    "signatory_title_en": "head of training",
    "mentor_target": 100,
    "is_demo": True,
}

# In Finnish, Swedish and English.
InThree = tuple[str, str, str]


class OtherCourse(NamedTuple):
    """A course beside AIM. `modules`: code, lessons, title."""

    code: str
    format: str
    title: InThree
    summary: InThree
    valid_months: int | None
    minimum: int
    capacity: int
    modules: list[tuple[str, int, InThree]]


OTHER_COURSES = [
    OtherCourse(
        code="TALK",
        format="talk",
        title=("Tekoäly tutuksi: yleisöluento", "Bekanta dig med AI: föreläsning", "Meet AI: a public talk"),
        summary=(
            "Puolentoista tunnin luento arjen esimerkein. Kahvit ja aikaa kysymyksille.",
            "En föreläsning på en och en halv timme med exempel ur vardagen. Kaffe och tid för frågor.",
            "A talk of an hour and a half with everyday examples. Coffee and time for questions.",
        ),
        valid_months=None,
        minimum=5,
        capacity=60,
        modules=[("T1", 2, ("Tekoäly arjessa", "AI i vardagen", "AI in daily life"))],
    ),
    OtherCourse(
        code="KUVA",
        format="workshop",
        title=("Kuvat ja tekoäly: työpaja", "Bilder och AI: verkstad", "Pictures and AI: a workshop"),
        summary=(
            "Kolme kertaa: korjaamme vanhoja valokuvia, teemme kortin ja opimme tunnistamaan väärennöksen.",
            "Tre gånger: vi lagar gamla fotografier, gör ett kort och lär oss känna igen en förfalskning.",
            "Three times: we mend old photographs, make a card and learn to spot a fake.",
        ),
        valid_months=None,
        minimum=4,
        capacity=12,
        modules=[
            ("K1", 3, ("Vanha valokuva kuntoon", "Laga ett gammalt fotografi", "Mending an old photograph")),
            ("K2", 3, ("Kortti omasta kuvasta", "Ett kort av en egen bild", "A card from your own picture")),
            ("K3", 3, ("Aito vai väärennös?", "Äkta eller förfalskad?", "Real or fake?")),
        ],
    ),
    OtherCourse(
        code="REKKA",
        format="hosting",
        title=("Tekoälyrekan isäntänä", "Värd i AI-lastbilen", "Hosting the AI truck"),
        summary=(
            "Opi ottamaan vieraat vastaan kiertävässä tekoälyrekassa ja esittelemään sen kolme pistettä.",
            "Lär dig ta emot gäster i den kringresande AI-lastbilen och visa dess tre stationer.",
            "Learn to welcome guests in the touring AI truck and to show its three stands.",
        ),
        valid_months=24,
        minimum=4,
        capacity=10,
        modules=[
            ("R1", 3, ("Rekan pisteet ja turvallisuus", "Stationerna och säkerheten", "The stands and safety")),
            ("R2", 3, ("Vieraan kohtaaminen", "Att möta en gäst", "Meeting a guest")),
            ("R3", 3, ("Harjoitus rekassa", "Övning i lastbilen", "Practice in the truck")),
            ("R4", 3, ("Ensimmäinen oma vuoro", "Första egna passet", "Your first own shift")),
        ],
    ),
    OtherCourse(
        code="PAJA",
        format="project",
        title=("Oma tekoälyprojekti", "Ett eget AI-projekt", "A project of your own"),
        summary=(
            "Pieni ryhmä tekee yhdessä jotain hyödyllistä: esimerkiksi kylän historian äänikirjana.",
            "En liten grupp gör något nyttigt tillsammans: till exempel byns historia som ljudbok.",
            "A small group makes something useful together: for example the village history as an audio book.",
        ),
        valid_months=None,
        minimum=3,
        capacity=8,
        modules=[
            (f"P{number}", 2, (f"Projektikerta {number}", f"Projektträff {number}", f"Project meeting {number}"))
            for number in range(1, 9)
        ],
    ),
    OtherCourse(
        code="PAIVITYS",
        format="update",
        title=("Mentorien päivityspäivä", "Mentorernas uppdateringsdag", "The mentors' update day"),
        summary=(
            "Neljä oppituntia vuodessa: mikä on muuttunut, mitä huijarit tekevät nyt ja mitä opimme toisiltamme.",
            "Fyra lektioner om året: vad har ändrats, vad gör bedragarna nu och vad lär vi av varandra.",
            "Four lessons a year: what has changed, what scammers do now and what we learn from each other.",
        ),
        valid_months=24,
        minimum=5,
        capacity=30,
        modules=[("U1", 4, ("Päivityspäivä", "Uppdateringsdag", "Update day"))],
    ),
]

# name, street, postal code, district
VENUES = [
    (("Kirjasto A, Tapiola", "Bibliotek A, Hagalund", "Library A, Tapiola"), "Esittelyaukio 2", "02100", "Tapiola"),
    (
        ("Kirjasto B, Leppävaara", "Bibliotek B, Alberga", "Library B, Leppävaara"),
        "Esittelytori 5",
        "02600",
        "Leppävaara",
    ),
    (
        ("Kirjasto C, Espoon keskus", "Bibliotek C, Esbo centrum", "Library C, Espoo centre"),
        "Esittelykuja 7",
        "02770",
        "Espoon keskus",
    ),
    (
        ("Asukastalo D, Matinkylä", "Invånarhus D, Mattby", "Residents' house D, Matinkylä"),
        "Esittelytie 9",
        "02230",
        "Matinkylä",
    ),
    (
        ("Palvelukeskus E, Espoonlahti", "Servicecenter E, Esboviken", "Service centre E, Espoonlahti"),
        "Esittelyranta 4",
        "02320",
        "Espoonlahti",
    ),
]
DIRECTIONS = {
    "fi": "Sisään pääovesta. Hissi on ovesta oikealle, sali on toisessa kerroksessa. Pyörätuolilla pääsee.",
    "sv": "In genom huvudingången. Hissen finns till höger, salen är på andra våningen. Tillgängligt med rullstol.",
    "en": "Enter by the main door. The lift is on the right, the room is on the second floor. Wheelchairs are welcome.",
}

# The names of AIM cohorts: season words by language.
SEASONS = {
    "spring": {"fi": "Kevät", "sv": "Våren", "en": "Spring"},
    "autumn": {"fi": "Syksy", "sv": "Hösten", "en": "Autumn"},
}
OTHER_COHORT_NAMES = {
    "TALK": ("Luento", "Föreläsning", "Talk"),
    "KUVA": ("Kuvatyöpaja", "Bildverkstad", "Picture workshop"),
    "REKKA": ("Rekkaryhmä", "Lastbilsgruppen", "Truck group"),
    "PAJA": ("Projektiryhmä", "Projektgruppen", "Project group"),
    "PAIVITYS": ("Päivityspäivä", "Uppdateringsdag", "Update day"),
}


def by_language(words: InThree) -> dict[str, str]:
    return dict(zip(("fi", "sv", "en"), words, strict=True))
