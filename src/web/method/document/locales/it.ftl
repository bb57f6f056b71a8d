document-choice = Con foto del mio documento e di me
