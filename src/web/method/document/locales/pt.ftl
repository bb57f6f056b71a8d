document-choice = Com fotos do meu documento e de mim
document-title = Confirmar a sua identidade com fotos
document-cannot = Não consigo fazer isto
document-later = Voltar agora, entrar mais tarde

document-needed = Do que você precisa
document-need-document = O próprio documento, não uma cópia, e um telefone ou computador com câmera.
document-issuers = Tem de ter sido emitido por um destes Estados, tal como são abreviados nos passaportes: { $states }
document-need-face = Vai tirar também uma foto sua.
document-need-paper = Vai tirar também uma foto sua com um papel escrito. Tenha à mão uma folha de papel e uma caneta.
document-may-cover = Pode tapar o que não é preciso: o número do documento, o seu endereço e a sua assinatura. O seu retrato, o seu nome, a sua data de nascimento e a data de validade têm de se poder ler.
document-why = Por quê
document-why-text = A sua organização quer ter a certeza de que é mesmo você quem está entrando. São pessoas que comparam as suas fotos e decidem; nenhuma máquina o faz.
document-who = Quem vê as suas fotos
document-who-text = Só o pessoal da sua organização que tem essa tarefa. As fotos ficam neste serviço e não são passadas a ninguém.
document-contact = Para perguntas, reclamações ou para que tudo seja apagado: { $contact }
document-deleted = Quando as suas fotos são apagadas
document-kept-unsent = Se não as enviar: pouco depois deste acesso.
document-kept-withdrawn = Se parar antes de uma decisão: imediatamente.
document-kept-record = O que fica é um registro de quando e como a sua identidade foi verificada, do qual nenhuma foto pode ser refeita. Onde a lei exige, as fotos são guardadas por mais tempo.
document-kept-approved = { $days ->
    [one] Se a sua identidade for confirmada: 1 dia depois do acesso a que serve.
   *[other] Se a sua identidade for confirmada: { $days } dias depois do acesso a que serve.
}
document-kept-approved-at-once = Se a sua identidade for confirmada: com o acesso a que serve.
document-kept-untaken = { $days ->
    [one] Uma decisão para a qual você não entrar dentro de 1 dia deixa de valer; se era favorável, as suas fotos são então apagadas.
   *[other] Uma decisão para a qual você não entrar dentro de { $days } dias deixa de valer; se era favorável, as suas fotos são então apagadas.
}
document-kept-rejected = { $days ->
    [one] Se não for: 1 dia depois da decisão.
   *[other] Se não for: { $days } dias depois da decisão.
}
document-kept-open = { $days ->
    [one] Se nada for decidido: ao fim de 1 dia, a contar do último envio ou pedido de fotos.
   *[other] Se nada for decidido: ao fim de { $days } dias, a contar do último envio ou pedido de fotos.
}
document-duration = Quanto tempo demora
document-duration-text = Cerca de cinco minutos. Depois, pessoas veem as suas fotos, normalmente em menos de um dia útil. Não precisa esperar aqui.
document-which = Que documento tem?
document-passport = Passaporte
document-identity-card = Carteira de identidade
document-residence-permit = Autorização de residência
document-driving-licence = Carteira de motorista
document-consent = Li isto e concordo que as minhas fotos sejam usadas para este fim.
document-anew-counts = As fotos que enviou antes são apagadas. Recomeçar conta como uma das vezes que pode enviar fotos.

document-step = Foto { $step }
document-passport-page = Foto da página do seu passaporte com o seu retrato
document-identity-card-front = Foto da frente da sua carteira de identidade
document-identity-card-back = Foto do verso da sua carteira de identidade
document-residence-permit-front = Foto da frente da sua autorização de residência
document-residence-permit-back = Foto do verso da sua autorização de residência
document-driving-licence-front = Foto da frente da sua carteira de motorista
document-driving-licence-back = Foto do verso da sua carteira de motorista
document-selfie = Foto sua
document-selfie-paper = Foto sua com um papel escrito
document-selfie-in-hand = Foto sua com o seu documento
document-pose = Uma segunda foto sua
document-paper = Escreva isto em uma folha de papel, grande e bem legível, e segure-a ao lado do rosto:
document-pose-left = Nesta foto, vire a cabeça para a sua esquerda.
document-pose-right = Nesta foto, vire a cabeça para a sua direita.
document-pose-up = Nesta foto, levante o queixo.
document-pose-hand = Nesta foto, olhe em frente e encoste uma mão na bochecha.
document-how-flat = Coloque-o sobre um fundo escuro e liso.
document-how-corners = Os quatro cantos estão na foto.
document-how-glare = Sem flash e sem nada que reflita a luz.
document-how-alone = Não há mais ninguém na foto.
document-how-light = A luz vem de frente para o seu rosto. Sem óculos de sol e sem nada que tape o rosto.
document-how-arm = Segure o telefone com o braço esticado. O rosto não precisa estar bem no centro.
document-example-page = Exemplo: a página inteira com o retrato ocupa a foto toda, até as duas linhas de baixo.
document-example-front = Exemplo: o cartão inteiro, com o retrato, ocupa a foto toda.
document-example-back = Exemplo: todo o outro lado do cartão ocupa a foto toda.
document-example-face = Exemplo: cabeça e ombros, de frente.
document-example-paper = Exemplo: cabeça e ombros, de frente, e ao lado do rosto uma folha com letra grande.
document-example-in-hand = Exemplo: cabeça e ombros, de frente, e ao lado do rosto o documento, do lado do retrato.
document-example-pose = Exemplo: cabeça e ombros, como esta página pede.
document-take = Tirar uma foto
document-send-photo = Enviar esta foto
document-choose = Escolher uma foto que já tem
document-send-chosen = Enviar a foto escolhida
document-look-before = Ver a foto que enviou
document-check-document = Dá para ler tudo, até a letra menor?
document-check-person = O seu rosto reconhece-se bem, e vê-se tudo o mais que foi pedido?
document-check-alt = A sua foto
document-use = Usar esta foto
document-again = Tirar outra vez

document-summary-title = As fotos estão todas
document-look = Ver
document-have = Esta já temos.
document-send-text = Envie-as agora. Depois, pessoas da sua organização vão vê-las.
document-send = Enviar as fotos
document-limit-minutes = { $minutes ->
    [one] Por agora, já enviou fotos tantas vezes quantas pode. Pode enviar outras dentro de 1 minuto.
   *[other] Por agora, já enviou fotos tantas vezes quantas pode. Pode enviar outras dentro de { $minutes } minutos.
}
document-limit-hours = { $hours ->
    [one] Por agora, já enviou fotos tantas vezes quantas pode. Pode enviar outras dentro de 1 hora.
   *[other] Por agora, já enviou fotos tantas vezes quantas pode. Pode enviar outras dentro de { $hours } horas.
}

document-waiting-title = As suas fotos estão com a sua organização
document-waiting-text = Pessoas as veem e decidem. Esta página mostra quando isso tiver acontecido.
document-waiting-usually = Normalmente demora menos de um dia útil.
document-waiting-hour = Normalmente demora menos de uma hora.
document-waiting-hours = Normalmente demora menos de quatro horas.
document-waiting-days = Normalmente demora menos de três dias.
document-waiting-later = Não precisa esperar. Volte agora e entre mais tarde: então continua aqui.
document-withdraw = Apagar tudo e parar
document-withdraw-title = Apagar tudo?
document-withdraw-text = As suas fotos são apagadas de imediato e ninguém decide sobre elas. Pode recomeçar.
document-withdraw-no = Não, continuar
document-withdraw-yes = Sim, apagar tudo
document-asked-title = Envie fotos melhores, por favor
document-asked-text = As suas fotos foram vistas. Para decidir, a sua organização ainda precisa disto:
document-rejected-text = A sua organização viu as suas fotos e não conseguiu confirmar a sua identidade:
document-anew = Recomeçar
document-other-title = Já enviou fotos
document-other-text = Em outro acesso enviou fotos sobre as quais ainda não se decidiu.
document-other-keep = Para ficar com essas, volte agora e entre mais tarde. Se recomeçar, são apagadas, e isso conta como uma das vezes que pode enviar fotos.
document-lapsed-title = Não se decidiu sobre as suas fotos
document-lapsed-text = Ninguém conseguiu ver as suas fotos a tempo. Foram apagadas. Sentimos muito; recomece, por favor.
document-lapsed-asked = Foram pedidas fotos melhores e o prazo terminou. As suas fotos foram apagadas. Pode recomeçar.
document-otherwise-title = Se não consegue fazer isto
document-otherwise-text = Pode confirmar a sua identidade de outra forma:
document-otherwise-none = Nesta página não há outra forma. Pode voltar ao seu acesso.
document-otherwise-support = O suporte da sua organização ajuda: veja o fim desta página.

document-problem-consent = Assinale, por favor, que concorda. Sem isso não podemos usar as suas fotos.
document-problem-kind = Escolha, por favor, um destes documentos.
document-problem-reworded = Leia isto outra vez, por favor: mudou.
document-problem-outdated = As suas fotos foram aceites, mas há demasiado tempo para esta aplicação. Comece de novo.
document-problem-late = Resta muito pouco tempo para todas as fotos. Volte e entre de novo primeiro.
document-problem-gone = O que começou já não está aqui: foi recomeçado em outro lugar, ou o prazo terminou. Recomece, por favor.
document-problem-held = De momento, isto não pode ser apagado. Pergunte à sua organização.
document-problem-withdrawn = Tudo foi apagado.
document-problem-none = Não chegou nenhuma foto. Tire ou escolha uma e toque depois no botão.
document-problem-too-large = Este arquivo é demasiado grande: 12 megabytes no máximo. Coloque a câmera em uma resolução mais baixa e tire outra vez.
document-problem-missing = Esta foto ainda falta.
document-problem-changed = Esta não é a foto que viu. Veja outra vez, por favor.
document-problem-unusable = Esta mesma foto não pôde ser usada. Tire uma nova, por favor.
document-problem-heic = Esta foto está em um formato que não conseguimos ler (HEIC). Tire-a com o botão «Tirar uma foto» ou, em um iPhone, escolha Ajustes › Câmera › Formatos › Mais compatível.
document-problem-format = Isto não é a foto de uma câmera, mas outra imagem, por exemplo uma captura de tela. Tire uma foto, por favor.
document-problem-pdf = Isto é um PDF. Tire antes uma foto, por favor.
document-problem-video = Isto é um vídeo. Tire antes uma foto, por favor.
document-problem-unknown = Isto não é uma foto. Tire uma com a sua câmera, por favor.
document-problem-too-small = Esta foto é demasiado pequena para se ler. Tire-a com a sua câmera, na resolução habitual.
document-problem-pixels = Esta foto tem mais pixels do que podemos aceitar. Coloque a câmera em uma resolução mais baixa e tire outra vez.
document-problem-no-photo = Este arquivo não é a foto de uma câmera. Tire uma, por favor.
document-problem-incomplete = A foto não chegou inteira. Envie-a outra vez, por favor.
document-problem-flat = A foto está vazia: mostra uma só cor. Tire outra vez, por favor.
document-problem-no-room = De momento não se podem receber fotos. Tente mais tarde ou escolha outra forma.
document-problem-fault = Não conseguimos guardar a sua foto; a falha é nossa. Envie-a outra vez, por favor.

document-stuck-kept = Esta foto não precisa ser perfeita. Pessoas olham para ela e pedem outra se não servir. Pode usá-la como está ou confirmar a sua identidade de outra forma.
document-stuck-none = Parece que não funciona com estas fotos. Tente com outro telefone ou outro navegador, ou confirme a sua identidade de outra forma.
document-stuck-other = Confirmar a minha identidade de outra forma

document-ask-blurred = A foto não está nítida. Segure a câmera sem mexer e espere que foque.
document-ask-dark = A foto está demasiado escura. Vá para onde haja mais luz.
document-ask-glare = Há um reflexo. Desligue o flash e incline um pouco o documento.
document-ask-cut-off = Falta uma parte na borda. Mostre tudo.
document-ask-covered = Está tapado algo que é preciso. Deixe à vista o seu retrato, o seu nome, a sua data de nascimento e a data de validade.
document-ask-too-small = O que importa está demasiado pequeno. Aproxime-se.
document-ask-wrong-side = Este é o outro lado.
document-ask-side-missing = Este lado ainda falta.
document-ask-wrong-document = Este não é o documento que escolheu.
document-ask-not-accepted = Um documento assim não é aceito. Mostre outro dos que podia escolher.
document-ask-copy = Isto é uma cópia ou uma tela. Fotografe o próprio documento.
document-ask-face = O seu rosto não se vê bem. Nada o deve tapar.
document-ask-several-faces = Há várias pessoas. Só você deve estar na foto.
document-ask-cue = O que foi pedido não está na foto ou não se consegue ler.
document-ask-expired = O documento já não é válido. Mostre outro, se o tiver.
document-ask-damaged = O documento está danificado. Mostre outro, se o tiver.
document-ask-restored = Tivemos de restaurar este serviço a partir de uma cópia de segurança e as suas fotos perderam-se. Sentimos muito; envie-as outra vez, por favor.
document-reject-expired = O documento já não é válido.
document-reject-not-accepted = Um documento assim não é aceito.
document-reject-different-person = Não foi possível reconhecer a mesma pessoa na foto e no documento.
document-reject-name = O nome no documento não corresponde à sua conta.
document-reject-too-young = A idade não alcança a que a sua organização pede.
document-reject-unusable = As fotos não puderam ser usadas.
document-reject-other = O que foi enviado não foi suficiente.

document-phone-title = Continuar com o seu telefone
document-phone-text = Um telefone tira as melhores fotos. Um código o traz até aqui; todo o resto continua nesta janela.
document-phone-offer = Tirar as fotos com um telefone
document-phone-other = Tirar as fotos com outro telefone
document-phone-show = Mostrar um código
document-phone-another = Mostrar outro código
document-phone-scan = Aponte a câmera do seu telefone para este código e abra o link que ela mostra. Ele vale por cinco minutos.
document-phone-link = Ou digite este endereço no telefone:
document-phone-word = Lá, toque nesta palavra:
document-phone-connected = Há um telefone conectado. Tire as fotos com ele; esta página acompanha.
document-phone-cut = Desconectar o telefone
document-phone-here = Continuar aqui
document-phone-missed = Em um telefone foi tocada a palavra errada, ou alguém disse que isto não é seu. Esse código não vale mais nada.
document-phone-reported = Alguém abriu o seu código e disse que isto não é seu. Se você não o enviou a ninguém, pare e avise a sua organização.
document-phone-over = Não é mais possível conectar um telefone. Tire as fotos aqui.
document-tap-title = Foi você quem começou isto?
document-tap-text = Foi você quem começou isto, em um computador à sua frente. Toque na palavra que ele mostra:
document-tap-never = Alguém lhe enviou o link ou leu uma palavra para você? Então não continue.
document-tap-no = Isto não é meu
document-tap-here = Você abriu o código onde começou. Não é preciso outro aparelho.
document-tap-go-on = Continuar aqui
document-code-title = Este código não funciona mais
document-code-text = Ele foi usado, trocado ou é antigo demais. Peça um novo no seu computador.
document-code-wrong = Essa não era a palavra. Peça um novo código no seu computador.
document-code-reported = Obrigado. O código não vale mais nada, e quem começou vê que você disse isso.
document-done-title = Pronto. Olhe para o seu computador
document-done-text = As fotos estão todas. Continua no computador onde você começou; pode fechar esta página.
document-gone-title = Este telefone foi desconectado
document-gone-text = Olhe para o seu computador: ele mostra como continua.
document-words = âncora, maçã, ponte, vela, castelo, cereja, nuvem, tambor, pena, flor, floresta, jardim, martelo, ilha, escada, limão, espelho, montanha, lápis, coelho, rio, colher, estrela, janela

document-hint-dark = A foto parece um pouco escura.
document-hint-glare = Parece haver um reflexo na foto.
document-hint-blurred = A foto não parece nítida.
document-send-anyway = Enviar mesmo assim
document-preparing = A foto está sendo preparada …
document-sending = A foto está sendo enviada …
document-sending-again = Não chegou. Tentando de novo …
document-sending-offline = Não há conexão. A sua foto continua aqui: envie-a outra vez quando houver.

document-camera-text = Pode tirá-la nesta página. O navegador pergunta primeiro. A câmera só fica ligada enquanto olha para esta página, e só é enviada a foto que tirar.
document-camera-open = Ligar a câmera
document-camera-take = Tirar a foto agora
document-camera-waiting = À espera da câmera. Se o navegador perguntar, permita.
document-camera-slow = A câmera ainda não responde. Se o navegador perguntar, permita; ou tire a foto mais abaixo.
document-camera-ready = A câmera está ligada. Preencha a moldura, não se mexa e toque no botão.
document-camera-dark = Está um pouco escuro. Vá para onde haja mais luz.
document-camera-blurred = A imagem não está nítida. Não se mexa.
document-camera-off = A câmera está desligada.
document-camera-none = A câmera não pode ser usada nesta página. Tire a foto mais abaixo.
