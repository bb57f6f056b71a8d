document-choice = Zdjęciami mojego dokumentu i moimi
document-title = Weryfikacja za pomocą zdjęć
document-cannot = Nie mogę tego zrobić
document-later = Wróć teraz, zaloguj się później

document-needed = Co będzie potrzebne
document-need-document = Sam dokument, nie kopia, oraz telefon lub komputer z aparatem.
document-issuers = Musi być wydany przez jedno z tych państw, oznaczonych tak jak w paszportach: { $states }
document-need-face = Potrzebne będzie też Państwa zdjęcie.
document-need-paper = Potrzebne będzie też Państwa zdjęcie z kartką. Proszę przygotować kartkę papieru i długopis.
document-may-cover = To, co niepotrzebne, można zakryć: numer dokumentu, adres i podpis. Portret, imię i nazwisko, data urodzenia i data ważności muszą być czytelne.
document-why = Dlaczego
document-why-text = Organizacja chce mieć pewność, że to naprawdę Państwo się logują. Zdjęcia porównują i decydują o nich ludzie, nie maszyna.
document-who = Kto zobaczy zdjęcia
document-who-text = Tylko ci pracownicy organizacji, do których zadań to należy. Zdjęcia pozostają w tej usłudze i nie są nikomu przekazywane.
document-contact = W razie pytań, skarg lub aby wszystko usunąć: { $contact }
document-deleted = Kiedy zdjęcia są usuwane
document-kept-unsent = Jeśli nie zostaną wysłane: wkrótce po tym logowaniu.
document-kept-withdrawn = W razie rezygnacji przed decyzją: od razu.
document-kept-record = Pozostaje zapis, kiedy i jak dokonano weryfikacji; nie da się z niego odtworzyć żadnego zdjęcia. Gdzie wymaga tego prawo, zdjęcia są przechowywane dłużej.
document-kept-approved = { $days ->
    [one] Jeśli tożsamość zostanie potwierdzona: 1 dzień po logowaniu, którego dotyczy.
    [few] Jeśli tożsamość zostanie potwierdzona: { $days } dni po logowaniu, którego ona dotyczy.
    [many] Jeśli tożsamość zostanie potwierdzona: { $days } dni po logowaniu, którego to dotyczy.
   *[other] Jeśli tożsamość zostanie potwierdzona: { $days } dnia po logowaniu, którego to dotyczy.
}
document-kept-approved-at-once = Jeśli tożsamość zostanie potwierdzona: przy logowaniu, którego to dotyczy.
document-kept-untaken = { $days ->
    [one] Decyzja, po którą nie nastąpi logowanie w ciągu 1 dnia, traci ważność; jeśli była pozytywna, zdjęcia są wtedy usuwane.
    [few] Decyzja, po którą nie nastąpi logowanie w ciągu { $days } dni, traci ważność; jeśli była pozytywna, zdjęcia są wtedy usuwane.
    [many] Decyzja, po którą nie nastąpi logowanie w ciągu kolejnych { $days } dni, traci ważność; jeśli była pozytywna, zdjęcia są wtedy usuwane.
   *[other] Decyzja, po którą nie nastąpi logowanie w ciągu { $days } dnia, traci ważność; jeśli była pozytywna, zdjęcia są wtedy usuwane.
}
document-kept-rejected = { $days ->
    [one] Jeśli nie: 1 dzień po decyzji.
    [few] Jeśli nie: { $days } dni od decyzji.
    [many] Jeśli nie: { $days } dni po decyzji.
   *[other] Jeśli nie: { $days } dnia po decyzji.
}
document-kept-open = { $days ->
    [one] Jeśli nic nie zostanie postanowione: po 1 dniu, licząc od ostatniego wysłania zdjęć lub prośby o nie.
    [few] Jeśli nic nie zostanie postanowione: po { $days } dniach, licząc od ostatniego wysłania zdjęć lub prośby o nie.
    [many] Jeśli nic nie zostanie postanowione: po upływie { $days } dni, licząc od ostatniego wysłania zdjęć lub prośby o nie.
   *[other] Jeśli nic nie zostanie postanowione: po { $days } dnia, licząc od ostatniego wysłania zdjęć lub prośby o nie.
}
document-duration = Ile to trwa
document-duration-text = Około pięciu minut. Potem ludzie oglądają zdjęcia, zwykle w ciągu jednego dnia roboczego. Nie trzeba tutaj czekać.
document-which = Jaki dokument Państwo mają?
document-passport = Paszport
document-identity-card = Dowód osobisty
document-residence-permit = Karta pobytu
document-driving-licence = Prawo jazdy
document-consent = Tekst jest mi znany i zgadzam się na użycie moich zdjęć w tym celu.
document-anew-counts = Zdjęcia wysłane wcześniej zostaną usunięte. Rozpoczęcie od nowa liczy się jako jedno z wysłań, do których mają Państwo prawo.

document-step = Zdjęcie { $step }
document-passport-page = Zdjęcie strony paszportu z portretem
document-identity-card-front = Zdjęcie przodu dowodu osobistego
document-identity-card-back = Zdjęcie tyłu dowodu osobistego
document-residence-permit-front = Zdjęcie przodu karty pobytu
document-residence-permit-back = Zdjęcie tyłu karty pobytu
document-driving-licence-front = Zdjęcie przodu prawa jazdy
document-driving-licence-back = Zdjęcie tyłu prawa jazdy
document-selfie = Państwa zdjęcie
document-selfie-paper = Państwa zdjęcie z kartką
document-selfie-in-hand = Państwa zdjęcie z dokumentem
document-pose = Drugie Państwa zdjęcie
document-paper = Proszę napisać to na kartce, dużymi i wyraźnymi literami, i trzymać ją obok twarzy:
document-pose-left = Na tym zdjęciu proszę obrócić głowę w swoją lewą stronę.
document-pose-right = Na tym zdjęciu proszę obrócić głowę w swoją prawą stronę.
document-pose-up = Na tym zdjęciu proszę unieść brodę.
document-pose-hand = Na tym zdjęciu proszę patrzeć prosto i przyłożyć dłoń do policzka.
document-how-flat = Proszę położyć go płasko na ciemnym, jednolitym tle.
document-how-corners = Na zdjęciu widać wszystkie cztery rogi.
document-how-glare = Bez lampy błyskowej i bez odblasków.
document-how-alone = Na zdjęciu nie ma nikogo innego.
document-how-light = Światło pada na twarz z przodu. Bez okularów przeciwsłonecznych i niczego, co zasłania twarz.
document-how-arm = Telefon proszę trzymać na odległość ramienia. Twarz nie musi być dokładnie pośrodku.
document-example-page = Przykład: cała strona z portretem wypełnia zdjęcie, aż po dwa wiersze na dole.
document-example-front = Przykład: cała karta z portretem wypełnia zdjęcie.
document-example-back = Przykład: cała druga strona karty wypełnia zdjęcie.
document-example-face = Przykład: głowa i ramiona od przodu.
document-example-paper = Przykład: głowa i ramiona od przodu, obok twarzy kartka z dużym napisem.
document-example-in-hand = Przykład: głowa i ramiona od przodu, obok twarzy dokument stroną z portretem.
document-example-pose = Przykład: głowa i ramiona, tak jak prosi o to ta strona.
document-take = Zrób zdjęcie
document-send-photo = Wyślij to zdjęcie
document-choose = Wybierz gotowe zdjęcie
document-send-chosen = Wyślij wybrane zdjęcie
document-look-before = Zobacz wysłane zdjęcie
document-check-document = Czy wszystko jest czytelne, nawet najmniejszy druk?
document-check-person = Czy twarz łatwo rozpoznać i czy widać wszystko inne, o co proszono?
document-check-alt = Państwa zdjęcie
document-use = Użyj tego zdjęcia
document-again = Zrób je jeszcze raz

document-summary-title = Są już wszystkie zdjęcia
document-look = Zobacz
document-have = To zdjęcie już mamy.
document-send-text = Proszę je teraz wysłać. Potem obejrzą je pracownicy organizacji.
document-send = Wyślij zdjęcia
document-limit-minutes = { $minutes ->
    [one] Na razie zdjęcia wysłano tyle razy, ile można. Kolejne będzie można wysłać za 1 minutę.
    [few] Na razie zdjęcia wysłano tyle razy, ile można. Kolejne będzie można wysłać za { $minutes } minuty.
    [many] Na razie zdjęcia wysłano tyle razy, ile można. Kolejne będzie można wysłać za { $minutes } minut.
   *[other] Na razie zdjęcia wysłano tyle razy, ile można. Kolejne będzie można wysłać po { $minutes } minuty.
}
document-limit-hours = { $hours ->
    [one] Na razie zdjęcia wysłano tyle razy, ile można. Kolejne będzie można wysłać za 1 godzinę.
    [few] Na razie zdjęcia wysłano tyle razy, ile można. Kolejne będzie można wysłać za { $hours } godziny.
    [many] Na razie zdjęcia wysłano tyle razy, ile można. Kolejne będzie można wysłać za { $hours } godzin.
   *[other] Na razie zdjęcia wysłano tyle razy, ile można. Kolejne będzie można wysłać po { $hours } godziny.
}

document-waiting-title = Zdjęcia są w Państwa organizacji
document-waiting-text = Ludzie je oglądają i podejmują decyzję. Ta strona pokaże, kiedy to się stanie.
document-waiting-usually = Zwykle trwa to krócej niż dzień roboczy.
document-waiting-hour = Zwykle trwa to krócej niż godzinę.
document-waiting-hours = Zwykle trwa to krócej niż cztery godziny.
document-waiting-days = Zwykle trwa to krócej niż trzy dni.
document-waiting-later = Nie trzeba czekać. Proszę teraz wrócić i zalogować się później: wtedy ciąg dalszy będzie tutaj.
document-withdraw = Usuń wszystko i zakończ
document-withdraw-title = Usunąć wszystko?
document-withdraw-text = Zdjęcia zostaną od razu usunięte i nikt nie będzie o nich decydować. Można zacząć od nowa.
document-withdraw-no = Nie, kontynuuj
document-withdraw-yes = Tak, usuń wszystko
document-asked-title = Prosimy o lepsze zdjęcia
document-asked-text = Zdjęcia zostały obejrzane. Aby podjąć decyzję, organizacja potrzebuje jeszcze:
document-rejected-text = Organizacja obejrzała zdjęcia i nie mogła potwierdzić Państwa tożsamości:
document-anew = Zacznij od nowa
document-other-title = Zdjęcia zostały już wysłane
document-other-text = Podczas innego logowania wysłano zdjęcia, o których jeszcze nie zdecydowano.
document-other-keep = Aby przy nich pozostać, proszę teraz wrócić i zalogować się później. Po rozpoczęciu od nowa zostaną usunięte, a to liczy się jako jedno z wysłań, do których mają Państwo prawo.
document-lapsed-title = O zdjęciach nie zdecydowano
document-lapsed-text = Nikt nie zdążył obejrzeć zdjęć. Zostały usunięte. Przepraszamy; prosimy zacząć od nowa.
document-lapsed-asked = Proszono o lepsze zdjęcia, a czas na to minął. Zdjęcia zostały usunięte. Można zacząć od nowa.
document-otherwise-title = Jeśli nie można tego zrobić
document-otherwise-text = Tożsamość można potwierdzić w inny sposób:
document-otherwise-none = Na tej stronie nie ma innego sposobu. Można wrócić do logowania.
document-otherwise-support = Pomoże wsparcie Państwa organizacji: kontakt jest na dole tej strony.

document-problem-consent = Proszę zaznaczyć zgodę. Bez niej nie możemy użyć zdjęć.
document-problem-kind = Proszę wybrać jeden z tych dokumentów.
document-problem-reworded = Proszę przeczytać to jeszcze raz: tekst się zmienił.
document-problem-outdated = Zdjęcia zostały przyjęte, ale dla tej aplikacji zbyt dawno. Prosimy zacząć od nowa.
document-problem-late = Zostało za mało czasu na wszystkie zdjęcia. Proszę wrócić i najpierw zalogować się ponownie.
document-problem-gone = Tego, co zostało rozpoczęte, już tu nie ma: zaczęto od nowa gdzie indziej albo minął czas. Proszę zacząć od nowa.
document-problem-held = Tego nie można teraz usunąć. Proszę zapytać w organizacji.
document-problem-withdrawn = Wszystko zostało usunięte.
document-problem-none = Nie dotarło żadne zdjęcie. Proszę je zrobić lub wybrać, a potem nacisnąć przycisk.
document-problem-too-large = Ten plik jest za duży: najwyżej 12 megabajtów. Proszę ustawić w aparacie niższą rozdzielczość i zrobić zdjęcie jeszcze raz.
document-problem-missing = Tego zdjęcia jeszcze brakuje.
document-problem-changed = To inne zdjęcie niż to, które zostało obejrzane. Proszę spojrzeć jeszcze raz.
document-problem-unusable = Właśnie tego zdjęcia nie dało się użyć. Proszę zrobić nowe.
document-problem-heic = To zdjęcie jest w formacie, którego nie potrafimy odczytać (HEIC). Proszę je zrobić przyciskiem „Zrób zdjęcie” albo na iPhonie wybrać Ustawienia › Aparat › Formaty › Najbardziej zgodne.
document-problem-format = To nie jest zdjęcie z aparatu, lecz inny obraz, na przykład zrzut ekranu. Proszę zrobić zdjęcie.
document-problem-pdf = To jest plik PDF. Proszę zamiast tego zrobić zdjęcie.
document-problem-video = To jest film. Proszę zamiast tego zrobić zdjęcie.
document-problem-unknown = To nie jest zdjęcie. Proszę zrobić je aparatem.
document-problem-too-small = To zdjęcie jest za małe, aby je odczytać. Proszę zrobić je aparatem w zwykłej rozdzielczości.
document-problem-pixels = To zdjęcie ma więcej pikseli, niż możemy przyjąć. Proszę ustawić w aparacie niższą rozdzielczość i zrobić je jeszcze raz.
document-problem-no-photo = Ten plik nie jest zdjęciem z aparatu. Proszę zrobić zdjęcie.
document-problem-incomplete = Zdjęcie nie dotarło w całości. Proszę wysłać je jeszcze raz.
document-problem-flat = Zdjęcie jest puste: widać tylko jeden kolor. Proszę zrobić je jeszcze raz.
document-problem-no-room = W tej chwili nie można przyjąć zdjęć. Proszę spróbować później lub wybrać inny sposób.
document-problem-fault = Nie mogliśmy zapisać zdjęcia; to nasza wina. Proszę wysłać je jeszcze raz.

document-stuck-kept = To zdjęcie nie musi być doskonałe. Oglądają je ludzie i poproszą o nowe, jeśli nie wystarczy. Można użyć go takim, jakie jest, albo potwierdzić tożsamość w inny sposób.
document-stuck-none = Z tymi zdjęciami chyba się nie udaje. Można spróbować innym telefonem lub w innej przeglądarce albo potwierdzić tożsamość w inny sposób.
document-stuck-other = Potwierdź tożsamość w inny sposób

document-ask-blurred = Zdjęcie jest nieostre. Proszę trzymać aparat nieruchomo i poczekać, aż ustawi ostrość.
document-ask-dark = Zdjęcie jest za ciemne. Proszę przejść tam, gdzie jest więcej światła.
document-ask-glare = Coś się odbija. Proszę wyłączyć lampę błyskową i lekko przechylić dokument.
document-ask-cut-off = Przy brzegu brakuje fragmentu. Proszę pokazać całość.
document-ask-covered = Zakryto coś, co jest potrzebne. Proszę zostawić widoczne: portret, imię i nazwisko, datę urodzenia i datę ważności.
document-ask-too-small = To, co ważne, jest za małe. Proszę się zbliżyć.
document-ask-wrong-side = To jest druga strona.
document-ask-side-missing = Tej strony jeszcze brakuje.
document-ask-wrong-document = To inny dokument niż wybrany.
document-ask-not-accepted = Taki dokument nie jest przyjmowany. Proszę pokazać inny z tych, które można było wybrać.
document-ask-copy = To jest kopia lub ekran. Proszę sfotografować sam dokument.
document-ask-face = Twarz nie jest dobrze widoczna. Nic nie powinno jej zasłaniać.
document-ask-several-faces = Na zdjęciu jest kilka osób. Prosimy, aby nie było na nim nikogo innego.
document-ask-cue = Na zdjęciu nie ma tego, o co proszono, albo nie da się tego odczytać.
document-ask-expired = Dokument stracił ważność. Proszę pokazać inny, jeśli jest.
document-ask-damaged = Dokument jest uszkodzony. Proszę pokazać inny, jeśli jest.
document-ask-restored = Musieliśmy przywrócić tę usługę z kopii zapasowej i zdjęcia przepadły. Przepraszamy; prosimy wysłać je jeszcze raz.
document-reject-expired = Dokument stracił ważność.
document-reject-not-accepted = Taki dokument nie jest przyjmowany.
document-reject-different-person = Nie udało się rozpoznać tej samej osoby na zdjęciu i w dokumencie.
document-reject-name = Imię i nazwisko w dokumencie nie pasują do konta.
document-reject-too-young = Wiek jest niższy, niż wymaga tego organizacja.
document-reject-unusable = Zdjęć nie dało się użyć.
document-reject-other = To, co przysłano, nie wystarczyło.

document-phone-title = Dalej na telefonie
document-phone-text = Telefon robi najlepsze zdjęcia. Kod go tu przyprowadzi; wszystko inne dzieje się dalej w tym oknie.
document-phone-offer = Zrób zdjęcia telefonem
document-phone-other = Zrób zdjęcia innym telefonem
document-phone-show = Pokaż kod
document-phone-another = Pokaż inny kod
document-phone-scan = Proszę skierować aparat telefonu na ten kod i otworzyć link, który się pojawi. Jest ważny pięć minut.
document-phone-link = Albo wpisać ten adres w telefonie:
document-phone-word = Tam proszę dotknąć tego słowa:
document-phone-connected = Telefon jest połączony. Proszę robić zdjęcia nim; ta strona nadąża.
document-phone-cut = Odłącz telefon
document-phone-here = Kontynuuj tutaj
document-phone-missed = Na telefonie dotknięto złego słowa albo ktoś odpowiedział, że to nie jego. Ten kod nie jest już nic wart.
document-phone-reported = Ktoś otworzył Państwa kod i odpowiedział, że to nie jego. Jeśli kod nie został nikomu wysłany, proszę przerwać i powiadomić organizację.
document-phone-over = Nie można już połączyć telefonu. Proszę zrobić zdjęcia tutaj.
document-tap-title = Czy to Państwo zaczęli?
document-tap-text = Zaczęli to Państwo sami, na komputerze, który stoi przed Państwem. Proszę dotknąć słowa, które pokazuje:
document-tap-never = Ktoś przysłał link albo przeczytał słowo na głos? W takim razie proszę nie kontynuować.
document-tap-no = To nie moje
document-tap-here = Kod został otwarty tam, gdzie zaczęto. Drugie urządzenie nie jest potrzebne.
document-tap-go-on = Kontynuuj tutaj
document-code-title = Ten kod już nie działa
document-code-text = Został użyty, zastąpiony albo jest za stary. Proszę poprosić o nowy na komputerze.
document-code-wrong = To nie było to słowo. Proszę poprosić o nowy kod na komputerze.
document-code-reported = Dziękujemy. Kod nie jest już nic wart, a kto go pokazał, zobaczy tę odpowiedź.
document-done-title = Gotowe. Proszę spojrzeć na komputer
document-done-text = Są już wszystkie zdjęcia. Dalej na komputerze, na którym zaczęto; tę stronę można zamknąć.
document-gone-title = Ten telefon został odłączony
document-gone-text = Proszę spojrzeć na komputer: tam widać, co dalej.
document-words = kotwica, jabłko, most, świeca, zamek, wiśnia, chmura, bęben, pióro, kwiat, las, ogród, młotek, wyspa, drabina, cytryna, lustro, góra, ołówek, królik, rzeka, łyżka, gwiazda, okno

document-hint-dark = Zdjęcie wydaje się dość ciemne.
document-hint-glare = Na zdjęciu chyba coś się odbija.
document-hint-blurred = Zdjęcie wydaje się nieostre.
document-send-anyway = Wyślij mimo to
document-preparing = Zdjęcie jest przygotowywane …
document-sending = Zdjęcie jest wysyłane …
document-sending-again = Nie dotarło. Kolejna próba …
document-sending-offline = Nie ma połączenia. Zdjęcie nadal tu jest: proszę wysłać je ponownie, gdy połączenie wróci.

document-camera-text = Zdjęcie można zrobić na tej stronie. Przeglądarka najpierw zapyta o zgodę. Kamera jest włączona tylko podczas oglądania tej strony, a wysyłane jest tylko zrobione zdjęcie.
document-camera-open = Włącz kamerę
document-camera-take = Zrób zdjęcie teraz
document-camera-waiting = Czekamy na kamerę. Jeśli przeglądarka zapyta, proszę na to pozwolić.
document-camera-slow = Kamera jeszcze nie odpowiada. Jeśli przeglądarka zapyta, proszę na to pozwolić albo zrobić zdjęcie poniżej.
document-camera-ready = Kamera jest włączona. Proszę wypełnić ramkę, nie ruszać się i nacisnąć przycisk.
document-camera-dark = Jest dość ciemno. Proszę przejść tam, gdzie jest więcej światła.
document-camera-blurred = Obraz jest nieostry. Proszę się nie ruszać.
document-camera-off = Kamera jest wyłączona.
document-camera-none = Na tej stronie nie można użyć kamery. Proszę zrobić zdjęcie poniżej.
