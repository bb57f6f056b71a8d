desk-choice = Com um código da minha organização
desk-title = Digite o seu código de verificação
desk-intro = A sua organização confirmou a sua identidade e entregou-lhe um código. Digite-o para concluir o acesso.
desk-label = Código de verificação
desk-hint = 12 caracteres. Maiúsculas, minúsculas, espaços e hífens não fazem diferença.
desk-length = Um código tem 12 caracteres. Verifique se não falta nenhum e se nenhum foi digitado duas vezes.
desk-symbol = Há um caractere que não existe em nenhum código. Os códigos nunca contêm 0, O, 1, I, L, 2, 5, S, 6, 8, B, U ou V.
desk-wrong = { $attempts ->
    [one] Este código não está correto. Resta { $attempts } tentativa.
   *[other] Este código não está correto. Restam { $attempts } tentativas.
}
desk-too-late = Este código expirou. Peça um novo à sua organização.
