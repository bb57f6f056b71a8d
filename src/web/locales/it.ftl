problem = Problema
continue = Continua
cancel = Annulla e torna indietro
organisation = Organizzazione
login-at = Accesso a
account = Account
support = Assistenza
privacy = Privacy
terms = Condizioni d’uso
time-left = { $minutes ->
    [one] Le resta 1 minuto.
   *[other] Le restano { $minutes } minuti.
}

choose-title = Come desidera identificarsi?

concluded-success = La Sua identità è verificata
concluded-failed = Non è stato possibile verificare la Sua identità
concluded-canceled = Ha abbandonato la verifica
concluded-pending = La Sua verifica è ancora in attesa di una decisione
concluded-expired = Il tempo per questa verifica è scaduto
concluded-text = Questa pagina ha terminato il suo compito. Se non ha ancora effettuato l’accesso, torni all’accesso.
concluded-return = Torna all’accesso

arrival-title = Apertura della Sua verifica

handoff-title = Ritorno al Suo accesso
handoff-text = Se non succede nulla, prema il pulsante.

before-decided = Sulla Sua verifica è già stato deciso. Continui per completare l’accesso.
before-failed = La decisione è stata presa dopo il Suo ultimo accesso. Torni all’accesso e l’applicazione ne sarà informata.
before-waiting = Non deve fare altro. Per ora torni all’accesso ed effettui di nuovo l’accesso più tardi.
before-anew = Oppure verifichi di nuovo la Sua identità:

nothing-title = La Sua identità non può essere verificata per questa applicazione
nothing-text = L’applicazione non accetta nessuno dei metodi con cui questa organizzazione verifica le persone. Avvisi l’assistenza della Sua organizzazione, poi torni all’accesso.

refusal-reference = Riferimento per l’assistenza
refusal-not-found-title = Questa pagina non esiste
refusal-not-found-text = Torni all’applicazione che voleva usare ed effettui l’accesso da lì.
refusal-link-title = Questo link non funziona
refusal-link-text = È incompleto o non è stato creato per questo servizio. Torni all’applicazione che voleva usare ed effettui di nuovo l’accesso.
refusal-expired-title = Questo accesso ha richiesto troppo tempo
refusal-expired-text = Torni all’applicazione che voleva usare ed effettui di nuovo l’accesso.
refusal-used-title = Questo link è già stato usato
refusal-used-text = La verifica prosegue dove è stata aperta la prima volta. Se non è stato Lei ad aprirla, torni all’applicazione ed effettui di nuovo l’accesso.
refusal-too-long-title = Questa richiesta è troppo lunga
refusal-too-long-text = Torni all’applicazione che voleva usare ed effettui di nuovo l’accesso. Se questa pagina ricompare, chiuda prima tutte le schede di questo sito.
refusal-login-too-long-title = Questo accesso è troppo lungo per il Suo browser
refusal-login-too-long-text = L’applicazione invia con questo accesso più di quanto un browser conservi. Avvisi l’assistenza della Sua organizzazione.
refusal-photo-wait-title = Al momento non possiamo ricevere la Sua foto
refusal-photo-wait-text = Attenda qualche secondo, torni alla pagina precedente e la invii di nuovo. Quanto ha già inviato è ancora qui.
refusal-no-session-title = Il Suo browser non ha riconosciuto questo accesso
refusal-no-session-text = Apra questa pagina nel browser con cui ha effettuato l’accesso e consenta i cookie per questo sito. Poi torni all’applicazione ed effettui di nuovo l’accesso.
refusal-busy-title = In questo momento moltissime persone stanno accedendo
refusal-busy-text = Attenda qualche secondo e ricarichi questa pagina. Il Suo accesso proseguirà da dove si trova.
refusal-too-often-title = Troppi tentativi in poco tempo
refusal-too-often-text = Attenda un minuto e ricarichi questa pagina. Se non ha cercato di accedere, avvisi l’assistenza della Sua organizzazione.
refusal-clock-title = L’orologio di questo servizio sembra sbagliato
refusal-clock-text = Secondo il suo orologio, il Suo accesso non è ancora iniziato. Avvisi l’assistenza della Sua organizzazione: un amministratore deve regolare l’orologio. Poi ricarichi questa pagina.
refusal-retry-title = Riprovi, per favore
refusal-retry-text = Al momento non è stato possibile completare l’operazione, ma nulla è andato perso. Attenda un momento, torni alla pagina precedente e riprovi.
refusal-request-title = Questa richiesta non è stata compresa
refusal-request-text = Torni all’applicazione che voleva usare ed effettui di nuovo l’accesso.

home-title = Verifica dell’identità
home-text = Questo sito verifica l’identità delle persone quando accedono a un’applicazione. Qui non c’è nulla da fare: torni alla Sua applicazione ed effettui l’accesso da lì.
