simulated-choice = In diesem Probelauf simulieren
simulated-title = Wie soll diese Prüfung ausgehen?
simulated-text = Dies ist ein Probelauf. Hier entscheiden Sie, was eine echte Prüfung ergeben würde.
simulated-approve = Verifiziert
simulated-reject = Nicht verifiziert
simulated-pending = Noch offen
simulated-away = Erst woandershin gehen und zurückkommen
simulated-back = Sie waren woanders, wie bei einem Verfahren, das Personen zu jemand anderem schickt. Jetzt sind Sie zurück.
