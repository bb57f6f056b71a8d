document-choice = Met foto’s van mijn document en van mij
document-title = U met foto’s verifiëren
document-cannot = Ik kan dit niet
document-later = Nu teruggaan, later weer inloggen

document-needed = Wat u nodig hebt
document-need-document = Het document zelf, geen kopie, en een telefoon of computer met camera.
document-issuers = Het moet zijn afgegeven door een van deze staten, zoals ze in paspoorten worden afgekort: { $states }
document-need-face = U maakt ook een foto van uzelf.
document-need-paper = U maakt ook een foto van uzelf met een briefje. Leg een vel papier en een pen klaar.
document-may-cover = Wat niet nodig is, mag u afdekken: het nummer van het document, uw adres en uw handtekening. Uw pasfoto, uw naam, uw geboortedatum en de vervaldatum moeten leesbaar zijn.
document-why = Waarom
document-why-text = Uw organisatie wil er zeker van zijn dat u het echt bent die inlogt. Mensen vergelijken uw foto’s en beslissen, geen machine.
document-who = Wie uw foto’s ziet
document-who-text = Alleen medewerkers van uw organisatie die deze taak hebben. De foto’s blijven bij deze dienst en worden aan niemand doorgegeven.
document-contact = Voor vragen, klachten of om alles te laten verwijderen: { $contact }
document-deleted = Wanneer uw foto’s worden verwijderd
document-kept-unsent = Als u ze niet verstuurt: kort na deze aanmelding.
document-kept-withdrawn = Als u vóór een beslissing stopt: meteen.
document-kept-record = Wat blijft, is een aantekening van wanneer en hoe u bent gecontroleerd; daaruit is geen foto te maken. Waar de wet het eist, worden foto’s langer bewaard.
document-kept-approved = { $days ->
    [one] Als u geverifieerd wordt: 1 dag na de aanmelding waarvoor het geldt.
   *[other] Als u geverifieerd wordt: { $days } dagen na de aanmelding waarvoor het geldt.
}
document-kept-approved-at-once = Als u geverifieerd wordt: bij de aanmelding waarvoor het geldt.
document-kept-untaken = { $days ->
    [one] Een beslissing waarvoor u niet binnen 1 dag inlogt, telt niet meer; was die in uw voordeel, dan worden uw foto’s verwijderd.
   *[other] Een beslissing waarvoor u niet binnen { $days } dagen inlogt, telt niet meer; was die in uw voordeel, dan worden uw foto’s verwijderd.
}
document-kept-rejected = { $days ->
    [one] Zo niet: 1 dag na de beslissing.
   *[other] Zo niet: { $days } dagen na de beslissing.
}
document-kept-open = { $days ->
    [one] Als er niets wordt beslist: na 1 dag, gerekend vanaf de laatste verzending van of vraag om foto’s.
   *[other] Als er niets wordt beslist: na { $days } dagen, gerekend vanaf de laatste verzending van of vraag om foto’s.
}
document-duration = Hoe lang het duurt
document-duration-text = Ongeveer vijf minuten. Daarna bekijken mensen uw foto’s, meestal binnen een werkdag. U hoeft hier niet te wachten.
document-which = Welk document hebt u?
document-passport = Paspoort
document-identity-card = Identiteitskaart
document-residence-permit = Verblijfsdocument
document-driving-licence = Rijbewijs
document-consent = Ik heb dit gelezen en ga ermee akkoord dat mijn foto’s hiervoor worden gebruikt.
document-anew-counts = De foto’s die u eerder hebt verstuurd, worden verwijderd. Opnieuw beginnen telt als een van de keren dat u foto’s mag versturen.

document-step = Foto { $step }
document-passport-page = Foto van de bladzijde met uw pasfoto in uw paspoort
document-identity-card-front = Foto van de voorkant van uw identiteitskaart
document-identity-card-back = Foto van de achterkant van uw identiteitskaart
document-residence-permit-front = Foto van de voorkant van uw verblijfsdocument
document-residence-permit-back = Foto van de achterkant van uw verblijfsdocument
document-driving-licence-front = Foto van de voorkant van uw rijbewijs
document-driving-licence-back = Foto van de achterkant van uw rijbewijs
document-selfie = Foto van u
document-selfie-paper = Foto van u met een briefje
document-selfie-in-hand = Foto van u met uw document
document-pose = Een tweede foto van u
document-paper = Schrijf dit groot en duidelijk op een vel papier en houd het naast uw gezicht:
document-pose-left = Draai op deze foto uw hoofd naar links.
document-pose-right = Draai op deze foto uw hoofd naar rechts.
document-pose-up = Breng op deze foto uw kin omhoog.
document-pose-hand = Kijk op deze foto recht vooruit en houd een hand tegen uw wang.
document-how-flat = Leg het plat op een donkere, effen ondergrond.
document-how-corners = Alle vier de hoeken staan op de foto.
document-how-glare = Geen flits en niets wat spiegelt.
document-how-alone = U staat alleen op de foto.
document-how-light = Het licht valt van voren op uw gezicht. Geen zonnebril en niets wat uw gezicht bedekt.
document-how-arm = Houd de telefoon op armlengte. Uw gezicht hoeft niet precies in het midden te staan.
document-example-page = Voorbeeld: de hele bladzijde met de pasfoto vult de foto, tot en met de twee regels onderaan.
document-example-front = Voorbeeld: de hele kaart met de pasfoto vult de foto.
document-example-back = Voorbeeld: de hele andere kant van de kaart vult de foto.
document-example-face = Voorbeeld: hoofd en schouders van voren.
document-example-paper = Voorbeeld: hoofd en schouders van voren, naast het gezicht een vel papier met grote letters.
document-example-in-hand = Voorbeeld: hoofd en schouders van voren, naast het gezicht het document met de kant van de pasfoto.
document-example-pose = Voorbeeld: hoofd en schouders, zoals deze pagina het vraagt.
document-take = Een foto maken
document-send-photo = Deze foto versturen
document-choose = Een foto kiezen die u al hebt
document-send-chosen = De gekozen foto versturen
document-look-before = De verstuurde foto bekijken
document-check-document = Is alles leesbaar, tot en met de kleinste letters?
document-check-person = Is uw gezicht goed te herkennen en al het andere te zien waarom is gevraagd?
document-check-alt = Uw foto
document-use = Deze foto gebruiken
document-again = Opnieuw maken

document-summary-title = Alle foto’s zijn er
document-look = Bekijken
document-have = Deze hebben we.
document-send-text = Verstuur ze nu. Daarna bekijken mensen van uw organisatie ze.
document-send = De foto’s versturen
document-limit-minutes = { $minutes ->
    [one] U hebt voorlopig zo vaak foto’s verstuurd als kan. Over 1 minuut kunt u er weer versturen.
   *[other] U hebt voorlopig zo vaak foto’s verstuurd als kan. Over { $minutes } minuten kunt u er weer versturen.
}
document-limit-hours = { $hours ->
    [one] U hebt voorlopig zo vaak foto’s verstuurd als kan. Over één uur kunt u er weer versturen.
   *[other] U hebt voorlopig zo vaak foto’s verstuurd als kan. Over { $hours } uur kunt u er weer versturen.
}

document-waiting-title = Uw foto’s zijn bij uw organisatie
document-waiting-text = Mensen bekijken ze en beslissen. Deze pagina laat zien wanneer dat is gebeurd.
document-waiting-usually = Dat duurt meestal minder dan een werkdag.
document-waiting-hour = Dat duurt meestal minder dan een uur.
document-waiting-hours = Dat duurt meestal minder dan vier uur.
document-waiting-days = Dat duurt meestal minder dan drie dagen.
document-waiting-later = U hoeft niet te wachten. Ga nu terug en log later weer in: dan gaat het hier verder.
document-withdraw = Alles verwijderen en stoppen
document-withdraw-title = Alles verwijderen?
document-withdraw-text = Uw foto’s worden meteen verwijderd en niemand beslist erover. U kunt opnieuw beginnen.
document-withdraw-no = Nee, doorgaan
document-withdraw-yes = Ja, alles verwijderen
document-asked-title = Stuur alstublieft betere foto’s
document-asked-text = Uw foto’s zijn bekeken. Om te beslissen heeft uw organisatie dit nog nodig:
document-rejected-text = Uw organisatie heeft uw foto’s bekeken en kon u niet verifiëren:
document-anew = Opnieuw beginnen
document-other-title = U hebt al foto’s verstuurd
document-other-text = Bij een andere aanmelding hebt u foto’s verstuurd waarover nog niet is beslist.
document-other-keep = Om daarbij te blijven, gaat u nu terug en logt u later weer in. Als u opnieuw begint, worden ze verwijderd, en dat telt als een van de keren dat u foto’s mag versturen.
document-lapsed-title = Over uw foto’s is niet beslist
document-lapsed-text = Niemand kon uw foto’s op tijd bekijken. Ze zijn verwijderd. Het spijt ons; begin alstublieft opnieuw.
document-lapsed-asked = U is om betere foto’s gevraagd en de tijd daarvoor is voorbij. Uw foto’s zijn verwijderd. U kunt opnieuw beginnen.
document-otherwise-title = Als u dit niet kunt
document-otherwise-text = U kunt zich op een andere manier verifiëren:
document-otherwise-none = Op deze pagina is er geen andere manier. U kunt teruggaan naar uw aanmelding.
document-otherwise-support = De helpdesk van uw organisatie helpt u: zie onderaan deze pagina.

document-problem-consent = Vink alstublieft aan dat u akkoord gaat. Zonder dat mogen wij uw foto’s niet gebruiken.
document-problem-kind = Kies alstublieft een van deze documenten.
document-problem-reworded = Lees dit alstublieft nog een keer: het is gewijzigd.
document-problem-outdated = Uw foto’s zijn goedgekeurd, maar dat is voor deze toepassing te lang geleden. Begin opnieuw.
document-problem-late = Er is te weinig tijd over voor alle foto’s. Ga terug en log eerst opnieuw in.
document-problem-gone = Wat u bent begonnen, is hier niet meer: het is ergens anders opnieuw begonnen, of de tijd was voorbij. Begin alstublieft opnieuw.
document-problem-held = Dit kan nu niet worden verwijderd. Vraag het uw organisatie.
document-problem-withdrawn = Alles is verwijderd.
document-problem-none = Er is geen foto aangekomen. Maak of kies er een en druk dan op de knop.
document-problem-too-large = Dit bestand is te groot: hoogstens 12 megabyte. Zet uw camera op een lagere resolutie en maak de foto opnieuw.
document-problem-missing = Deze foto ontbreekt nog.
document-problem-changed = Dit is een andere foto dan die u hebt bekeken. Kijk alstublieft nog een keer.
document-problem-unusable = Precies deze foto was niet te gebruiken. Maak alstublieft een nieuwe.
document-problem-heic = Deze foto heeft een indeling die wij niet kunnen lezen (HEIC). Maak hem met de knop ‘Een foto maken’ of kies op een iPhone Instellingen › Camera › Structuren › Meest compatibel.
document-problem-format = Dit is geen foto van een camera maar een andere afbeelding, bijvoorbeeld een schermafbeelding. Maak alstublieft een foto.
document-problem-pdf = Dit is een pdf. Maak in plaats daarvan alstublieft een foto.
document-problem-video = Dit is een film. Maak in plaats daarvan alstublieft een foto.
document-problem-unknown = Dit is geen foto. Maak er alstublieft een met uw camera.
document-problem-too-small = Deze foto is te klein om te lezen. Maak hem met uw camera in de gewone resolutie.
document-problem-pixels = Deze foto heeft meer pixels dan wij kunnen aannemen. Zet uw camera op een lagere resolutie en maak de foto opnieuw.
document-problem-no-photo = Dit bestand is geen foto van een camera. Maak er alstublieft een.
document-problem-incomplete = De foto is niet volledig aangekomen. Verstuur hem alstublieft nog een keer.
document-problem-flat = De foto is leeg: er staat maar één kleur op. Maak hem alstublieft opnieuw.
document-problem-no-room = Er kunnen nu geen foto’s worden aangenomen. Probeer het later opnieuw of kies een andere manier.
document-problem-fault = Wij konden uw foto niet bewaren; dat is onze fout. Verstuur hem alstublieft nog een keer.

document-stuck-kept = Deze foto hoeft niet perfect te zijn. Mensen bekijken hem en vragen er nog een als hij niet voldoet. U kunt hem gebruiken zoals hij is, of u op een andere manier verifiëren.
document-stuck-none = Met deze foto’s lijkt het niet te lukken. Probeer het met een andere telefoon of browser, of verifieer u op een andere manier.
document-stuck-other = Mij op een andere manier verifiëren

document-ask-blurred = De foto is niet scherp. Houd de camera stil en wacht tot hij scherpstelt.
document-ask-dark = De foto is te donker. Ga naar een plek met meer licht.
document-ask-glare = Er spiegelt iets. Zet de flits uit en houd het document een beetje schuin.
document-ask-cut-off = Aan de rand ontbreekt een deel. Laat alles zien.
document-ask-covered = Iets wat nodig is, is afgedekt. Laat uw pasfoto, naam, geboortedatum en de vervaldatum vrij.
document-ask-too-small = Wat van belang is, is te klein. Kom dichterbij.
document-ask-wrong-side = Dit is de andere kant.
document-ask-side-missing = Deze kant ontbreekt nog.
document-ask-wrong-document = Dit is een ander document dan u hebt gekozen.
document-ask-not-accepted = Zo’n document wordt niet aangenomen. Laat een ander zien van de documenten die u kon kiezen.
document-ask-copy = Dit is een kopie of een scherm. Fotografeer het document zelf.
document-ask-face = Uw gezicht is niet goed te zien. Niets mag het bedekken.
document-ask-several-faces = Er staan meer mensen op. Zorg alstublieft dat u alleen op de foto staat.
document-ask-cue = Waarom is gevraagd, staat niet op de foto of is niet te lezen.
document-ask-expired = Het document is verlopen. Laat een ander zien als u dat hebt.
document-ask-damaged = Het document is beschadigd. Laat een ander zien als u dat hebt.
document-ask-restored = Wij moesten deze dienst herstellen vanaf een back-up en uw foto’s zijn verloren gegaan. Het spijt ons; verstuur ze alstublieft nog een keer.
document-reject-expired = Het document is verlopen.
document-reject-not-accepted = Zo’n document wordt niet aangenomen.
document-reject-different-person = In de persoon op de foto en in het document kon niet dezelfde persoon worden herkend.
document-reject-name = De naam in het document past niet bij uw account.
document-reject-too-young = De leeftijd is lager dan uw organisatie vraagt.
document-reject-unusable = De foto’s waren niet te gebruiken.
document-reject-other = Wat is verstuurd, was niet voldoende.

document-phone-title = Verder met uw telefoon
document-phone-text = Een telefoon maakt de beste foto’s. Een code brengt hem hierheen; al het andere gaat in dit venster verder.
document-phone-offer = De foto’s met een telefoon maken
document-phone-other = De foto’s met een andere telefoon maken
document-phone-show = Een code tonen
document-phone-another = Een andere code tonen
document-phone-scan = Richt de camera van uw telefoon op deze code en open de link die hij toont. Die is vijf minuten geldig.
document-phone-link = Of typ dit adres op de telefoon:
document-phone-word = Tik daar op dit woord:
document-phone-connected = Er is een telefoon verbonden. Maak de foto’s daar; deze pagina volgt mee.
document-phone-cut = De telefoon loskoppelen
document-phone-here = Hier verdergaan
document-phone-missed = Op een telefoon is het verkeerde woord aangetikt, of iemand zei dat dit niet van hem of haar is. Die code is niets meer waard.
document-phone-reported = Iemand heeft uw code geopend en gezegd dat dit niet van hem of haar is. Als u de code aan niemand hebt gestuurd, stop dan en vertel het uw organisatie.
document-phone-over = Er kan geen telefoon meer worden verbonden. Maak de foto’s hier.
document-tap-title = Bent u dit begonnen?
document-tap-text = U bent dit zelf begonnen, op een computer die voor u staat. Tik op het woord dat die toont:
document-tap-never = Heeft iemand u de link gestuurd of een woord voorgelezen? Ga dan niet verder.
document-tap-no = Dit is niet van mij
document-tap-here = U hebt de code geopend waar u bent begonnen. Een tweede apparaat is niet nodig.
document-tap-go-on = Hier verdergaan
document-code-title = Deze code werkt niet meer
document-code-text = Hij is gebruikt, vervangen of te oud. Vraag op uw computer een nieuwe.
document-code-wrong = Dat was niet het woord. Vraag op uw computer een nieuwe code.
document-code-reported = Dank u. De code is niets meer waard, en wie ermee is begonnen, ziet dat u dit hebt gezegd.
document-done-title = Klaar. Kijk op uw computer
document-done-text = Alle foto’s zijn er. Het gaat verder op de computer waar u bent begonnen; u kunt deze pagina sluiten.
document-gone-title = Deze telefoon is losgekoppeld
document-gone-text = Kijk op uw computer: daar staat hoe het verdergaat.
document-words = anker, appel, brug, kaars, kasteel, kers, wolk, trommel, veer, bloem, bos, tuin, hamer, eiland, ladder, citroen, spiegel, berg, potlood, konijn, rivier, lepel, ster, raam

document-hint-dark = De foto lijkt nogal donker.
document-hint-glare = Er lijkt iets te spiegelen op de foto.
document-hint-blurred = De foto lijkt niet scherp.
document-send-anyway = Toch versturen
document-preparing = De foto wordt voorbereid …
document-sending = De foto wordt verstuurd …
document-sending-again = Het is niet gelukt. Nieuwe poging …
document-sending-offline = Er is geen verbinding. Uw foto staat hier nog: verstuur hem opnieuw zodra die er is.

document-camera-text = U kunt hem op deze pagina maken. Uw browser vraagt het u eerst. De camera staat alleen aan zolang u naar deze pagina kijkt, en alleen de foto die u maakt wordt verstuurd.
document-camera-open = De camera aanzetten
document-camera-take = De foto nu maken
document-camera-waiting = Wachten op de camera. Als uw browser het vraagt, sta het dan toe.
document-camera-slow = De camera antwoordt nog niet. Als uw browser het vraagt, sta het dan toe; of maak de foto hieronder.
document-camera-ready = De camera staat aan. Vul het kader, houd stil en druk op de knop.
document-camera-dark = Het is nogal donker. Ga naar een plek met meer licht.
document-camera-blurred = Het beeld is niet scherp. Houd stil.
document-camera-off = De camera staat uit.
document-camera-none = De camera kan op deze pagina niet worden gebruikt. Maak de foto hieronder.
