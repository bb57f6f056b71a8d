document-choice = Zdjęciami mojego dokumentu i moimi
