document-choice = Mit Fotos von meinem Ausweis und von mir
