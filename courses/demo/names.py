"""Common first names of people born in 1930-1965 and common surnames; every combination is invented."""

WOMEN_FI = (
    "Aino Anja Anna-Liisa Anneli Annikki Eeva Eila Elina Elli Elsa Enni Hannele Helena Helmi Helvi Hilkka Impi Inkeri Irja "
    "Irma Kaarina Kaija Katri Kerttu Kirsti Kyllikki Laila Leena Liisa Maija Marja-Leena Marjatta Mirja Orvokki "
    "Pirkko Raija Raili Ritva Saara Sinikka Sirkka Sylvi Taimi Tellervo Terttu Tuulikki Tyyne Ulla Vieno"
).split()
MEN_FI = (
    "Aarne Aimo Antero Arvo Eero Eino Erkki Hannu Heikki Heimo Ilmari Jaakko Jorma Juhani Kaarlo Kalervo Kalevi Kari Kauko "
    "Keijo Kullervo Lauri Martti Matti Mauno Niilo Olavi Onni Osmo Pauli Pekka Pentti Raimo Reino Risto Sakari Seppo Sulo "
    "Taisto Tapani Tauno Toivo Unto Uolevi Urho Veikko Viljo Vilho Yrjö"
).split()
WOMEN_SV = "Anita Barbro Birgitta Britta Christina Ebba Gun Gunilla Gunvor Inga Ingrid Karin Maj-Britt Margareta Solveig".split()
MEN_SV = "Åke Bengt Bertel Börje Carl-Erik Christer Göran Gunnar Håkan Henrik Ingmar Kjell Lars Stig Sven-Olof".split()
SURNAMES_FI = (
    "Aalto Ahonen Eskelinen Haapala Hakala Harju Heikkilä Heino Hiltunen Hirvonen Honkanen Huttunen Hämäläinen Jokinen "
    "Järvinen Kallio Karjalainen Kauppinen Kinnunen Koivisto Korhonen Koskinen Kulmala Laaksonen Lahtinen Laine Lampinen "
    "Lehtonen Leppänen Lindroos Luoma Manninen Mattila Miettinen Mäkelä Mäkinen Mäntylä Niemelä Nieminen Nurmi Ojala "
    "Parviainen Peltola Peltonen Pesonen Pitkänen Rantala Rautio Räsänen Saarinen Salmi Salonen Savolainen Seppälä "
    "Suominen Toivonen Tuominen Turunen Vainio Virtanen Väisänen Ylitalo"
).split()
SURNAMES_SV = (
    "Ahlroos Backman Björklund Blomqvist Ekholm Engblom Forsström Fagerlund Grönholm Gustafsson Hedman Häggblom Johansson "
    "Lindholm Lindqvist Nordström Nyberg Öhman Östman Sandström Sjöblom Söderholm Wikström Westerlund"
).split()
OTHERS = [
    ("Mary", "Thompson", "woman"),
    ("John", "Whitfield", "man"),
    ("Ljudmila", "Petrova", "woman"),
    ("Nguyen", "Thi Hoa", "woman"),
    ("Ahmed", "Hassan", "man"),
    ("Margaret", "O'Brien", "woman"),
    ("Tiiu", "Kask", "woman"),
    ("Rolf", "Schneider", "man"),
]
DISTRICTS = {
    "Espoon keskus": "Esbo centrum",
    "Espoonlahti": "Esboviken",
    "Kauklahti": "Köklax",
    "Leppävaara": "Alberga",
    "Matinkylä": "Mattby",
    "Olari": "Olars",
    "Tapiola": "Hagalund",
    "Vanha-Espoo": "Gamla Esbo",
}
STREETS = "Kuusitie Koivukuja Mäntypolku Rantatie Kirkkotie Puistokatu Niittypolku Harjutie Lehtokuja Satamatie".split()
POSTAL_CODES = ["02100", "02600", "02760", "02320", "02230", "02210", "02780", "02940"]
