problem = Problema
continue = Continuar
cancel = Cancelar e voltar
organisation = Organização
login-at = Acesso a
account = Conta
support = Ajuda
privacy = Privacidade
terms = Termos de uso
time-left = { $minutes ->
    [one] Tempo restante: { $minutes } minuto.
   *[other] Tempo restante: { $minutes } minutos.
}

choose-title = Como deseja identificar-se?

concluded-success = A sua identidade foi verificada
concluded-failed = Não foi possível verificar a sua identidade
concluded-canceled = A verificação foi cancelada
concluded-pending = A sua verificação ainda aguarda uma decisão
concluded-expired = O tempo para esta verificação terminou
concluded-text = Esta página já concluiu o seu trabalho. Se ainda não entrou na sua conta, volte ao acesso.
concluded-return = Voltar ao acesso

arrival-title = Abrindo a sua verificação

handoff-title = Voltando ao seu acesso
handoff-text = Se nada acontecer, pressione o botão.

before-decided = A sua verificação já foi decidida. Continue para concluir o acesso.
before-failed = A decisão foi tomada depois do seu último acesso. Volte ao acesso, e o aplicativo será informado.
before-waiting = Não há mais nada a fazer. Por enquanto, volte ao acesso e entre novamente na sua conta mais tarde.
before-anew = Ou verifique a sua identidade de novo:

nothing-title = Não é possível verificar a sua identidade para este aplicativo
nothing-text = O aplicativo não aceita nenhum dos métodos com que esta organização verifica as pessoas. Avise o suporte da sua organização e depois volte ao acesso.

refusal-reference = Referência para o suporte
refusal-not-found-title = Esta página não existe
refusal-not-found-text = Volte ao aplicativo que queria usar e entre na sua conta por lá.
refusal-link-title = Este link não funciona
refusal-link-text = Ele está incompleto ou não foi criado para este serviço. Volte ao aplicativo que queria usar e entre novamente na sua conta.
refusal-expired-title = Este acesso demorou demais
refusal-expired-text = Volte ao aplicativo que queria usar e entre novamente na sua conta.
refusal-used-title = Este link já foi usado
refusal-used-text = A verificação continua onde foi aberta primeiro. Se não foi você, volte ao aplicativo e entre novamente na sua conta.
refusal-too-long-title = Esta solicitação é longa demais
refusal-too-long-text = Volte ao aplicativo que queria usar e entre novamente na sua conta. Se esta página aparecer outra vez, feche antes todas as abas deste site.
refusal-login-too-long-title = Este acesso é longo demais para o seu navegador
refusal-login-too-long-text = O aplicativo envia com este acesso mais do que um navegador guarda. Avise o suporte da sua organização.
refusal-photo-wait-title = Não podemos receber sua foto neste momento
refusal-photo-wait-text = Espere alguns segundos, volte à página anterior e envie a foto novamente. O que já foi enviado continua aqui.
refusal-no-session-title = O seu navegador não reconheceu este acesso
refusal-no-session-text = Abra esta página no navegador em que iniciou o acesso e permita cookies para este site. Depois volte ao aplicativo e entre novamente na sua conta.
refusal-busy-title = Muitas pessoas estão entrando neste momento
refusal-busy-text = Espere alguns segundos e recarregue esta página. Seu acesso continua de onde está.
refusal-too-often-title = Tentativas demais em pouco tempo
refusal-too-often-text = Espere um minuto e recarregue esta página. Se você não tentou entrar, avise o suporte da sua organização.
refusal-clock-title = O relógio deste serviço parece estar errado
refusal-clock-text = Pelo relógio dele, seu acesso ainda não começou. Avise o suporte da sua organização: um administrador precisa acertar o relógio. Depois, recarregue esta página.
refusal-retry-title = Tente novamente, por favor
refusal-retry-text = Não foi possível concluir agora, mas nada se perdeu. Espere um momento, volte à página anterior e tente novamente.
refusal-request-title = Esta solicitação não foi compreendida
refusal-request-text = Volte ao aplicativo que queria usar e entre novamente na sua conta.

home-title = Verificação de identidade
home-text = Este site verifica a identidade das pessoas quando elas entram em um aplicativo. Não há nada a fazer aqui: volte ao seu aplicativo e entre na sua conta por lá.
