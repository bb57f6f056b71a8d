simulated-choice = Simularlo en esta prueba
simulated-title = ¿Cómo debe terminar esta verificación?
simulated-text = Esto es una prueba. Aquí usted decide lo que averiguaría una verificación real.
simulated-approve = Verificado
simulated-reject = No verificado
simulated-pending = Aún sin decidir
simulated-away = Ir primero a otro sitio y volver
simulated-back = Ha estado en otro sitio, como con un método que envía a las personas a un tercero. Ahora está de vuelta.
