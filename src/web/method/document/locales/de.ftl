document-choice = Mit Fotos von meinem Ausweis und von mir
document-title = Mit Fotos ausweisen
document-cannot = Ich kann das nicht
document-later = Jetzt zurück, später wieder anmelden

document-needed = Was Sie brauchen
document-need-document = Den Ausweis selbst, keine Kopie, und ein Telefon oder einen Computer mit Kamera.
document-issuers = Einer dieser Staaten muss ihn ausgestellt haben, abgekürzt wie in Pässen: { $states }
document-need-face = Sie machen auch ein Foto von sich.
document-need-paper = Sie machen auch ein Foto von sich mit einem Zettel. Legen Sie ein Blatt Papier und einen Stift bereit.
document-may-cover = Was nicht gebraucht wird, dürfen Sie abdecken: die Nummer des Ausweises, Ihre Anschrift und Ihre Unterschrift. Ihr Bild, Ihr Name, Ihr Geburtsdatum und das Ablaufdatum müssen lesbar sein.
document-why = Warum
document-why-text = Ihre Organisation möchte sicher sein, dass wirklich Sie sich anmelden. Menschen vergleichen Ihre Fotos und entscheiden, keine Maschine.
document-who = Wer Ihre Fotos sieht
document-who-text = Nur Mitarbeitende Ihrer Organisation, deren Aufgabe das ist. Die Fotos bleiben bei diesem Dienst und werden an niemanden weitergegeben.
document-contact = Für Fragen, Beschwerden oder damit alles gelöscht wird: { $contact }
document-deleted = Wann Ihre Fotos gelöscht werden
document-kept-unsent = Wenn Sie sie nicht absenden: bald nach dieser Anmeldung.
document-kept-withdrawn = Wenn Sie vor einer Entscheidung aufhören: sofort.
document-kept-record = Was bleibt, ist ein Eintrag darüber, wann und wie Sie geprüft wurden; daraus lässt sich kein Foto machen. Wo das Gesetz es verlangt, werden Fotos länger aufbewahrt.
document-kept-approved = { $days ->
    [one] Wenn Ihre Identität bestätigt wird: 1 Tag nach der Anmeldung, für die sie gilt.
   *[other] Wenn Ihre Identität bestätigt wird: { $days } Tage nach der Anmeldung, für die sie gilt.
}
document-kept-approved-at-once = Wenn Ihre Identität bestätigt wird: mit der Anmeldung, für die sie gilt.
document-kept-untaken = { $days ->
    [one] Eine Entscheidung, für die Sie sich nicht innerhalb 1 Tages anmelden, gilt nicht mehr; war sie zu Ihren Gunsten, werden Ihre Fotos dann gelöscht.
   *[other] Eine Entscheidung, für die Sie sich nicht innerhalb von { $days } Tagen anmelden, gilt nicht mehr; war sie zu Ihren Gunsten, werden Ihre Fotos dann gelöscht.
}
document-kept-rejected = { $days ->
    [one] Wenn nicht: 1 Tag nach der Entscheidung.
   *[other] Wenn nicht: { $days } Tage nach der Entscheidung.
}
document-kept-open = { $days ->
    [one] Wenn nichts entschieden wird: nach 1 Tag, gerechnet ab dem letzten Senden oder Anfordern von Fotos.
   *[other] Wenn nichts entschieden wird: nach { $days } Tagen, gerechnet ab dem letzten Senden oder Anfordern von Fotos.
}
document-duration = Wie lange es dauert
document-duration-text = Etwa fünf Minuten. Danach sehen sich Menschen Ihre Fotos an, meist innerhalb eines Arbeitstages. Sie müssen hier nicht warten.
document-which = Welchen Ausweis haben Sie?
document-passport = Reisepass
document-identity-card = Personalausweis
document-residence-permit = Aufenthaltstitel
document-driving-licence = Führerschein
document-consent = Ich habe das gelesen und bin einverstanden, dass meine Fotos dafür verwendet werden.
document-anew-counts = Die Fotos, die Sie zuvor gesendet haben, werden gelöscht. Neu zu beginnen zählt als eines der Male, die Sie Fotos senden dürfen.

document-step = Foto { $step }
document-passport-page = Foto der Seite mit Ihrem Bild in Ihrem Reisepass
document-identity-card-front = Foto der Vorderseite Ihres Personalausweises
document-identity-card-back = Foto der Rückseite Ihres Personalausweises
document-residence-permit-front = Foto der Vorderseite Ihres Aufenthaltstitels
document-residence-permit-back = Foto der Rückseite Ihres Aufenthaltstitels
document-driving-licence-front = Foto der Vorderseite Ihres Führerscheins
document-driving-licence-back = Foto der Rückseite Ihres Führerscheins
document-selfie = Foto von Ihnen
document-selfie-paper = Foto von Ihnen mit einem Zettel
document-selfie-in-hand = Foto von Ihnen mit Ihrem Ausweis
document-pose = Ein zweites Foto von Ihnen
document-paper = Schreiben Sie dies groß und deutlich auf ein Blatt Papier und halten Sie es neben Ihr Gesicht:
document-pose-left = Drehen Sie auf diesem Foto den Kopf nach links.
document-pose-right = Drehen Sie auf diesem Foto den Kopf nach rechts.
document-pose-up = Heben Sie auf diesem Foto das Kinn.
document-pose-hand = Sehen Sie auf diesem Foto geradeaus und halten Sie eine Hand an die Wange.
document-how-flat = Legen Sie ihn flach auf einen dunklen, einfarbigen Untergrund.
document-how-corners = Alle vier Ecken sind im Bild.
document-how-glare = Kein Blitz und nichts, was spiegelt.
document-how-alone = Sie sind allein im Bild.
document-how-light = Licht fällt von vorn auf Ihr Gesicht. Keine Sonnenbrille, nichts, was das Gesicht verdeckt.
document-how-arm = Halten Sie das Telefon auf Armlänge. Ihr Gesicht muss nicht genau in der Mitte sein.
document-example-page = Beispiel: Die ganze Seite mit dem Bild füllt das Foto, bis zu den zwei Zeilen unten.
document-example-front = Beispiel: Die ganze Karte mit dem Bild darauf füllt das Foto.
document-example-back = Beispiel: Die ganze andere Seite der Karte füllt das Foto.
document-example-face = Beispiel: Kopf und Schultern von vorn.
document-example-paper = Beispiel: Kopf und Schultern von vorn, neben dem Gesicht ein Blatt Papier mit großer Schrift.
document-example-in-hand = Beispiel: Kopf und Schultern von vorn, neben dem Gesicht der Ausweis mit der Bildseite.
document-example-pose = Beispiel: Kopf und Schultern, so wie es auf dieser Seite steht.
document-take = Foto aufnehmen
document-send-photo = Dieses Foto senden
document-choose = Vorhandenes Foto auswählen
document-send-chosen = Ausgewähltes Foto senden
document-look-before = Das gesendete Foto ansehen
document-check-document = Ist alles lesbar, bis zur kleinsten Schrift?
document-check-person = Ist Ihr Gesicht gut zu erkennen und alles andere zu sehen, worum gebeten wurde?
document-check-alt = Ihr Foto
document-use = Dieses Foto verwenden
document-again = Noch einmal aufnehmen

document-summary-title = Alle Fotos sind da
document-look = Ansehen
document-have = Dieses haben wir.
document-send-text = Senden Sie sie jetzt ab. Dann sehen Menschen Ihrer Organisation sie sich an.
document-send = Fotos absenden
document-limit-minutes = { $minutes ->
    [one] Sie haben vorerst so oft Fotos gesendet, wie es geht. In 1 Minute können Sie wieder welche senden.
   *[other] Sie haben vorerst so oft Fotos gesendet, wie es geht. In { $minutes } Minuten können Sie wieder welche senden.
}
document-limit-hours = { $hours ->
    [one] Sie haben vorerst so oft Fotos gesendet, wie es geht. In 1 Stunde können Sie wieder welche senden.
   *[other] Sie haben vorerst so oft Fotos gesendet, wie es geht. In { $hours } Stunden können Sie wieder welche senden.
}

document-waiting-title = Ihre Fotos sind bei Ihrer Organisation
document-waiting-text = Menschen sehen sie sich an und entscheiden. Diese Seite zeigt es, wenn das geschehen ist.
document-waiting-usually = Das dauert meist weniger als einen Arbeitstag.
document-waiting-hour = Das dauert meist weniger als eine Stunde.
document-waiting-hours = Das dauert meist weniger als vier Stunden.
document-waiting-days = Das dauert meist weniger als drei Tage.
document-waiting-later = Sie müssen nicht warten. Gehen Sie jetzt zurück und melden Sie sich später wieder an: Dann geht es hier weiter.
document-withdraw = Alles löschen und aufhören
document-withdraw-title = Alles löschen?
document-withdraw-text = Ihre Fotos werden sofort gelöscht, und niemand entscheidet darüber. Sie können neu beginnen.
document-withdraw-no = Nein, weitermachen
document-withdraw-yes = Ja, alles löschen
document-asked-title = Bitte senden Sie bessere Fotos
document-asked-text = Ihre Fotos wurden angesehen. Um zu entscheiden, braucht Ihre Organisation noch dies:
document-rejected-text = Ihre Organisation hat Ihre Fotos angesehen und konnte Ihre Identität nicht bestätigen:
document-anew = Neu beginnen
document-other-title = Sie haben schon Fotos gesendet
document-other-text = Bei einer anderen Anmeldung haben Sie Fotos gesendet, über die noch nicht entschieden ist.
document-other-keep = Wenn es bei diesen bleiben soll, gehen Sie jetzt zurück und melden Sie sich später wieder an. Wenn Sie neu beginnen, werden sie gelöscht, und das zählt als eines der Male, die Sie Fotos senden dürfen.
document-lapsed-title = Über Ihre Fotos wurde nicht entschieden
document-lapsed-text = Niemand konnte sich Ihre Fotos rechtzeitig ansehen. Sie sind gelöscht. Das tut uns leid; bitte beginnen Sie neu.
document-lapsed-asked = Sie wurden um bessere Fotos gebeten, und die Zeit dafür ist vorbei. Ihre Fotos sind gelöscht. Sie können neu beginnen.
document-otherwise-title = Wenn Sie das nicht können
document-otherwise-text = Sie können sich auf andere Weise ausweisen:
document-otherwise-none = Auf dieser Seite gibt es keinen anderen Weg. Sie können zu Ihrer Anmeldung zurückgehen.
document-otherwise-support = Der Support Ihrer Organisation hilft: siehe unten auf dieser Seite.

document-problem-consent = Bitte kreuzen Sie an, dass Sie einverstanden sind. Ohne das dürfen wir Ihre Fotos nicht verwenden.
document-problem-kind = Bitte wählen Sie einen dieser Ausweise.
document-problem-reworded = Bitte lesen Sie dies noch einmal: Es hat sich geändert.
document-problem-outdated = Ihre Fotos wurden angenommen, aber das ist für diese Anwendung zu lange her. Bitte beginnen Sie neu.
document-problem-late = Für alle Fotos bleibt zu wenig Zeit. Gehen Sie zurück und melden Sie sich zuerst neu an.
document-problem-gone = Was Sie begonnen haben, gibt es hier nicht mehr: Es wurde anderswo neu begonnen, oder die Zeit dafür war vorbei. Bitte beginnen Sie neu.
document-problem-held = Das kann im Moment nicht gelöscht werden. Fragen Sie Ihre Organisation.
document-problem-withdrawn = Alles wurde gelöscht.
document-problem-none = Es kam kein Foto an. Nehmen Sie eines auf oder wählen Sie eines aus und drücken Sie dann den Knopf.
document-problem-too-large = Diese Datei ist zu groß: höchstens 12 Megabyte. Stellen Sie Ihre Kamera auf eine geringere Auflösung und nehmen Sie es noch einmal auf.
document-problem-missing = Dieses Foto fehlt noch.
document-problem-changed = Das ist ein anderes Foto als das, das Sie angesehen haben. Bitte sehen Sie noch einmal hin.
document-problem-unusable = Genau dieses Foto war nicht zu verwenden. Bitte machen Sie ein neues.
document-problem-heic = Dieses Foto hat ein Format, das wir nicht lesen können (HEIC). Nehmen Sie es mit dem Knopf „Foto aufnehmen“ auf, oder stellen Sie am iPhone Einstellungen › Kamera › Formate › Maximale Kompatibilität ein.
document-problem-format = Das ist kein Foto einer Kamera, sondern ein anderes Bild, etwa ein Bildschirmfoto. Bitte machen Sie ein Foto.
document-problem-pdf = Das ist ein PDF. Bitte machen Sie stattdessen ein Foto.
document-problem-video = Das ist ein Film. Bitte machen Sie stattdessen ein Foto.
document-problem-unknown = Das ist kein Foto. Bitte machen Sie eines mit Ihrer Kamera.
document-problem-too-small = Dieses Foto ist zu klein, um es zu lesen. Nehmen Sie es mit Ihrer Kamera in der üblichen Auflösung auf.
document-problem-pixels = Dieses Foto hat mehr Bildpunkte, als wir annehmen können. Stellen Sie Ihre Kamera auf eine geringere Auflösung und nehmen Sie es noch einmal auf.
document-problem-no-photo = Diese Datei ist kein Foto einer Kamera. Bitte machen Sie eines.
document-problem-incomplete = Das Foto kam nicht vollständig an. Bitte senden Sie es noch einmal.
document-problem-flat = Das Foto ist leer: Es zeigt nur eine Farbe. Bitte nehmen Sie es noch einmal auf.
document-problem-no-room = Im Moment können keine Fotos angenommen werden. Bitte versuchen Sie es später noch einmal, oder wählen Sie einen anderen Weg.
document-problem-fault = Wir konnten Ihr Foto nicht speichern; das ist unser Fehler. Bitte senden Sie es noch einmal.

document-stuck-kept = Dieses Foto muss nicht vollkommen sein. Menschen sehen es sich an und fragen noch einmal, wenn es nicht reicht. Sie können es so verwenden, wie es ist, oder sich auf andere Weise ausweisen.
document-stuck-none = Mit diesen Fotos scheint es nicht zu gehen. Versuchen Sie es mit einem anderen Telefon oder Browser, oder weisen Sie sich auf andere Weise aus.
document-stuck-other = Auf andere Weise ausweisen

document-ask-blurred = Das Foto ist nicht scharf. Halten Sie die Kamera ruhig und warten Sie, bis sie scharf stellt.
document-ask-dark = Das Foto ist zu dunkel. Gehen Sie dorthin, wo mehr Licht ist.
document-ask-glare = Etwas spiegelt sich darin. Schalten Sie den Blitz aus und neigen Sie den Ausweis ein wenig.
document-ask-cut-off = Am Rand fehlt ein Teil. Zeigen Sie alles.
document-ask-covered = Etwas, das gebraucht wird, ist verdeckt. Lassen Sie Ihr Bild, Ihren Namen, Ihr Geburtsdatum und das Ablaufdatum frei.
document-ask-too-small = Das Wichtige ist zu klein. Gehen Sie näher heran.
document-ask-wrong-side = Das ist die andere Seite.
document-ask-side-missing = Diese Seite fehlt noch.
document-ask-wrong-document = Das ist ein anderer Ausweis als der, den Sie gewählt haben.
document-ask-not-accepted = Ein solcher Ausweis wird nicht angenommen. Zeigen Sie einen anderen von denen, die Sie wählen konnten.
document-ask-copy = Das ist eine Kopie oder ein Bildschirm. Fotografieren Sie den Ausweis selbst.
document-ask-face = Ihr Gesicht ist nicht gut zu sehen. Nichts soll es verdecken.
document-ask-several-faces = Es sind mehrere Menschen darauf. Bitte seien Sie allein im Bild.
document-ask-cue = Worum gebeten wurde, ist nicht im Bild oder nicht zu lesen.
document-ask-expired = Der Ausweis ist abgelaufen. Zeigen Sie einen anderen, wenn Sie einen haben.
document-ask-damaged = Der Ausweis ist beschädigt. Zeigen Sie einen anderen, wenn Sie einen haben.
document-ask-restored = Wir mussten diesen Dienst aus einer Sicherung wiederherstellen, und Ihre Fotos gingen verloren. Das tut uns leid; bitte senden Sie sie noch einmal.
document-reject-expired = Der Ausweis ist abgelaufen.
document-reject-not-accepted = Ein solcher Ausweis wird nicht angenommen.
document-reject-different-person = Die Person auf dem Foto und im Ausweis konnte nicht als dieselbe erkannt werden.
document-reject-name = Der Name im Ausweis passt nicht zu Ihrem Konto.
document-reject-too-young = Das Alter reicht nicht für das, was Ihre Organisation verlangt.
document-reject-unusable = Die Fotos waren nicht zu verwenden.
document-reject-other = Was gesendet wurde, reichte nicht aus.

document-phone-title = Mit dem Telefon weitermachen
document-phone-text = Ein Telefon macht die besten Fotos. Ein Code führt es hierher; alles andere geht in diesem Fenster weiter.
document-phone-offer = Fotos mit dem Telefon aufnehmen
document-phone-other = Fotos mit einem anderen Telefon aufnehmen
document-phone-show = Code anzeigen
document-phone-another = Anderen Code anzeigen
document-phone-scan = Richten Sie die Kamera Ihres Telefons auf diesen Code und öffnen Sie den Link, den sie zeigt. Er gilt fünf Minuten.
document-phone-link = Oder geben Sie diese Adresse am Telefon ein:
document-phone-word = Tippen Sie dort auf dieses Wort:
document-phone-connected = Ein Telefon ist verbunden. Machen Sie die Fotos dort; diese Seite zieht mit.
document-phone-cut = Telefon trennen
document-phone-here = Hier weitermachen
document-phone-missed = Auf einem Telefon wurde das falsche Wort angetippt, oder jemand sagte, dass dies nicht von ihm ist. Dieser Code ist nichts mehr wert.
document-phone-reported = Jemand hat Ihren Code geöffnet und gesagt, dass dies nicht von ihm ist. Wenn Sie ihn niemandem geschickt haben, hören Sie auf und sagen Sie es Ihrer Organisation.
document-phone-over = Es kann kein Telefon mehr verbunden werden. Machen Sie die Fotos hier.
document-tap-title = Haben Sie das begonnen?
document-tap-text = Sie haben das selbst begonnen, an einem Computer, der vor Ihnen steht. Tippen Sie auf das Wort, das er zeigt:
document-tap-never = Hat Ihnen jemand den Link geschickt oder ein Wort vorgelesen? Dann machen Sie nicht weiter.
document-tap-no = Das ist nicht von mir
document-tap-here = Sie haben den Code dort geöffnet, wo Sie begonnen haben. Ein zweites Gerät ist nicht nötig.
document-tap-go-on = Hier weitermachen
document-code-title = Dieser Code gilt nicht mehr
document-code-text = Er wurde benutzt, ersetzt oder ist zu alt. Lassen Sie sich an Ihrem Computer einen neuen geben.
document-code-wrong = Das war nicht das Wort. Lassen Sie sich an Ihrem Computer einen neuen Code geben.
document-code-reported = Danke. Der Code ist nichts mehr wert, und wer damit begonnen hat, sieht, dass Sie das gesagt haben.
document-done-title = Fertig. Sehen Sie auf Ihren Computer
document-done-text = Alle Fotos sind da. Es geht an dem Computer weiter, an dem Sie begonnen haben; diese Seite können Sie schließen.
document-gone-title = Dieses Telefon wurde getrennt
document-gone-text = Sehen Sie auf Ihren Computer: Dort steht, wie es weitergeht.
document-words = Anker, Apfel, Brücke, Kerze, Burg, Kirsche, Wolke, Trommel, Feder, Blume, Wald, Garten, Hammer, Insel, Leiter, Zitrone, Spiegel, Berg, Bleistift, Hase, Fluss, Löffel, Stern, Fenster

document-hint-dark = Das Foto wirkt eher dunkel.
document-hint-glare = Auf dem Foto scheint sich etwas zu spiegeln.
document-hint-blurred = Das Foto wirkt nicht scharf.
document-send-anyway = Trotzdem senden
document-preparing = Das Foto wird vorbereitet …
document-sending = Das Foto wird gesendet …
document-sending-again = Es kam nicht durch. Neuer Versuch …
document-sending-offline = Es gibt keine Verbindung. Ihr Foto ist noch hier: Senden Sie es noch einmal, sobald es eine gibt.

document-camera-text = Sie können es auf dieser Seite aufnehmen. Ihr Browser fragt Sie zuerst. Die Kamera ist nur an, solange Sie diese Seite ansehen, und gesendet wird nur das Foto, das Sie aufnehmen.
document-camera-open = Kamera einschalten
document-camera-take = Jetzt aufnehmen
document-camera-waiting = Die Kamera wird eingeschaltet. Wenn Ihr Browser fragt, erlauben Sie es.
document-camera-slow = Die Kamera antwortet noch nicht. Wenn Ihr Browser fragt, erlauben Sie es; oder machen Sie das Foto weiter unten.
document-camera-ready = Die Kamera ist an. Füllen Sie den Rahmen, halten Sie still und drücken Sie den Knopf.
document-camera-dark = Es ist recht dunkel. Gehen Sie dorthin, wo mehr Licht ist.
document-camera-blurred = Das Bild ist nicht scharf. Halten Sie still.
document-camera-off = Die Kamera ist aus.
document-camera-none = Die Kamera lässt sich auf dieser Seite nicht verwenden. Machen Sie das Foto weiter unten.
