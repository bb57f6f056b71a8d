document-choice = Avec des photos de ma pièce d’identité et de moi
