document-choice = 身分証明書と本人の写真で
