problem = Problem
continue = Weiter
cancel = Abbrechen und zurück
organisation = Organisation
login-at = Anmeldung bei
account = Konto
support = Hilfe
privacy = Datenschutz
terms = Nutzungsbedingungen
time-left = { $minutes ->
    [one] Sie haben noch 1 Minute Zeit.
   *[other] Sie haben noch { $minutes } Minuten Zeit.
}

choose-title = Wie möchten Sie sich ausweisen?

concluded-success = Sie sind verifiziert
concluded-failed = Sie konnten nicht verifiziert werden
concluded-canceled = Sie haben die Prüfung verlassen
concluded-pending = Über Ihre Prüfung ist noch nicht entschieden
concluded-expired = Die Zeit für diese Prüfung ist abgelaufen
concluded-text = Diese Seite hat ihre Arbeit getan. Wenn Sie noch nicht angemeldet sind, kehren Sie zur Anmeldung zurück.
concluded-return = Zurück zur Anmeldung

arrival-title = Ihre Prüfung wird geöffnet

handoff-title = Zurück zu Ihrer Anmeldung
handoff-text = Wenn nichts geschieht, drücken Sie den Knopf.

before-decided = Über Ihre Prüfung wurde schon entschieden. Fahren Sie fort, um die Anmeldung abzuschließen.
before-failed = Das wurde nach Ihrer letzten Anmeldung entschieden. Kehren Sie zur Anmeldung zurück, dann erfährt es die Anwendung.
before-waiting = Sie brauchen nichts weiter zu tun. Kehren Sie vorerst zur Anmeldung zurück und melden Sie sich später neu an.
before-anew = Oder weisen Sie sich neu aus:

nothing-title = Für diese Anwendung können Sie hier nicht geprüft werden
nothing-text = Die Anwendung nimmt keines der Verfahren an, mit denen diese Organisation Personen prüft. Sagen Sie es dem Support Ihrer Organisation und kehren Sie dann zur Anmeldung zurück.

refusal-reference = Kennung für Rückfragen
refusal-not-found-title = Diese Seite gibt es nicht
refusal-not-found-text = Gehen Sie zu der Anwendung zurück, die Sie nutzen wollten, und melden Sie sich dort an.
refusal-link-title = Dieser Link funktioniert nicht
refusal-link-text = Er ist unvollständig oder nicht für diesen Dienst gemacht. Gehen Sie zu der Anwendung zurück, die Sie nutzen wollten, und melden Sie sich neu an.
refusal-expired-title = Diese Anmeldung hat zu lange gedauert
refusal-expired-text = Gehen Sie zu der Anwendung zurück, die Sie nutzen wollten, und melden Sie sich neu an.
refusal-used-title = Dieser Link wurde schon benutzt
refusal-used-text = Die Prüfung geht dort weiter, wo sie zuerst geöffnet wurde. Wenn Sie das nicht waren, gehen Sie zur Anwendung zurück und melden Sie sich neu an.
refusal-too-long-title = Diese Anfrage ist zu lang
refusal-too-long-text = Gehen Sie zu der Anwendung zurück, die Sie nutzen wollten, und melden Sie sich neu an. Kommt diese Seite wieder, schließen Sie zuerst alle Tabs dieser Website.
refusal-login-too-long-title = Diese Anmeldung ist zu lang für Ihren Browser
refusal-login-too-long-text = Die Anwendung schickt mit dieser Anmeldung mehr, als ein Browser behält. Sagen Sie es dem Support Ihrer Organisation.
refusal-photo-wait-title = Wir können Ihr Foto gerade nicht annehmen
refusal-photo-wait-text = Warten Sie einige Sekunden, gehen Sie eine Seite zurück und senden Sie es noch einmal. Was Sie vorher gesendet haben, ist noch da.
refusal-no-session-title = Ihr Browser hat diese Anmeldung nicht erkannt
refusal-no-session-text = Öffnen Sie diese Seite in dem Browser, in dem Sie sich angemeldet haben, und erlauben Sie Cookies für diese Website. Gehen Sie dann zur Anwendung zurück und melden Sie sich neu an.
refusal-busy-title = Gerade melden sich sehr viele Menschen an
refusal-busy-text = Warten Sie einige Sekunden und laden Sie diese Seite neu. Ihre Anmeldung geht dann weiter.
refusal-too-often-title = Zu viele Versuche in kurzer Zeit
refusal-too-often-text = Warten Sie eine Minute und laden Sie diese Seite neu. Wenn Sie sich nicht anmelden wollten, sagen Sie es dem Support Ihrer Organisation.
refusal-clock-title = Die Uhr dieses Dienstes geht anscheinend falsch
refusal-clock-text = Nach seiner Uhr hat Ihre Anmeldung noch nicht begonnen. Sagen Sie es dem Support Ihrer Organisation: Eine Administratorin oder ein Administrator muss die Uhr richtig stellen. Laden Sie diese Seite danach neu.
refusal-retry-title = Bitte versuchen Sie es noch einmal
refusal-retry-text = Das ließ sich gerade nicht abschließen, und nichts ging verloren. Warten Sie einen Moment, gehen Sie eine Seite zurück und versuchen Sie es noch einmal.
refusal-request-title = Diese Anfrage wurde nicht verstanden
refusal-request-text = Gehen Sie zu der Anwendung zurück, die Sie nutzen wollten, und melden Sie sich neu an.

home-title = Identitätsprüfung
home-text = Diese Website prüft, wer Menschen sind, wenn sie sich bei einer Anwendung anmelden. Hier ist nichts zu tun: Gehen Sie zu Ihrer Anwendung zurück und melden Sie sich dort an.
