simulated-choice = Simular neste ensaio
simulated-title = Como deve terminar esta verificação?
simulated-text = Isto é um ensaio. Aqui decide o que uma verificação real apuraria.
simulated-approve = Verificado
simulated-reject = Não verificado
simulated-pending = Ainda por decidir
