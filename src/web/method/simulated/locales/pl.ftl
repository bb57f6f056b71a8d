simulated-choice = Zasymulować w tej wersji próbnej
simulated-title = Jak ma się zakończyć ta weryfikacja?
simulated-text = To wersja próbna. Tutaj decydujesz, co ustaliłaby prawdziwa weryfikacja.
simulated-approve = Zweryfikowano
simulated-reject = Nie zweryfikowano
simulated-pending = Jeszcze nie rozstrzygnięto
simulated-away = Najpierw przejść gdzie indziej i wrócić
simulated-back = Nastąpiło przejście gdzie indziej, jak przy metodzie, która odsyła osoby do kogoś innego, i powrót.
