problem = Probleem
continue = Doorgaan
cancel = Annuleren en terug
organisation = Organisatie
login-at = Inloggen bij
account = Account
support = Hulp
privacy = Privacy
terms = Gebruiksvoorwaarden
time-left = { $minutes ->
    [one] U hebt nog 1 minuut.
   *[other] U hebt nog { $minutes } minuten.
}

choose-title = Hoe wilt u zich identificeren?

concluded-success = U bent geverifieerd
concluded-failed = U kon niet worden geverifieerd
concluded-canceled = U hebt de verificatie verlaten
concluded-pending = Over uw verificatie is nog niet beslist
concluded-expired = De tijd voor deze verificatie is voorbij
concluded-text = Deze pagina heeft haar werk gedaan. Als u nog niet bent ingelogd, ga dan terug naar het inloggen.
concluded-return = Terug naar het inloggen

arrival-title = Uw verificatie wordt geopend

handoff-title = Terug naar het inloggen
handoff-text = Als er niets gebeurt, druk dan op de knop.

before-decided = Over uw verificatie is al beslist. Ga verder om het inloggen af te ronden.
before-failed = Dit is na uw vorige login beslist. Ga terug naar het inloggen, dan krijgt de toepassing het te horen.
before-waiting = U hoeft verder niets te doen. Ga voorlopig terug naar het inloggen en log later opnieuw in.
before-anew = Of verifieer uzelf opnieuw:

nothing-title = Voor deze toepassing kunt u hier niet worden geverifieerd
nothing-text = De toepassing accepteert geen van de methoden waarmee deze organisatie mensen verifieert. Meld dit bij de helpdesk van uw organisatie en ga daarna terug naar het inloggen.

refusal-reference = Kenmerk voor de helpdesk
refusal-not-found-title = Deze pagina bestaat niet
refusal-not-found-text = Ga terug naar de toepassing die u wilde gebruiken en log daar in.
refusal-link-title = Deze link werkt niet
refusal-link-text = De link is onvolledig of niet voor deze dienst gemaakt. Ga terug naar de toepassing die u wilde gebruiken en log opnieuw in.
refusal-expired-title = Het inloggen heeft te lang geduurd
refusal-expired-text = Ga terug naar de toepassing die u wilde gebruiken en log opnieuw in.
refusal-used-title = Deze link is al gebruikt
refusal-used-text = De verificatie gaat verder waar die het eerst is geopend. Was u dat niet, ga dan terug naar de toepassing en log opnieuw in.
refusal-too-long-title = Dit verzoek is te lang
refusal-too-long-text = Ga terug naar de toepassing die u wilde gebruiken en log opnieuw in. Komt deze pagina terug, sluit dan eerst alle tabbladen van deze website.
refusal-login-too-long-title = Deze aanmelding is te lang voor uw browser
refusal-login-too-long-text = De toepassing stuurt bij deze aanmelding meer mee dan een browser bewaart. Meld dit bij de helpdesk van uw organisatie.
refusal-photo-wait-title = We kunnen uw foto nu niet ontvangen
refusal-photo-wait-text = Wacht een paar seconden, ga een pagina terug en verstuur de foto opnieuw. Wat u eerder hebt verstuurd, is er nog.
refusal-no-session-title = Uw browser herkende deze aanmelding niet
refusal-no-session-text = Open deze pagina in de browser waarin u bent gaan inloggen en sta cookies voor deze website toe. Ga daarna terug naar de toepassing en log opnieuw in.
refusal-busy-title = Op dit moment melden zich heel veel mensen aan
refusal-busy-text = Wacht een paar seconden en laad deze pagina opnieuw. Uw aanmelding gaat verder waar die is.
refusal-too-often-title = Te veel pogingen in korte tijd
refusal-too-often-text = Wacht een minuut en laad deze pagina opnieuw. Hebt u niet geprobeerd in te loggen, meld dit dan bij de helpdesk van uw organisatie.
refusal-clock-title = De klok van deze dienst lijkt niet goed te lopen
refusal-clock-text = Volgens die klok is uw aanmelding nog niet begonnen. Meld dit bij de helpdesk van uw organisatie: een beheerder moet de klok gelijkzetten. Laad daarna deze pagina opnieuw.
refusal-retry-title = Probeer het opnieuw
refusal-retry-text = We konden dit zojuist niet afronden; er is niets verloren gegaan. Wacht even, ga een pagina terug en probeer het opnieuw.
refusal-request-title = Dit verzoek is niet begrepen
refusal-request-text = Ga terug naar de toepassing die u wilde gebruiken en log opnieuw in.

home-title = Identiteitsverificatie
home-text = Deze website controleert wie mensen zijn wanneer ze inloggen bij een toepassing. Hier hoeft u niets te doen: ga terug naar uw toepassing en log daar in.
