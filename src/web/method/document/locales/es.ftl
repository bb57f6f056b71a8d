document-choice = Con fotos de mi documento y de mí
document-title = Verifique su identidad con fotos
document-cannot = No puedo hacerlo
document-later = Volver ahora, iniciar sesión más tarde

document-needed = Qué necesita
document-need-document = El documento mismo, no una copia, y un teléfono o un ordenador con cámara.
document-issuers = Tiene que haberlo expedido uno de estos Estados, tal como se abrevian en los pasaportes: { $states }
document-need-face = También se hará una foto en la que se le vea.
document-need-paper = También se hará una foto en la que se le vea con una nota. Tenga a mano una hoja de papel y un bolígrafo.
document-may-cover = Puede tapar lo que no hace falta: el número del documento, su dirección y su firma. Su retrato, su nombre, su fecha de nacimiento y la fecha de caducidad deben poder leerse.
document-why = Por qué
document-why-text = Su organización quiere estar segura de que es usted quien inicia sesión. Personas comparan sus fotos y deciden; ninguna máquina lo hace.
document-who = Quién ve sus fotos
document-who-text = Solo el personal de su organización encargado de ello. Las fotos se quedan en este servicio y no se pasan a nadie.
document-contact = Para preguntas, quejas o para que se borre todo: { $contact }
document-deleted = Cuándo se borran sus fotos
document-kept-unsent = Si no las envía: poco después de este inicio de sesión.
document-kept-withdrawn = Si lo deja antes de una decisión: enseguida.
document-kept-record = Lo que queda es un registro de cuándo y cómo se le verificó, del que no se puede rehacer ninguna foto. Donde la ley lo exige, las fotos se guardan más tiempo.
document-kept-approved = { $days ->
    [one] Si se confirma su identidad: 1 día después del inicio de sesión al que sirve.
   *[other] Si se confirma su identidad: { $days } días después del inicio de sesión al que sirve.
}
document-kept-approved-at-once = Si se confirma su identidad: con el inicio de sesión al que sirve.
document-kept-untaken = { $days ->
    [one] Una decisión para la que no inicie sesión en el plazo de 1 día deja de valer; si era favorable, sus fotos se borran entonces.
   *[other] Una decisión para la que no inicie sesión en el plazo de { $days } días deja de valer; si era favorable, sus fotos se borran entonces.
}
document-kept-rejected = { $days ->
    [one] Si no: 1 día después de la decisión.
   *[other] Si no: { $days } días después de la decisión.
}
document-kept-open = { $days ->
    [one] Si no se decide nada: después de 1 día, a contar desde el último envío o la última petición de fotos.
   *[other] Si no se decide nada: después de { $days } días, a contar desde el último envío o la última petición de fotos.
}
document-duration = Cuánto tarda
document-duration-text = Unos cinco minutos. Después, personas miran sus fotos, normalmente en menos de un día laborable. No hace falta que espere aquí.
document-which = ¿Qué documento tiene?
document-passport = Pasaporte
document-identity-card = Documento de identidad
document-residence-permit = Permiso de residencia
document-driving-licence = Permiso de conducir
document-consent = He leído esto y estoy de acuerdo en que mis fotos se usen para ello.
document-anew-counts = Las fotos que envió antes se borran. Empezar de nuevo cuenta como una de las veces que puede enviar fotos.

document-step = Foto { $step }
document-passport-page = Foto de la página de su pasaporte con su retrato
document-identity-card-front = Foto del anverso de su documento de identidad
document-identity-card-back = Foto del reverso de su documento de identidad
document-residence-permit-front = Foto del anverso de su permiso de residencia
document-residence-permit-back = Foto del reverso de su permiso de residencia
document-driving-licence-front = Foto del anverso de su permiso de conducir
document-driving-licence-back = Foto del reverso de su permiso de conducir
document-selfie = Foto de usted
document-selfie-paper = Foto de usted con una nota
document-selfie-in-hand = Foto de usted con su documento
document-pose = Una segunda foto de usted
document-paper = Escriba esto en una hoja de papel, grande y claro, y sujétela junto a su cara:
document-pose-left = En esta foto, gire la cabeza hacia su izquierda.
document-pose-right = En esta foto, gire la cabeza hacia su derecha.
document-pose-up = En esta foto, levante la barbilla.
document-pose-hand = En esta foto, mire al frente y ponga una mano en la mejilla.
document-how-flat = Póngalo plano sobre un fondo oscuro y liso.
document-how-corners = Las cuatro esquinas están en la foto.
document-how-glare = Sin flash y sin nada que refleje.
document-how-alone = No hay nadie más en la foto.
document-how-light = La luz le da en la cara de frente. Sin gafas de sol y sin nada que tape la cara.
document-how-arm = Sujete el teléfono con el brazo extendido. No hace falta que la cara esté justo en el centro.
document-example-page = Ejemplo: toda la página con el retrato llena la foto, hasta las dos líneas de abajo.
document-example-front = Ejemplo: toda la tarjeta, con el retrato, llena la foto.
document-example-back = Ejemplo: todo el otro lado de la tarjeta llena la foto.
document-example-face = Ejemplo: cabeza y hombros, de frente.
document-example-paper = Ejemplo: cabeza y hombros, de frente, y junto a la cara una hoja con letra grande.
document-example-in-hand = Ejemplo: cabeza y hombros, de frente, y junto a la cara el documento por el lado del retrato.
document-example-pose = Ejemplo: cabeza y hombros, como lo pide esta página.
document-take = Hacer una foto
document-send-photo = Enviar esta foto
document-choose = Elegir una foto que ya tiene
document-send-chosen = Enviar la foto elegida
document-look-before = Ver la foto que envió
document-check-document = ¿Se puede leer todo, hasta la letra más pequeña?
document-check-person = ¿Se reconoce bien su cara y se ve todo lo demás que se pidió?
document-check-alt = Su foto
document-use = Usar esta foto
document-again = Hacerla de nuevo

document-summary-title = Están todas las fotos
document-look = Verla
document-have = Esta ya la tenemos.
document-send-text = Envíelas ahora. Después las miran personas de su organización.
document-send = Enviar las fotos
document-limit-minutes = { $minutes ->
    [one] Por ahora ha enviado fotos tantas veces como se puede. Podrá enviar otras en 1 minuto.
   *[other] Por ahora ha enviado fotos tantas veces como se puede. Podrá enviar otras en { $minutes } minutos.
}
document-limit-hours = { $hours ->
    [one] Por ahora ha enviado fotos tantas veces como se puede. Podrá enviar otras en 1 hora.
   *[other] Por ahora ha enviado fotos tantas veces como se puede. Podrá enviar otras en { $hours } horas.
}

document-waiting-title = Su organización tiene sus fotos
document-waiting-text = Personas las miran y deciden. Esta página lo muestra cuando haya ocurrido.
document-waiting-usually = Normalmente tarda menos de un día laborable.
document-waiting-hour = Normalmente tarda menos de una hora.
document-waiting-hours = Normalmente tarda menos de cuatro horas.
document-waiting-days = Normalmente tarda menos de tres días.
document-waiting-later = No hace falta que espere. Vuelva ahora e inicie sesión más tarde: entonces continúa aquí.
document-withdraw = Borrar todo y dejarlo
document-withdraw-title = ¿Borrar todo?
document-withdraw-text = Sus fotos se borran enseguida y nadie decide sobre ellas. Puede empezar de nuevo.
document-withdraw-no = No, continuar
document-withdraw-yes = Sí, borrar todo
document-asked-title = Envíe fotos mejores, por favor
document-asked-text = Se han mirado sus fotos. Para decidir, su organización necesita todavía esto:
document-rejected-text = Su organización miró sus fotos y no pudo confirmar su identidad:
document-anew = Empezar de nuevo
document-other-title = Ya ha enviado fotos
document-other-text = En otro inicio de sesión envió fotos sobre las que aún no se ha decidido.
document-other-keep = Para seguir con ellas, vuelva ahora e inicie sesión más tarde. Si empieza de nuevo, se borran, y eso cuenta como una de las veces que puede enviar fotos.
document-lapsed-title = No se decidió sobre sus fotos
document-lapsed-text = Nadie pudo mirar sus fotos a tiempo. Se han borrado. Lo sentimos; empiece de nuevo, por favor.
document-lapsed-asked = Se le pidieron fotos mejores y el plazo ha terminado. Sus fotos se han borrado. Puede empezar de nuevo.
document-otherwise-title = Si no puede hacerlo
document-otherwise-text = Puede verificar su identidad de otra manera:
document-otherwise-none = En esta página no hay otra manera. Puede volver a su inicio de sesión.
document-otherwise-support = El servicio de ayuda de su organización le atiende: vea el pie de esta página.

document-problem-consent = Marque, por favor, que está de acuerdo. Sin ello no podemos usar sus fotos.
document-problem-kind = Elija, por favor, uno de estos documentos.
document-problem-reworded = Lea esto otra vez, por favor: ha cambiado.
document-problem-outdated = Sus fotos se aceptaron, pero hace demasiado tiempo para esta aplicación. Empiece de nuevo.
document-problem-late = Queda muy poco tiempo para todas las fotos. Vuelva e inicie sesión otra vez primero.
document-problem-gone = Lo que empezó ya no está aquí: se empezó de nuevo en otro lugar o se acabó su tiempo. Empiece de nuevo, por favor.
document-problem-held = Ahora mismo no se puede borrar. Pregunte a su organización.
document-problem-withdrawn = Se ha borrado todo.
document-problem-none = No ha llegado ninguna foto. Haga o elija una y pulse después el botón.
document-problem-too-large = Este archivo es demasiado grande: 12 megabytes como máximo. Ponga la cámara en una resolución menor y hágala de nuevo.
document-problem-missing = Esta foto falta todavía.
document-problem-changed = Esta no es la foto que había mirado. Mire otra vez, por favor.
document-problem-unusable = Esta misma foto no se pudo usar. Haga otra, por favor.
document-problem-heic = Esta foto está en un formato que no podemos leer (HEIC). Hágala con el botón «Hacer una foto» o, en un iPhone, ponga Ajustes › Cámara › Formatos › Más compatible.
document-problem-format = Esto no es la foto de una cámara, sino otra imagen, por ejemplo una captura de pantalla. Haga una foto, por favor.
document-problem-pdf = Esto es un PDF. Haga una foto en su lugar, por favor.
document-problem-video = Esto es un vídeo. Haga una foto en su lugar, por favor.
document-problem-unknown = Esto no es una foto. Haga una con su cámara, por favor.
document-problem-too-small = Esta foto es demasiado pequeña para leerla. Hágala con su cámara a la resolución habitual.
document-problem-pixels = Esta foto tiene más píxeles de los que podemos aceptar. Ponga la cámara en una resolución menor y hágala de nuevo.
document-problem-no-photo = Este archivo no es la foto de una cámara. Haga una, por favor.
document-problem-incomplete = La foto no llegó entera. Envíela otra vez, por favor.
document-problem-flat = La foto está vacía: muestra un solo color. Hágala de nuevo, por favor.
document-problem-no-room = Ahora mismo no se pueden recibir fotos. Inténtelo más tarde o elija otra manera.
document-problem-fault = No pudimos guardar su foto; es culpa nuestra. Envíela otra vez, por favor.

document-stuck-kept = Esta foto no tiene que ser perfecta. La miran personas, y le pedirán otra si no basta. Puede usarla tal como está o verificar su identidad de otra manera.
document-stuck-none = Parece que con estas fotos no funciona. Pruebe con otro teléfono u otro navegador, o verifique su identidad de otra manera.
document-stuck-other = Verificar mi identidad de otra manera

document-ask-blurred = La foto no es nítida. Mantenga la cámara quieta y espere a que enfoque.
document-ask-dark = La foto es demasiado oscura. Vaya donde haya más luz.
document-ask-glare = Hay un reflejo. Apague el flash e incline un poco el documento.
document-ask-cut-off = Falta una parte en el borde. Muéstrelo todo.
document-ask-covered = Está tapado algo que hace falta. Deje a la vista su retrato, su nombre, su fecha de nacimiento y la fecha de caducidad.
document-ask-too-small = Lo importante se ve demasiado pequeño. Acérquese.
document-ask-wrong-side = Este es el otro lado.
document-ask-side-missing = Este lado falta todavía.
document-ask-wrong-document = Este no es el documento que eligió.
document-ask-not-accepted = Un documento así no se acepta. Muestre otro de los que podía elegir.
document-ask-copy = Esto es una copia o una pantalla. Fotografíe el documento mismo.
document-ask-face = Su cara no se ve bien. Nada debe taparla.
document-ask-several-faces = Hay varias personas. Que no haya nadie más en la foto, por favor.
document-ask-cue = Lo que se pidió no está en la foto o no se puede leer.
document-ask-expired = El documento ha caducado. Muestre otro si lo tiene.
document-ask-damaged = El documento está dañado. Muestre otro si lo tiene.
document-ask-restored = Tuvimos que restaurar este servicio desde una copia de seguridad y sus fotos se perdieron. Lo sentimos; envíelas otra vez, por favor.
document-reject-expired = El documento ha caducado.
document-reject-not-accepted = Un documento así no se acepta.
document-reject-different-person = No se pudo reconocer a la misma persona en la foto y en el documento.
document-reject-name = El nombre del documento no coincide con su cuenta.
document-reject-too-young = La edad no llega a la que pide su organización.
document-reject-unusable = Las fotos no se pudieron usar.
document-reject-other = Lo enviado no fue suficiente.

document-phone-title = Continuar con su teléfono
document-phone-text = Un teléfono hace las mejores fotos. Un código lo trae hasta aquí; todo lo demás continúa en esta ventana.
document-phone-offer = Hacer las fotos con un teléfono
document-phone-other = Hacer las fotos con otro teléfono
document-phone-show = Mostrar un código
document-phone-another = Mostrar otro código
document-phone-scan = Apunte con la cámara de su teléfono a este código y abra el enlace que muestra. Vale durante cinco minutos.
document-phone-link = O escriba esta dirección en el teléfono:
document-phone-word = Allí, toque esta palabra:
document-phone-connected = Hay un teléfono conectado. Haga las fotos con él; esta página lo va siguiendo.
document-phone-cut = Desconectar el teléfono
document-phone-here = Continuar aquí
document-phone-missed = En un teléfono se tocó una palabra equivocada, o alguien dijo que esto no es suyo. Ese código ya no vale.
document-phone-reported = Alguien abrió su código y dijo que esto no es suyo. Si no se lo envió a nadie, deténgase y avise a su organización.
document-phone-over = Ya no se puede conectar ningún teléfono. Haga las fotos aquí.
document-tap-title = ¿Empezó usted esto?
document-tap-text = Esto lo empezó usted, en un ordenador que tiene delante. Toque la palabra que muestra:
document-tap-never = ¿Alguien le envió el enlace o le leyó una palabra? Entonces no continúe.
document-tap-no = Esto no es mío
document-tap-here = Ha abierto el código donde empezó. No hace falta otro dispositivo.
document-tap-go-on = Continuar aquí
document-code-title = Este código ya no funciona
document-code-text = Se usó, se cambió por otro o es demasiado antiguo. Pida uno nuevo en su ordenador.
document-code-wrong = Esa no era la palabra. Pida un código nuevo en su ordenador.
document-code-reported = Gracias. El código ya no vale, y quien empezó ve que usted lo ha dicho.
document-done-title = Listo. Mire su ordenador
document-done-text = Están todas las fotos. Continúa en el ordenador donde empezó; puede cerrar esta página.
document-gone-title = Este teléfono se desconectó
document-gone-text = Mire su ordenador: allí se ve cómo continúa.
document-words = ancla, manzana, puente, vela, castillo, cereza, nube, tambor, pluma, flor, bosque, jardín, martillo, isla, escalera, limón, espejo, montaña, lápiz, conejo, río, cuchara, estrella, ventana

document-hint-dark = La foto parece algo oscura.
document-hint-glare = Parece que hay un reflejo en la foto.
document-hint-blurred = La foto no parece nítida.
document-send-anyway = Enviarla de todos modos
document-preparing = Se está preparando la foto …
document-sending = Se está enviando la foto …
document-sending-again = No llegó. Otro intento …
document-sending-offline = No hay conexión. Su foto sigue aquí: envíela de nuevo cuando la haya.

document-camera-text = Puede hacerla en esta página. Su navegador le pregunta primero. La cámara solo está encendida mientras mira esta página, y solo se envía la foto que haga.
document-camera-open = Encender la cámara
document-camera-take = Hacer la foto ahora
document-camera-waiting = Esperando a la cámara. Si su navegador le pregunta, permítalo.
document-camera-slow = La cámara aún no responde. Si su navegador le pregunta, permítalo; o haga la foto más abajo.
document-camera-ready = La cámara está encendida. Llene el marco, no se mueva y pulse el botón.
document-camera-dark = Está algo oscuro. Vaya a donde haya más luz.
document-camera-blurred = La imagen no es nítida. No se mueva.
document-camera-off = La cámara está apagada.
document-camera-none = La cámara no se puede usar en esta página. Haga la foto más abajo.
