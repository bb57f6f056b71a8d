problem = Problem
continue = Dalej
cancel = Anuluj i wróć
organisation = Organizacja
login-at = Logowanie do
account = Konto
support = Pomoc
privacy = Prywatność
terms = Warunki korzystania
time-left = { $minutes ->
    [one] Została 1 minuta.
    [few] Zostały { $minutes } minuty.
    [many] Zostało { $minutes } minut.
   *[other] Zostało { $minutes } minuty.
}

choose-title = Jak chcesz potwierdzić swoją tożsamość?

concluded-success = Tożsamość została zweryfikowana
concluded-failed = Nie udało się zweryfikować tożsamości
concluded-canceled = Weryfikacja została przerwana
concluded-pending = Weryfikacja czeka jeszcze na decyzję
concluded-expired = Czas na tę weryfikację minął
concluded-text = Ta strona wykonała swoje zadanie. Jeśli logowanie nie zostało jeszcze ukończone, proszę do niego wrócić.
concluded-return = Wróć do logowania

arrival-title = Otwieranie weryfikacji

handoff-title = Powrót do logowania
handoff-text = Jeśli nic się nie dzieje, proszę nacisnąć przycisk.

before-decided = Decyzja w sprawie weryfikacji już zapadła. Proszę kontynuować, aby dokończyć logowanie.
before-failed = Decyzja zapadła po ostatnim logowaniu. Proszę wrócić do logowania, a aplikacja zostanie o niej powiadomiona.
before-waiting = Nic więcej nie trzeba robić. Na razie proszę wrócić do logowania i zalogować się ponownie później.
before-anew = Można też zweryfikować się na nowo:

nothing-title = Dla tej aplikacji nie można tu zweryfikować tożsamości
nothing-text = Aplikacja nie przyjmuje żadnej z metod, którymi ta organizacja weryfikuje tożsamość. Proszę zawiadomić pomoc techniczną swojej organizacji, a potem wrócić do logowania.

refusal-reference = Numer zgłoszenia dla pomocy
refusal-not-found-title = Ta strona nie istnieje
refusal-not-found-text = Proszę wrócić do aplikacji, z której chcą Państwo skorzystać, i tam się zalogować.
refusal-link-title = Ten link nie działa
refusal-link-text = Jest niepełny lub nie został utworzony dla tej usługi. Proszę wrócić do aplikacji, z której chcą Państwo skorzystać, i zalogować się ponownie.
refusal-expired-title = To logowanie trwało zbyt długo
refusal-expired-text = Proszę wrócić do aplikacji, z której chcą Państwo skorzystać, i zalogować się ponownie.
refusal-used-title = Ten link został już użyty
refusal-used-text = Weryfikacja trwa tam, gdzie otwarto ją po raz pierwszy. Jeśli zrobił to ktoś inny, proszę wrócić do aplikacji i zalogować się ponownie.
refusal-too-long-title = To żądanie jest zbyt długie
refusal-too-long-text = Proszę wrócić do aplikacji, z której chcą Państwo skorzystać, i zalogować się ponownie. Jeśli ta strona znów się pojawi, proszę najpierw zamknąć wszystkie karty tej witryny.
refusal-login-too-long-title = To logowanie jest zbyt długie dla przeglądarki
refusal-login-too-long-text = Aplikacja przesyła przy tym logowaniu więcej, niż przeglądarka przechowuje. Proszę zawiadomić pomoc techniczną swojej organizacji.
refusal-photo-wait-title = Nie możemy teraz przyjąć zdjęcia
refusal-photo-wait-text = Proszę odczekać kilka sekund, wrócić do poprzedniej strony i wysłać zdjęcie ponownie. To, co zostało wysłane wcześniej, nadal tu jest.
refusal-no-session-title = Przeglądarka nie rozpoznała tego logowania
refusal-no-session-text = Proszę otworzyć tę stronę w przeglądarce, w której rozpoczęto logowanie, i zezwolić tej witrynie na pliki cookie. Następnie proszę wrócić do aplikacji i zalogować się ponownie.
refusal-busy-title = W tej chwili loguje się bardzo wiele osób
refusal-busy-text = Proszę odczekać kilka sekund i odświeżyć tę stronę. Logowanie będzie kontynuowane od tego miejsca.
refusal-too-often-title = Zbyt wiele prób w krótkim czasie
refusal-too-often-text = Proszę odczekać minutę i odświeżyć tę stronę. Jeśli to nie była Państwa próba logowania, proszę zawiadomić pomoc techniczną swojej organizacji.
refusal-clock-title = Zegar tej usługi prawdopodobnie źle chodzi
refusal-clock-text = Według jej zegara logowanie jeszcze się nie rozpoczęło. Proszę zawiadomić pomoc techniczną swojej organizacji: administrator musi ustawić zegar. Potem proszę odświeżyć tę stronę.
refusal-retry-title = Proszę spróbować ponownie
refusal-retry-text = Nie udało się teraz dokończyć tej czynności, ale nic nie zostało utracone. Proszę chwilę poczekać, wrócić do poprzedniej strony i spróbować ponownie.
refusal-request-title = To żądanie nie zostało zrozumiane
refusal-request-text = Proszę wrócić do aplikacji, z której chcą Państwo skorzystać, i zalogować się ponownie.

home-title = Weryfikacja tożsamości
home-text = Ta witryna sprawdza tożsamość osób, które logują się do aplikacji. Tutaj nie trzeba nic robić: proszę wrócić do swojej aplikacji i tam się zalogować.
