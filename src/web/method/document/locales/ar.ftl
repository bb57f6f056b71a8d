document-choice = بصور لوثيقتي ولي
