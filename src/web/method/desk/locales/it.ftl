desk-choice = Con un codice della mia organizzazione
desk-title = Inserisca il Suo codice di verifica
desk-intro = La Sua organizzazione ha verificato la Sua identità e Le ha dato un codice. Lo inserisca per completare l’accesso.
desk-label = Codice di verifica
desk-hint = 12 caratteri. Maiuscole, minuscole, spazi e trattini non fanno differenza.
desk-length = Un codice ha 12 caratteri. Controlli che non ne manchi nessuno e che nessuno sia ripetuto.
desk-symbol = È presente un carattere che non compare in nessun codice. I codici non contengono mai 0, O, 1, I, L, 2, 5, S, 6, 8, B, U o V.
desk-wrong = { $attempts ->
    [one] Questo codice non è corretto. Le resta 1 tentativo.
   *[other] Questo codice non è corretto. Le restano { $attempts } tentativi.
}
desk-too-late = Questo codice è scaduto. Ne chieda uno nuovo alla Sua organizzazione.
