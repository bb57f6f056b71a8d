desk-choice = Con un código de mi organización
desk-title = Introduzca su código de verificación
desk-intro = Su organización comprobó su identidad y le entregó un código. Introdúzcalo para terminar de iniciar sesión.
desk-label = Código de verificación
desk-hint = 12 caracteres. No importan las mayúsculas, las minúsculas, los espacios ni los guiones.
desk-length = Un código tiene 12 caracteres. Compruebe que no falte ninguno ni esté escrito dos veces.
desk-symbol = Ha escrito un carácter que no aparece en ningún código. Los códigos nunca contienen 0, O, 1, I, L, 2, 5, S, 6, 8, B, U ni V.
desk-wrong = { $attempts ->
    [one] Este código no es correcto. Le queda 1 intento.
   *[other] Este código no es correcto. Le quedan { $attempts } intentos.
}
desk-too-late = Este código ha caducado. Pida uno nuevo a su organización.
