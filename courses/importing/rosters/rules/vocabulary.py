"""The words of rosters in Finnish, Swedish and English: column headers and what stands under them.

Words are compared folded: lower case, letters and digits only, without accents. Add a word where it belongs; a word
under two fields is refused when the module is read.
"""

import re

from accounts.enums import Channel, Gender, Language
from accounts.rules.names import fold

HEADERS: dict[str, str] = {
    "last_name": """
        sukunimi, suku, sukun, snimi, sukunimet, last name, last, surname, family name, lname,
        efternamn, enamn, eftern, släktnamn
    """,
    "first_name": """
        etunimi, etunimet, etu, etun, enimi, kutsumanimi, first name, first names, first, given name, forename, fname,
        förnamn, fnamn, förn, tilltalsnamn
    """,
    "last_first": """
        sukunimi etunimi, sukunimi ja etunimi, sukunimi etunimet, sukunimi ja etunimet, suku- ja etunimi, suku etunimi,
        nimi sukunimi ensin, efternamn förnamn, efternamn och förnamn, namn efternamn först,
        last name first name, last name and first name, surname first name, last first, name last name first
    """,
    "first_last": """
        etunimi sukunimi, etunimi ja sukunimi, etunimet sukunimi, etunimet ja sukunimi, etu- ja sukunimi, etu sukunimi,
        nimi etunimi ensin, förnamn efternamn, förnamn och efternamn, för- och efternamn, namn förnamn först,
        first name last name, first name and last name, first name surname, first last, name first name first
    """,
    "name": """
        nimi, koko nimi, osallistuja, osallistujan nimi, nimi pilkulla erotettu,
        name, full name, participant, name parted by a comma,
        namn, hela namnet, fullständigt namn, deltagare, namn delat med kommatecken
    """,
    "birth_year": """
        syntymävuosi, synt.vuosi, synt.v, syntv, svuosi, synt, syntynyt, syntymäaika, synt.aika, saika, syntymäpäivä,
        year of birth, birth year, born, yob, date of birth, birth date, birthdate, birthday, dob, year,
        födelseår, född, födelsedatum, födelsedag, födelsetid, född år, f.år, vuosi, år
    """,
    "phone": """
        puhelin, puh, puh.nro, puhelinnumero, puhelinnro, puhnumero, matkapuhelin, kännykkä, gsm,
        phone, phone number, phone no, telephone, tel, tel.no, mobile, mobile phone, cell, cell phone,
        telefon, telefonnummer, tfn, tlf, mobil, mobiltelefon, mobilnummer, telefonnr
    """,
    "email": """
        sähköposti, sähköpostiosoite, s-posti, sposti, s.posti, säpo, meili,
        email, e-mail, email address, e-mail address, mail,
        e-post, epostadress, e-postadress, mejl
    """,
    "language": """
        kieli, asiointikieli, äidinkieli, viestintäkieli, language, lang, preferred language,
        språk, modersmål, kontaktspråk, servicespråk
    """,
    "street": """
        katuosoite, osoite, lähiosoite, kotiosoite, postiosoite, katu, street, street address, address, postal address,
        gatuadress, adress, gata, hemadress, postadress, näradress
    """,
    "postal_code": """
        postinumero, postinro, postino, pnro, pno, post.nro, postal code, postcode, post code, zip, zip code,
        postnummer, postnr
    """,
    "city": """
        postitoimipaikka, ptp, postitmp, ptmk, kaupunki, kunta, kotikunta, paikkakunta,
        city, town, municipality, postort, ort, stad, kommun, hemkommun
    """,
    "district": """
        alue, kaupunginosa, asuinalue, suuralue, district, area, neighbourhood, neighborhood, part of town,
        område, stadsdel, bostadsområde
    """,
    "channel": """
        yhteydenotto, yhteydenottotapa, yhteystapa, kanava, viestikanava, viestit, tavoitetaan,
        contact by, contact, channel, preferred channel, contact method, how to reach,
        kontaktsätt, kontakt, kanal, kontakta via, kontaktväg
    """,
    "gender": "sukupuoli, sp, supu, gender, sex, kön",
    "cohort": """
        ryhmä, ryhmäkoodi, ryhmän koodi, ryhmätunnus, toteutus, kurssi, kurssiryhmä,
        cohort, group, group code, cohort code, course, class, grupp, gruppkod, kursgrupp, kurs
    """,
    "note": """
        huomautus, huomautukset, huom, huomio, lisätieto, lisätiedot, muuta, muut tiedot, viesti,
        note, notes, comment, comments, remark, remarks, other,
        anmärkning, anmärkningar, anm, kommentar, övrigt, tilläggsuppgifter, information
    """,
    "protected": "turvakielto, turva, safety ban, protected, non-disclosure, spärrmarkering, skyddad, sekretessmarkering",
}

# Never read, whatever stands there.
IDENTITY_HEADERS = """
    henkilötunnus, hetu, sotu, sosiaaliturvatunnus, personal identity code, identity code, social security number, ssn, pin,
    personbeteckning, personsignum, personnummer
"""

VALUES: dict[str, dict[str, str]] = {
    "language": {
        Language.FINNISH: "suomi, suom, suomenkielinen, suomen kieli, fi, fin, finska, finskspråkig, finnish",
        Language.SWEDISH: "ruotsi, ruots, ruotsinkielinen, ruotsin kieli, sv, swe, se, svenska, svenskspråkig, swedish",
        Language.ENGLISH: "englanti, engl, englanninkielinen, englannin kieli, en, eng, gb, engelska, engelskspråkig, english",
    },
    "channel": {
        Channel.EMAIL: "sähköposti, sähköpostilla, s-posti, sposti, email, e-mail, by email, e-post, epost, mejl, meili",
        Channel.SMS: """
            tekstiviesti, tekstiviestillä, teksti, tekstari, viesti, sms, text message, text, by text,
            textmeddelande, sms-meddelande, meddelande
        """,
        Channel.LETTER: "kirje, kirjeellä, kirjeitse, posti, postitse, letter, by letter, post, by post, brev, per brev, med brev",
        Channel.CALL: """
            puhelu, puhelin, puhelimitse, soitto, soittamalla, soita, phone call, phone, by phone, call, telephone,
            samtal, telefonsamtal, telefon, per telefon, ring, ringa
        """,
        Channel.CONTACT: """
            yhteyshenkilö, yhteyshenkilön kautta, omainen, contact person, through the contact person,
            kontaktperson, via kontaktperson, genom kontaktpersonen, anhörig
        """,
    },
    "gender": {
        Gender.WOMAN: "nainen, nais, n, naispuolinen, woman, w, f, female, kvinna, k, kv, kvinnlig",
        Gender.MAN: "mies, mie, m, miespuolinen, man, male, manlig",
        Gender.OTHER: "muu, muunsukupuolinen, other, x, annat, annan, övrig",
    },
    "protected": {
        "yes": "kyllä, k, on, x, 1, true, tosi, turvakielto, yes, y, ja, j, sant",
        "no": "ei, e, 0, false, epätosi, no, n, nej, falskt, -",
    },
}


def word_key(text: str) -> str:
    """What two spellings of one header have in common: `Synt.vuosi (pakollinen)*` is `syntvuosi`."""
    return re.sub(r"[^0-9a-z]", "", fold(re.sub(r"\([^)]*\)", "", text)))


def is_identity_column(title: str) -> bool:
    return word_key(title) in IDENTITY_KEYS


def _keys(words: str) -> list[str]:
    return [key for word in re.split(r"[,\n]", words) if (key := word_key(word))]


def _turned(groups: dict[str, str]) -> dict[str, str]:
    turned: dict[str, str] = {}
    for meaning, words in groups.items():
        for key in _keys(words):
            if turned.setdefault(key, meaning) != meaning:
                raise ValueError(f"{key} stands for {turned[key]} and for {meaning}")
    return turned


def _with_values(groups: dict[str, str]) -> dict[str, str]:
    """The words of a field, and the values themselves, as the form for one row has them."""
    return {
        **{str(value): str(value) for value in groups},
        **{word: str(value) for word, value in _turned(groups).items()},
    }


FIELD_BY_HEADER = _turned(HEADERS)
IDENTITY_KEYS = frozenset(_keys(IDENTITY_HEADERS))
VALUE_BY_WORD = {field: _with_values(groups) for field, groups in VALUES.items()}
