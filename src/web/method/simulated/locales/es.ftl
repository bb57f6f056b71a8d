simulated-choice = Simularlo en esta prueba
simulated-title = ¿Cómo debe terminar esta verificación?
simulated-text = Esto es una prueba. Aquí usted decide lo que averiguaría una verificación real.
simulated-approve = Verificado
simulated-reject = No verificado
simulated-pending = Aún sin decidir
