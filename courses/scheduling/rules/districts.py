"""The seven districts of the city of Espoo: the Finnish name, and the Swedish."""

ESPOO = {
    "Suur-Espoonlahti": "Stor-Esboviken",
    "Suur-Kauklahti": "Stor-Köklax",
    "Suur-Leppävaara": "Stor-Alberga",
    "Suur-Matinkylä": "Stor-Mattby",
    "Suur-Tapiola": "Stor-Hagalund",
    "Vanha-Espoo": "Gamla Esbo",
    "Pohjois-Espoo": "Norra Esbo",
}
