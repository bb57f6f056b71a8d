desk-choice = Kodem od mojej organizacji
desk-title = Proszę wpisać kod weryfikacyjny
desk-intro = Organizacja potwierdziła Państwa tożsamość i przekazała kod. Proszę go wpisać, aby dokończyć logowanie.
desk-label = Kod weryfikacyjny
desk-hint = 12 znaków. Wielkość liter, spacje i łączniki nie mają znaczenia.
desk-length = Kod ma 12 znaków. Proszę sprawdzić, czy żadnego nie brakuje i czy żaden się nie powtarza przez pomyłkę.
desk-symbol = Wpisano znak, który nie występuje w żadnym kodzie. Kody nigdy nie zawierają 0, O, 1, I, L, 2, 5, S, 6, 8, B, U ani V.
desk-wrong = { $attempts ->
    [one] Ten kod jest nieprawidłowy. Została 1 próba.
    [few] Ten kod jest nieprawidłowy. Zostały { $attempts } próby.
    [many] Ten kod jest nieprawidłowy. Zostało { $attempts } prób.
   *[other] Ten kod jest nieprawidłowy. Zostało { $attempts } próby.
}
desk-too-late = Ten kod wygasł. Proszę poprosić organizację o nowy.
