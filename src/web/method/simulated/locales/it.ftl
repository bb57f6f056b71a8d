simulated-choice = Simularlo in questa prova
simulated-title = Come deve finire questa verifica?
simulated-text = Questa è una prova. Qui decide Lei che cosa accerterebbe una verifica vera.
simulated-approve = Verificato
simulated-reject = Non verificato
simulated-pending = Ancora da decidere
simulated-away = Passare prima altrove e tornare
simulated-back = Ha visitato un altro sito, come con un metodo che manda le persone da terzi. Ora è di nuovo qui.
