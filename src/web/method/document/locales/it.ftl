document-choice = Con foto del mio documento e di me
document-title = Verificare la Sua identità con foto
document-cannot = Non posso farlo
document-later = Tornare ora, accedere più tardi

document-needed = Che cosa serve
document-need-document = Il documento stesso, non una copia, e un telefono o un computer con fotocamera.
document-issuers = Deve essere rilasciato da uno di questi Stati, come sono abbreviati nei passaporti: { $states }
document-need-face = Farà anche una foto di sé.
document-need-paper = Farà anche una foto di sé con un biglietto. Tenga pronti un foglio di carta e una penna.
document-may-cover = Può coprire ciò che non serve: il numero del documento, l’indirizzo e la firma. Il ritratto, il nome, la data di nascita e la data di scadenza devono essere leggibili.
document-why = Perché
document-why-text = La Sua organizzazione vuole essere sicura che sia davvero Lei ad accedere. Sono persone a confrontare le Sue foto e a decidere, non una macchina.
document-who = Chi vede le Sue foto
document-who-text = Solo il personale della Sua organizzazione che ha questo compito. Le foto restano in questo servizio e non vengono passate a nessuno.
document-contact = Per domande, reclami o per far cancellare tutto: { $contact }
document-deleted = Quando vengono cancellate le Sue foto
document-kept-unsent = Se non le invia: poco dopo questo accesso.
document-kept-withdrawn = Se smette prima di una decisione: subito.
document-kept-record = Ciò che resta è una registrazione di quando e come è stata verificata la Sua identità, da cui non si può ricavare nessuna foto. Dove la legge lo richiede, le foto sono conservate più a lungo.
document-kept-approved = { $days ->
    [one] Se la Sua identità è confermata: 1 giorno dopo l’accesso a cui serve.
   *[other] Se la Sua identità è confermata: { $days } giorni dopo l’accesso a cui serve.
}
document-kept-approved-at-once = Se la Sua identità è confermata: con l’accesso a cui serve.
document-kept-untaken = { $days ->
    [one] Una decisione per cui non accede entro 1 giorno non vale più; se era favorevole, le Sue foto vengono allora cancellate.
   *[other] Una decisione per cui non accede entro { $days } giorni non vale più; se era favorevole, le Sue foto vengono allora cancellate.
}
document-kept-rejected = { $days ->
    [one] Se non lo è: 1 giorno dopo la decisione.
   *[other] Se non lo è: { $days } giorni dopo la decisione.
}
document-kept-open = { $days ->
    [one] Se non si decide nulla: dopo 1 giorno, dall’ultimo invio o dall’ultima richiesta di foto.
   *[other] Se non si decide nulla: dopo { $days } giorni, dall’ultimo invio o dall’ultima richiesta di foto.
}
document-duration = Quanto tempo ci vuole
document-duration-text = Circa cinque minuti. Poi alcune persone guardano le Sue foto, di solito entro un giorno lavorativo. Non deve aspettare qui.
document-which = Quale documento ha?
document-passport = Passaporto
document-identity-card = Carta d’identità
document-residence-permit = Permesso di soggiorno
document-driving-licence = Patente di guida
document-consent = Ho letto questo testo e accetto che le mie foto siano usate a questo scopo.
document-anew-counts = Le foto inviate prima vengono cancellate. Ricominciare conta come una delle volte in cui può inviare foto.

document-step = Foto { $step }
document-passport-page = Foto della pagina del passaporto con il Suo ritratto
document-identity-card-front = Foto del fronte della Sua carta d’identità
document-identity-card-back = Foto del retro della Sua carta d’identità
document-residence-permit-front = Foto del fronte del Suo permesso di soggiorno
document-residence-permit-back = Foto del retro del Suo permesso di soggiorno
document-driving-licence-front = Foto del fronte della Sua patente di guida
document-driving-licence-back = Foto del retro della Sua patente di guida
document-selfie = Foto di Lei
document-selfie-paper = Foto di Lei con un biglietto
document-selfie-in-hand = Foto di Lei con il documento
document-pose = Una seconda foto di Lei
document-paper = Scriva questo su un foglio, grande e chiaro, e lo tenga accanto al viso:
document-pose-left = In questa foto giri la testa verso la Sua sinistra.
document-pose-right = In questa foto giri la testa verso la Sua destra.
document-pose-up = In questa foto alzi il mento.
document-pose-hand = In questa foto guardi dritto davanti a sé e appoggi una mano alla guancia.
document-how-flat = Lo appoggi in piano su uno sfondo scuro e uniforme.
document-how-corners = Tutti e quattro gli angoli sono nella foto.
document-how-glare = Niente flash e niente riflessi.
document-how-alone = Nella foto non c’è nessun altro.
document-how-light = La luce arriva sul viso da davanti. Niente occhiali da sole e niente che copra il viso.
document-how-arm = Tenga il telefono a braccio teso. Il viso non deve essere esattamente al centro.
document-example-page = Esempio: tutta la pagina con il ritratto riempie la foto, fino alle due righe in basso.
document-example-front = Esempio: tutta la tessera, con il ritratto, riempie la foto.
document-example-back = Esempio: tutto l’altro lato della tessera riempie la foto.
document-example-face = Esempio: testa e spalle, di fronte.
document-example-paper = Esempio: testa e spalle, di fronte, e accanto al viso un foglio con scritte grandi.
document-example-in-hand = Esempio: testa e spalle, di fronte, e accanto al viso il documento dal lato del ritratto.
document-example-pose = Esempio: testa e spalle, come chiede questa pagina.
document-take = Scattare una foto
document-send-photo = Inviare questa foto
document-choose = Scegliere una foto che ha già
document-send-chosen = Inviare la foto scelta
document-look-before = Guardare la foto inviata
document-check-document = Si legge tutto, fino ai caratteri più piccoli?
document-check-person = Il Suo viso si riconosce bene e si vede tutto il resto che era richiesto?
document-check-alt = La Sua foto
document-use = Usare questa foto
document-again = Scattarla di nuovo

document-summary-title = Ci sono tutte le foto
document-look = Guardarla
document-have = Questa l’abbiamo già.
document-send-text = Le invii ora. Poi le guardano persone della Sua organizzazione.
document-send = Inviare le foto
document-limit-minutes = { $minutes ->
    [one] Per ora ha inviato foto tutte le volte possibili. Può inviarne altre tra 1 minuto.
   *[other] Per ora ha inviato foto tutte le volte possibili. Può inviarne altre tra { $minutes } minuti.
}
document-limit-hours = { $hours ->
    [one] Per ora ha inviato foto tutte le volte possibili. Può inviarne altre tra 1 ora.
   *[other] Per ora ha inviato foto tutte le volte possibili. Può inviarne altre tra { $hours } ore.
}

document-waiting-title = Le Sue foto sono alla Sua organizzazione
document-waiting-text = Delle persone le guardano e decidono. Questa pagina lo mostra quando è avvenuto.
document-waiting-usually = Di solito ci vuole meno di un giorno lavorativo.
document-waiting-hour = Di solito ci vuole meno di un’ora.
document-waiting-hours = Di solito ci vogliono meno di quattro ore.
document-waiting-days = Di solito ci vogliono meno di tre giorni.
document-waiting-later = Non deve aspettare. Torni ora e acceda più tardi: allora si continua qui.
document-withdraw = Cancellare tutto e smettere
document-withdraw-title = Cancellare tutto?
document-withdraw-text = Le Sue foto vengono cancellate subito e nessuno decide su di esse. Può ricominciare.
document-withdraw-no = No, continuare
document-withdraw-yes = Sì, cancellare tutto
document-asked-title = Invii foto migliori, per favore
document-asked-text = Le Sue foto sono state guardate. Per decidere, alla Sua organizzazione serve ancora questo:
document-rejected-text = La Sua organizzazione ha guardato le Sue foto e non ha potuto confermare la Sua identità:
document-anew = Ricominciare
document-other-title = Ha già inviato delle foto
document-other-text = In un altro accesso ha inviato foto su cui non si è ancora deciso.
document-other-keep = Per restare con quelle, torni ora e acceda più tardi. Se ricomincia, vengono cancellate, e questo conta come una delle volte in cui può inviare foto.
document-lapsed-title = Non si è deciso sulle Sue foto
document-lapsed-text = Nessuno ha potuto guardare le Sue foto in tempo. Sono state cancellate. Ci dispiace; ricominci, per favore.
document-lapsed-asked = Le erano state chieste foto migliori e il tempo è scaduto. Le Sue foto sono state cancellate. Può ricominciare.
document-otherwise-title = Se non può farlo
document-otherwise-text = Può verificare la Sua identità in un altro modo:
document-otherwise-none = In questa pagina non c’è un altro modo. Può tornare al Suo accesso.
document-otherwise-support = L’assistenza della Sua organizzazione La aiuta: veda in fondo a questa pagina.

document-problem-consent = Spunti la casella se accetta, per favore. Senza, non possiamo usare le Sue foto.
document-problem-kind = Scelga uno di questi documenti, per favore.
document-problem-reworded = Legga ancora una volta, per favore: il testo è cambiato.
document-problem-outdated = Le Sue foto sono state accettate, ma da troppo tempo per questa applicazione. Ricominci.
document-problem-late = Resta troppo poco tempo per tutte le foto. Torni indietro e acceda prima di nuovo.
document-problem-gone = Ciò che aveva iniziato non è più qui: è stato ricominciato altrove, o il tempo era scaduto. Ricominci, per favore.
document-problem-held = Al momento non si può cancellare. Chieda alla Sua organizzazione.
document-problem-withdrawn = È stato cancellato tutto.
document-problem-none = Non è arrivata nessuna foto. Ne scatti o ne scelga una, poi prema il pulsante.
document-problem-too-large = Questo file è troppo grande: al massimo 12 megabyte. Imposti la fotocamera su una risoluzione più bassa e scatti di nuovo.
document-problem-missing = Questa foto manca ancora.
document-problem-changed = Questa non è la foto che aveva guardato. Guardi ancora una volta, per favore.
document-problem-unusable = Proprio questa foto non si è potuta usare. Ne scatti una nuova, per favore.
document-problem-heic = Questa foto è in un formato che non possiamo leggere (HEIC). La scatti con il pulsante «Scattare una foto» oppure, su un iPhone, scelga Impostazioni › Fotocamera › Formati › Più compatibile.
document-problem-format = Questa non è la foto di una fotocamera ma un’altra immagine, per esempio una schermata. Scatti una foto, per favore.
document-problem-pdf = Questo è un PDF. Scatti invece una foto, per favore.
document-problem-video = Questo è un video. Scatti invece una foto, per favore.
document-problem-unknown = Questa non è una foto. Ne scatti una con la fotocamera, per favore.
document-problem-too-small = Questa foto è troppo piccola per leggerla. La scatti con la fotocamera, alla risoluzione abituale.
document-problem-pixels = Questa foto ha più pixel di quanti possiamo accettare. Imposti la fotocamera su una risoluzione più bassa e scatti di nuovo.
document-problem-no-photo = Questo file non è la foto di una fotocamera. Ne scatti una, per favore.
document-problem-incomplete = La foto non è arrivata intera. La invii di nuovo, per favore.
document-problem-flat = La foto è vuota: mostra un solo colore. La scatti di nuovo, per favore.
document-problem-no-room = Al momento non si possono ricevere foto. Riprovi più tardi o scelga un altro modo.
document-problem-fault = Non abbiamo potuto conservare la Sua foto; è colpa nostra. La invii di nuovo, per favore.

document-stuck-kept = Questa foto non deve essere perfetta. La guardano delle persone, che ne chiedono un’altra se non basta. Può usarla così com’è oppure verificare la Sua identità in un altro modo.
document-stuck-none = Con queste foto non sembra funzionare. Provi con un altro telefono o un altro browser, oppure verifichi la Sua identità in un altro modo.
document-stuck-other = Verificare la mia identità in un altro modo

document-ask-blurred = La foto non è nitida. Tenga ferma la fotocamera e aspetti che metta a fuoco.
document-ask-dark = La foto è troppo scura. Vada dove c’è più luce.
document-ask-glare = C’è un riflesso. Spenga il flash e inclini un po’ il documento.
document-ask-cut-off = Al bordo manca una parte. Mostri tutto.
document-ask-covered = È coperto qualcosa che serve. Lasci visibili il ritratto, il nome, la data di nascita e la data di scadenza.
document-ask-too-small = Ciò che conta è troppo piccolo. Si avvicini.
document-ask-wrong-side = Questo è l’altro lato.
document-ask-side-missing = Questo lato manca ancora.
document-ask-wrong-document = Questo non è il documento che ha scelto.
document-ask-not-accepted = Un documento così non è accettato. Ne mostri un altro fra quelli che poteva scegliere.
document-ask-copy = Questa è una copia o uno schermo. Fotografi il documento stesso.
document-ask-face = Il Suo viso non si vede bene. Niente deve coprirlo.
document-ask-several-faces = Ci sono più persone. Nella foto deve esserci solo Lei.
document-ask-cue = Ciò che era richiesto non è nella foto o non si legge.
document-ask-expired = Il documento è scaduto. Ne mostri un altro, se lo ha.
document-ask-damaged = Il documento è danneggiato. Ne mostri un altro, se lo ha.
document-ask-restored = Abbiamo dovuto ripristinare questo servizio da un backup e le Sue foto sono andate perse. Ci dispiace; le invii di nuovo, per favore.
document-reject-expired = Il documento è scaduto.
document-reject-not-accepted = Un documento così non è accettato.
document-reject-different-person = Non è stato possibile riconoscere la stessa persona nella foto e nel documento.
document-reject-name = Il nome nel documento non corrisponde al Suo account.
document-reject-too-young = L’età non raggiunge quella richiesta dalla Sua organizzazione.
document-reject-unusable = Le foto non si sono potute usare.
document-reject-other = Ciò che è stato inviato non è bastato.

document-phone-title = Continuare con il Suo telefono
document-phone-text = Un telefono fa le foto migliori. Un codice lo porta qui; tutto il resto continua in questa finestra.
document-phone-offer = Scattare le foto con un telefono
document-phone-other = Scattare le foto con un altro telefono
document-phone-show = Mostrare un codice
document-phone-another = Mostrare un altro codice
document-phone-scan = Punti la fotocamera del telefono su questo codice e apra il link che appare. Vale cinque minuti.
document-phone-link = Oppure scriva questo indirizzo sul telefono:
document-phone-word = Lì tocchi questa parola:
document-phone-connected = Un telefono è collegato. Scatti le foto con quello; questa pagina segue.
document-phone-cut = Scollegare il telefono
document-phone-here = Continuare qui
document-phone-missed = Su un telefono è stata toccata la parola sbagliata, o qualcuno ha detto che questo non è suo. Quel codice non vale più nulla.
document-phone-reported = Qualcuno ha aperto il Suo codice e ha detto che questo non è suo. Se non l’ha inviato a nessuno, si fermi e avvisi la Sua organizzazione.
document-phone-over = Non si può più collegare nessun telefono. Scatti le foto qui.
document-tap-title = Ha iniziato Lei?
document-tap-text = Ha iniziato Lei, su un computer che ha davanti. Tocchi la parola che mostra:
document-tap-never = Qualcuno Le ha inviato il link o Le ha letto una parola? Allora non continui.
document-tap-no = Questo non è mio
document-tap-here = Ha aperto il codice dove ha iniziato. Non serve un secondo dispositivo.
document-tap-go-on = Continuare qui
document-code-title = Questo codice non funziona più
document-code-text = È stato usato, sostituito o è troppo vecchio. Ne chieda uno nuovo sul Suo computer.
document-code-wrong = Non era quella la parola. Chieda un nuovo codice sul Suo computer.
document-code-reported = Grazie. Il codice non vale più nulla, e chi ha iniziato vede che Lei lo ha detto.
document-done-title = Fatto. Guardi il Suo computer
document-done-text = Ci sono tutte le foto. Si continua sul computer dove ha iniziato; può chiudere questa pagina.
document-gone-title = Questo telefono è stato scollegato
document-gone-text = Guardi il Suo computer: lì si vede come continua.
document-words = ancora, mela, ponte, candela, castello, ciliegia, nuvola, tamburo, piuma, fiore, bosco, giardino, martello, isola, scala, limone, specchio, montagna, matita, coniglio, fiume, cucchiaio, stella, finestra

document-hint-dark = La foto sembra piuttosto scura.
document-hint-glare = Sembra che nella foto ci sia un riflesso.
document-hint-blurred = La foto non sembra nitida.
document-send-anyway = Inviarla comunque
document-preparing = La foto viene preparata …
document-sending = La foto viene inviata …
document-sending-again = Non è arrivata. Nuovo tentativo …
document-sending-offline = Non c’è connessione. La Sua foto è ancora qui: la invii di nuovo quando ci sarà.

document-camera-text = Può scattarla in questa pagina. Il browser Le chiede prima il permesso. La fotocamera è accesa solo finché guarda questa pagina, e viene inviata solo la foto che scatta.
document-camera-open = Accendere la fotocamera
document-camera-take = Scattare la foto ora
document-camera-waiting = In attesa della fotocamera. Se il browser chiede il permesso, lo conceda.
document-camera-slow = La fotocamera non risponde ancora. Se il browser chiede il permesso, lo conceda; oppure scatti la foto più sotto.
document-camera-ready = La fotocamera è accesa. Riempia la cornice, resti immobile e prema il pulsante.
document-camera-dark = È piuttosto buio. Vada dove c’è più luce.
document-camera-blurred = L’immagine non è nitida. Resti immobile.
document-camera-off = La fotocamera è spenta.
document-camera-none = La fotocamera non può essere usata in questa pagina. Scatti la foto più sotto.
