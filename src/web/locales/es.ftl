problem = Problema
continue = Continuar
cancel = Cancelar y volver
organisation = Organización
login-at = Inicio de sesión en
account = Cuenta
support = Ayuda
privacy = Privacidad
terms = Condiciones de uso
time-left = { $minutes ->
    [one] Le queda 1 minuto.
   *[other] Le quedan { $minutes } minutos.
}

choose-title = ¿Cómo quiere identificarse?

concluded-success = Su identidad está verificada
concluded-failed = No se ha podido verificar su identidad
concluded-canceled = Ha salido de la verificación
concluded-pending = Su verificación aún está pendiente de decisión
concluded-expired = El tiempo para esta verificación ha terminado
concluded-text = Esta página ha terminado su trabajo. Si todavía no ha iniciado sesión, vuelva al inicio de sesión.
concluded-return = Volver al inicio de sesión

arrival-title = Abriendo su verificación

handoff-title = Volviendo a su inicio de sesión
handoff-text = Si no ocurre nada, pulse el botón.

before-decided = Ya se había decidido sobre su verificación. Continúe para terminar de iniciar sesión.
before-failed = Se decidió después de su último inicio de sesión. Vuelva al inicio de sesión y se informará a la aplicación.
before-waiting = No tiene que hacer nada más. Vuelva por ahora al inicio de sesión e inicie sesión de nuevo más tarde.
before-anew = O verifique su identidad de nuevo:

nothing-title = No se puede verificar su identidad para esta aplicación
nothing-text = La aplicación no acepta ninguno de los métodos con los que esta organización verifica a las personas. Avise al servicio de asistencia de su organización y después vuelva al inicio de sesión.

refusal-reference = Referencia para el servicio de ayuda
refusal-not-found-title = Esta página no existe
refusal-not-found-text = Vuelva a la aplicación que quería usar e inicie sesión desde allí.
refusal-link-title = Este enlace no funciona
refusal-link-text = Está incompleto o no se creó para este servicio. Vuelva a la aplicación que quería usar e inicie sesión de nuevo.
refusal-expired-title = Este inicio de sesión ha tardado demasiado
refusal-expired-text = Vuelva a la aplicación que quería usar e inicie sesión de nuevo.
refusal-used-title = Este enlace ya se ha utilizado
refusal-used-text = La verificación continúa donde se abrió por primera vez. Si no fue usted, vuelva a la aplicación e inicie sesión de nuevo.
refusal-too-long-title = Esta solicitud es demasiado larga
refusal-too-long-text = Vuelva a la aplicación que quería usar e inicie sesión de nuevo. Si esta página vuelve a aparecer, cierre antes todas las pestañas de este sitio.
refusal-login-too-long-title = Este inicio de sesión es demasiado largo para su navegador
refusal-login-too-long-text = La aplicación envía con este inicio de sesión más de lo que un navegador conserva. Avise al servicio de asistencia de su organización.
refusal-photo-wait-title = No podemos recibir su foto en este momento
refusal-photo-wait-text = Espere unos segundos, vuelva a la página anterior y envíela de nuevo. Lo que ya había enviado sigue aquí.
refusal-no-session-title = Su navegador no ha reconocido este inicio de sesión
refusal-no-session-text = Abra esta página en el navegador en el que inició sesión y permita las cookies de este sitio. Después vuelva a la aplicación e inicie sesión de nuevo.
refusal-busy-title = Muchas personas están iniciando sesión en este momento
refusal-busy-text = Espere unos segundos y vuelva a cargar esta página. Su inicio de sesión continuará donde está.
refusal-too-often-title = Demasiados intentos en poco tiempo
refusal-too-often-text = Espere un minuto y vuelva a cargar esta página. Si no ha intentado iniciar sesión, avise al servicio de asistencia de su organización.
refusal-clock-title = El reloj de este servicio parece estar mal
refusal-clock-text = Según su reloj, su inicio de sesión aún no ha comenzado. Avise al servicio de asistencia de su organización: un administrador debe poner el reloj en hora. Después, vuelva a cargar esta página.
refusal-retry-title = Inténtelo de nuevo, por favor
refusal-retry-text = No hemos podido completar la operación en este momento, pero no se ha perdido nada. Espere un momento, vuelva a la página anterior e inténtelo de nuevo.
refusal-request-title = No se ha entendido esta solicitud
refusal-request-text = Vuelva a la aplicación que quería usar e inicie sesión de nuevo.

home-title = Verificación de identidad
home-text = Este sitio verifica la identidad de las personas cuando inician sesión en una aplicación. Aquí no hay nada que hacer: vuelva a su aplicación e inicie sesión desde allí.
