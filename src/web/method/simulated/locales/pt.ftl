simulated-choice = Simular neste ensaio
simulated-title = Como deve terminar esta verificação?
simulated-text = Isto é um ensaio. Aqui decide o que uma verificação real apuraria.
simulated-approve = Verificado
simulated-reject = Não verificado
simulated-pending = Ainda por decidir
simulated-away = Ir primeiro a outro sítio e voltar
simulated-back = Esteve noutro sítio, como com um método que envia as pessoas a terceiros, e voltou.
