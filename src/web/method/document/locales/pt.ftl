document-choice = Com fotos do meu documento e de mim
