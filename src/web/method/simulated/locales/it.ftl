simulated-choice = Simularlo in questa prova
simulated-title = Come deve finire questa verifica?
simulated-text = Questa è una prova. Qui decide Lei che cosa accerterebbe una verifica vera.
simulated-approve = Verificato
simulated-reject = Non verificato
simulated-pending = Ancora da decidere
simulated-away = Andare prima altrove e tornare
simulated-back = È stato altrove, come con un metodo che manda le persone da qualcun altro, ed è tornato.
