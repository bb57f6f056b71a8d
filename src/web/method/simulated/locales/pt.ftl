simulated-choice = Simular neste teste
simulated-title = Como deve terminar esta verificação?
simulated-text = Isto é um teste. Aqui você decide o que uma verificação real apuraria.
simulated-approve = Verificado
simulated-reject = Não verificado
simulated-pending = Ainda não decidido
simulated-away = Ir primeiro a outro lugar e voltar
simulated-back = Você esteve em outro lugar, como em um método que envia as pessoas a terceiros. Agora está de volta.
