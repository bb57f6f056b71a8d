simulated-choice = Zasymulować w tej wersji próbnej
simulated-title = Jak ma się zakończyć ta weryfikacja?
simulated-text = To wersja próbna. Tutaj można samemu zdecydować, co ustaliłaby prawdziwa weryfikacja.
simulated-approve = Zweryfikowano
simulated-reject = Nie zweryfikowano
simulated-pending = Jeszcze nie rozstrzygnięto
simulated-away = Najpierw przejść gdzie indziej i wrócić
simulated-back = Tak wygląda powrót z innej strony, jak przy metodzie, która odsyła do kogoś innego.
