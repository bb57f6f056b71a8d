desk-choice = Avec un code de mon organisation
desk-title = Saisissez votre code de vérification
desk-intro = Votre organisation a vérifié votre identité et vous a remis un code. Saisissez-le pour terminer la connexion.
desk-label = Code de vérification
desk-hint = 12 caractères. Les majuscules, les minuscules, les espaces et les tirets n’ont pas d’importance.
desk-length = Un code comporte 12 caractères. Veuillez vérifier qu’il n’en manque aucun et qu’aucun n’est saisi deux fois.
desk-symbol = Votre saisie contient un caractère qui ne figure dans aucun code. Les codes ne contiennent jamais 0, O, 1, I, L, 2, 5, S, 6, 8, B, U ni V.
desk-wrong = { $attempts ->
    [one] Ce code n’est pas correct. Il vous reste { $attempts } essai.
   *[other] Ce code n’est pas correct. Il vous reste { $attempts } essais.
}
desk-too-late = Ce code a expiré. Veuillez en demander un nouveau à votre organisation.
