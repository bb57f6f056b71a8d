document-choice = With photos of my document and of me
