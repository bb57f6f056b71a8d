desk-choice = Mit einem Code meiner Organisation
desk-title = Geben Sie Ihren Prüfcode ein
desk-intro = Ihre Organisation hat geprüft, wer Sie sind, und Ihnen einen Code gegeben. Geben Sie ihn ein, um die Anmeldung abzuschließen.
desk-label = Prüfcode
desk-hint = 12 Zeichen. Groß- und Kleinschreibung, Leerzeichen und Striche spielen keine Rolle.
desk-length = Ein Code hat 12 Zeichen. Bitte prüfen Sie, ob eines fehlt oder doppelt ist.
desk-symbol = Darin steht ein Zeichen, das in keinem Code vorkommt. Codes enthalten nie 0, O, 1, I, L, 2, 5, S, 6, 8, B, U oder V.
desk-wrong = { $attempts ->
    [one] Dieser Code stimmt nicht. Sie haben noch 1 Versuch.
   *[other] Dieser Code stimmt nicht. Sie haben noch { $attempts } Versuche.
}
desk-too-late = Dieser Code ist abgelaufen. Bitte lassen Sie sich von Ihrer Organisation einen neuen geben.
