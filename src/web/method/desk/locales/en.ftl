desk-choice = With a code from my organisation
desk-title = Enter your verification code
desk-intro = Your organisation checked who you are and gave you a code. Enter it to finish logging in.
desk-label = Verification code
desk-hint = 12 characters. Capital or small letters, spaces and dashes make no difference.
desk-length = A code has 12 characters. Please check that none is missing or typed twice.
desk-symbol = This contains a character that no code has. Codes never have 0, O, 1, I, L, 2, 5, S, 6, 8, B, U or V.
desk-wrong = { $attempts ->
    [one] This code is not right. You have 1 attempt left.
   *[other] This code is not right. You have { $attempts } attempts left.
}
desk-too-late = This code has expired. Please ask your organisation for a new one.
