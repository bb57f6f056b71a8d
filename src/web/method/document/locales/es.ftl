document-choice = Con fotos de mi documento y de mí
