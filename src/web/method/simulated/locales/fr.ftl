simulated-choice = Le simuler dans cet essai
simulated-title = Comment cette vérification doit-elle se terminer ?
simulated-text = Ceci est un essai. Vous décidez ici de ce qu’une vraie vérification établirait.
simulated-approve = Vérifié
simulated-reject = Non vérifié
simulated-pending = Pas encore décidé
simulated-away = Passer d’abord ailleurs, puis revenir
simulated-back = Vous étiez ailleurs, comme avec une méthode qui envoie les personnes vers un tiers. Vous voici de retour.
