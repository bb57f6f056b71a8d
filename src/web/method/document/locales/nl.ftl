document-choice = Met foto’s van mijn document en van mij
