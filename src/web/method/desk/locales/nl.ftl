desk-choice = Met een code van mijn organisatie
desk-title = Voer uw verificatiecode in
desk-intro = Uw organisatie heeft gecontroleerd wie u bent en u een code gegeven. Voer die in om het inloggen af te ronden.
desk-label = Verificatiecode
desk-hint = 12 tekens. Hoofdletters, kleine letters, spaties en streepjes maken geen verschil.
desk-length = Een code heeft 12 tekens. Controleer of er geen ontbreekt of dubbel is ingevoerd.
desk-symbol = Er staat een teken in dat in geen enkele code voorkomt. Codes bevatten nooit 0, O, 1, I, L, 2, 5, S, 6, 8, B, U of V.
desk-wrong = { $attempts ->
    [one] Deze code klopt niet. U hebt nog 1 poging.
   *[other] Deze code klopt niet. U hebt nog { $attempts } pogingen.
}
desk-too-late = Deze code is verlopen. Vraag uw organisatie om een nieuwe.
