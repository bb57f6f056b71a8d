document-choice = Avec des photos de ma pièce d’identité et de moi
document-title = Vérifier votre identité avec des photos
document-cannot = Je ne peux pas le faire
document-later = Revenir maintenant, se reconnecter plus tard

document-needed = Ce qu’il vous faut
document-need-document = La pièce d’identité elle-même, pas une copie, et un téléphone ou un ordinateur avec une caméra.
document-issuers = Elle doit être délivrée par l’un de ces États, abrégés comme dans les passeports : { $states }
document-need-face = Vous prendrez aussi une photo de vous.
document-need-paper = Vous prendrez aussi une photo de vous avec un mot écrit. Préparez une feuille de papier et un stylo.
document-may-cover = Vous pouvez cacher ce qui n’est pas nécessaire : le numéro de la pièce, votre adresse et votre signature. Votre portrait, votre nom, votre date de naissance et la date d’expiration doivent être lisibles.
document-why = Pourquoi
document-why-text = Votre organisation veut être sûre que c’est bien vous qui vous connectez. Des personnes comparent vos photos et décident ; aucune machine ne le fait.
document-who = Qui voit vos photos
document-who-text = Seulement le personnel de votre organisation chargé de cette tâche. Les photos restent dans ce service et ne sont transmises à personne.
document-contact = Pour une question, une réclamation ou pour tout faire supprimer : { $contact }
document-deleted = Quand vos photos sont supprimées
document-kept-unsent = Si vous ne les envoyez pas : peu après cette connexion.
document-kept-withdrawn = Si vous arrêtez avant une décision : tout de suite.
document-kept-record = Il reste une trace de la date et du mode de la vérification, à partir de laquelle aucune photo ne peut être refaite. Là où la loi l’exige, les photos sont gardées plus longtemps.
document-kept-approved = { $days ->
    [one] Si votre identité est confirmée : 1 jour après la connexion concernée.
   *[other] Si votre identité est confirmée : { $days } jours après la connexion concernée.
}
document-kept-approved-at-once = Si votre identité est confirmée : dès la connexion concernée.
document-kept-untaken = { $days ->
    [one] Une décision pour laquelle vous ne vous connectez pas dans un délai de 1 jour ne compte plus ; si elle vous était favorable, vos photos sont alors effacées.
   *[other] Une décision pour laquelle vous ne vous connectez pas dans un délai de { $days } jours ne compte plus ; si elle vous était favorable, vos photos sont alors effacées.
}
document-kept-rejected = { $days ->
    [one] Sinon : 1 jour après la décision.
   *[other] Sinon : { $days } jours après la décision.
}
document-kept-open = { $days ->
    [one] Si rien n’est décidé : au bout de 1 jour, à compter du dernier envoi ou de la dernière demande de photos.
   *[other] Si rien n’est décidé : au bout de { $days } jours, à compter du dernier envoi ou de la dernière demande de photos.
}
document-duration = Combien de temps cela prend
document-duration-text = Environ cinq minutes. Ensuite, des personnes regardent vos photos, le plus souvent en moins d’un jour ouvré. Vous n’avez pas besoin d’attendre ici.
document-which = Quelle pièce d’identité avez-vous ?
document-passport = Passeport
document-identity-card = Carte d’identité
document-residence-permit = Titre de séjour
document-driving-licence = Permis de conduire
document-consent = J’ai lu ceci et j’accepte que mes photos soient utilisées à cette fin.
document-anew-counts = Les photos que vous avez envoyées avant sont supprimées. Recommencer compte comme un des envois auxquels vous avez droit.

document-step = Photo { $step }
document-passport-page = Photo de la page de votre passeport avec votre portrait
document-identity-card-front = Photo du recto de votre carte d’identité
document-identity-card-back = Photo du verso de votre carte d’identité
document-residence-permit-front = Photo du recto de votre titre de séjour
document-residence-permit-back = Photo du verso de votre titre de séjour
document-driving-licence-front = Photo du recto de votre permis de conduire
document-driving-licence-back = Photo du verso de votre permis de conduire
document-selfie = Photo de vous
document-selfie-paper = Photo de vous avec un mot écrit
document-selfie-in-hand = Photo de vous avec votre pièce d’identité
document-pose = Une deuxième photo de vous
document-paper = Écrivez ceci sur une feuille, en grand et lisiblement, et tenez-la à côté de votre visage :
document-pose-left = Sur cette photo, tournez la tête vers votre gauche.
document-pose-right = Sur cette photo, tournez la tête vers votre droite.
document-pose-up = Sur cette photo, levez le menton.
document-pose-hand = Sur cette photo, regardez droit devant vous et posez une main sur votre joue.
document-how-flat = Posez-la à plat sur un fond sombre et uni.
document-how-corners = Les quatre coins sont sur la photo.
document-how-glare = Pas de flash, et rien qui reflète la lumière.
document-how-alone = Il n’y a que vous sur la photo.
document-how-light = La lumière éclaire votre visage de face. Pas de lunettes de soleil, rien qui cache le visage.
document-how-arm = Tenez le téléphone à bout de bras. Votre visage n’a pas besoin d’être exactement au centre.
document-example-page = Exemple : toute la page avec le portrait remplit la photo, jusqu’aux deux lignes du bas.
document-example-front = Exemple : toute la carte, avec le portrait, remplit la photo.
document-example-back = Exemple : toute l’autre face de la carte remplit la photo.
document-example-face = Exemple : la tête et les épaules, de face.
document-example-paper = Exemple : la tête et les épaules, de face, et à côté du visage une feuille écrite en grand.
document-example-in-hand = Exemple : la tête et les épaules, de face, et à côté du visage la pièce d’identité, côté portrait.
document-example-pose = Exemple : la tête et les épaules, comme cette page le demande.
document-take = Prendre une photo
document-send-photo = Envoyer cette photo
document-choose = Choisir une photo existante
document-send-chosen = Envoyer la photo choisie
document-look-before = Regarder la photo envoyée
document-check-document = Tout est-il lisible, jusqu’aux plus petits caractères ?
document-check-person = Votre visage est-il facile à reconnaître, et voit-on tout ce qui était demandé ?
document-check-alt = Votre photo
document-use = Utiliser cette photo
document-again = La reprendre

document-summary-title = Toutes les photos sont là
document-look = La regarder
document-have = Nous avons celle-ci.
document-send-text = Envoyez-les maintenant. Ensuite, des personnes de votre organisation les regardent.
document-send = Envoyer les photos
document-limit-minutes = { $minutes ->
    [one] Vous avez envoyé des photos autant de fois que possible pour le moment. Vous pourrez recommencer dans 1 minute.
   *[other] Vous avez envoyé des photos autant de fois que possible pour le moment. Vous pourrez recommencer dans { $minutes } minutes.
}
document-limit-hours = { $hours ->
    [one] Vous avez envoyé des photos autant de fois que possible pour le moment. Vous pourrez recommencer dans 1 heure.
   *[other] Vous avez envoyé des photos autant de fois que possible pour le moment. Vous pourrez recommencer dans { $hours } heures.
}

document-waiting-title = Votre organisation a reçu vos photos
document-waiting-text = Des personnes les regardent et décident. Cette page l’indique dès que c’est fait.
document-waiting-usually = Cela prend le plus souvent moins d’un jour ouvré.
document-waiting-hour = Cela prend le plus souvent moins d’une heure.
document-waiting-hours = Cela prend le plus souvent moins de quatre heures.
document-waiting-days = Cela prend le plus souvent moins de trois jours.
document-waiting-later = Vous n’avez pas besoin d’attendre. Revenez maintenant et reconnectez-vous plus tard : la suite se fera ici.
document-withdraw = Tout supprimer et arrêter
document-withdraw-title = Tout supprimer ?
document-withdraw-text = Vos photos sont supprimées tout de suite, et personne ne décide à leur sujet. Vous pourrez recommencer.
document-withdraw-no = Non, continuer
document-withdraw-yes = Oui, tout supprimer
document-asked-title = Envoyez de meilleures photos, s’il vous plaît
document-asked-text = Vos photos ont été regardées. Pour décider, votre organisation a encore besoin de ceci :
document-rejected-text = Votre organisation a regardé vos photos et n’a pas pu confirmer votre identité :
document-anew = Recommencer
document-other-title = Vous avez déjà envoyé des photos
document-other-text = Lors d’une autre connexion, vous avez envoyé des photos sur lesquelles rien n’est encore décidé.
document-other-keep = Pour en rester à celles-ci, revenez maintenant et reconnectez-vous plus tard. Si vous recommencez, elles sont supprimées, et cela compte comme un des envois auxquels vous avez droit.
document-lapsed-title = Rien n’a été décidé sur vos photos
document-lapsed-text = Personne n’a pu regarder vos photos à temps. Elles sont supprimées. Nous en sommes désolés ; veuillez recommencer.
document-lapsed-asked = De meilleures photos vous étaient demandées, et le délai est passé. Vos photos sont supprimées. Vous pouvez recommencer.
document-otherwise-title = Si vous ne pouvez pas le faire
document-otherwise-text = Vous pouvez vérifier votre identité autrement :
document-otherwise-none = Cette page ne propose pas d’autre moyen. Vous pouvez revenir à votre connexion.
document-otherwise-support = L’assistance de votre organisation vous aide : voyez le bas de cette page.

document-problem-consent = Veuillez cocher que vous êtes d’accord. Sans cela, nous ne pouvons pas utiliser vos photos.
document-problem-kind = Veuillez choisir une de ces pièces d’identité.
document-problem-reworded = Veuillez relire ceci : le texte a changé.
document-problem-outdated = Vos photos ont été acceptées, mais il y a trop longtemps pour cette application. Veuillez recommencer.
document-problem-late = Il reste trop peu de temps pour toutes les photos. Revenez et reconnectez-vous d’abord.
document-problem-gone = Ce que vous aviez commencé n’est plus ici : cela a été recommencé ailleurs, ou le délai était passé. Veuillez recommencer.
document-problem-held = Cela ne peut pas être supprimé pour le moment. Demandez à votre organisation.
document-problem-withdrawn = Tout a été supprimé.
document-problem-none = Aucune photo n’est arrivée. Prenez-en ou choisissez-en une, puis appuyez sur le bouton.
document-problem-too-large = Ce fichier est trop gros : 12 mégaoctets au plus. Réglez votre appareil sur une résolution plus basse et reprenez la photo.
document-problem-missing = Cette photo manque encore.
document-problem-changed = Ce n’est pas la photo que vous aviez regardée. Veuillez regarder encore une fois.
document-problem-unusable = Cette photo précise n’a pas pu être utilisée. Veuillez en prendre une nouvelle.
document-problem-heic = Cette photo est dans un format que nous ne pouvons pas lire (HEIC). Prenez-la avec le bouton « Prendre une photo », ou réglez sur un iPhone Réglages › Appareil photo › Formats › Le plus compatible.
document-problem-format = Ce n’est pas la photo d’un appareil, mais une autre image, par exemple une capture d’écran. Veuillez prendre une photo.
document-problem-pdf = C’est un PDF. Veuillez plutôt prendre une photo.
document-problem-video = C’est une vidéo. Veuillez plutôt prendre une photo.
document-problem-unknown = Ce n’est pas une photo. Veuillez en prendre une avec votre appareil.
document-problem-too-small = Cette photo est trop petite pour être lue. Prenez-la avec votre appareil, à sa résolution habituelle.
document-problem-pixels = Cette photo a plus de pixels que nous ne pouvons en accepter. Réglez votre appareil sur une résolution plus basse et reprenez la photo.
document-problem-no-photo = Ce fichier n’est pas la photo d’un appareil. Veuillez en prendre une.
document-problem-incomplete = La photo n’est pas arrivée en entier. Veuillez l’envoyer encore une fois.
document-problem-flat = La photo est vide : elle ne montre qu’une couleur. Veuillez la reprendre.
document-problem-no-room = Aucune photo ne peut être reçue pour le moment. Réessayez plus tard ou choisissez un autre moyen.
document-problem-fault = Nous n’avons pas pu garder votre photo ; c’est notre faute. Veuillez l’envoyer encore une fois.

document-stuck-kept = Cette photo n’a pas besoin d’être parfaite. Des personnes la regardent et vous en redemandent une si elle ne suffit pas. Vous pouvez l’utiliser telle quelle ou vérifier votre identité autrement.
document-stuck-none = Cela ne semble pas fonctionner avec ces photos. Essayez avec un autre téléphone ou un autre navigateur, ou vérifiez votre identité autrement.
document-stuck-other = Vérifier mon identité autrement

document-ask-blurred = La photo n’est pas nette. Tenez l’appareil immobile et attendez la mise au point.
document-ask-dark = La photo est trop sombre. Allez là où il y a plus de lumière.
document-ask-glare = Il y a un reflet. Éteignez le flash et inclinez un peu la pièce d’identité.
document-ask-cut-off = Il manque une partie au bord. Montrez tout.
document-ask-covered = Quelque chose de nécessaire est caché. Laissez visibles votre portrait, votre nom, votre date de naissance et la date d’expiration.
document-ask-too-small = L’essentiel est trop petit. Approchez-vous.
document-ask-wrong-side = C’est l’autre face.
document-ask-side-missing = Cette face manque encore.
document-ask-wrong-document = Ce n’est pas la pièce d’identité que vous avez choisie.
document-ask-not-accepted = Une telle pièce n’est pas acceptée. Montrez-en une autre parmi celles que vous pouviez choisir.
document-ask-copy = C’est une copie ou un écran. Photographiez la pièce elle-même.
document-ask-face = On ne voit pas bien votre visage. Rien ne doit le cacher.
document-ask-several-faces = Il y a plusieurs personnes. Il ne doit y avoir que vous sur la photo.
document-ask-cue = Ce qui était demandé n’est pas sur la photo ou ne se lit pas.
document-ask-expired = La pièce d’identité a expiré. Montrez-en une autre si vous en avez une.
document-ask-damaged = La pièce d’identité est abîmée. Montrez-en une autre si vous en avez une.
document-ask-restored = Nous avons dû rétablir ce service à partir d’une sauvegarde, et vos photos ont été perdues. Nous en sommes désolés ; veuillez les renvoyer.
document-reject-expired = La pièce d’identité a expiré.
document-reject-not-accepted = Une telle pièce n’est pas acceptée.
document-reject-different-person = Il n’a pas été possible de reconnaître la même personne sur la photo et sur la pièce d’identité.
document-reject-name = Le nom sur la pièce d’identité ne correspond pas à votre compte.
document-reject-too-young = L’âge n’atteint pas celui que demande votre organisation.
document-reject-unusable = Les photos n’ont pas pu être utilisées.
document-reject-other = Ce qui a été envoyé n’a pas suffi.

document-phone-title = Continuer avec votre téléphone
document-phone-text = Un téléphone prend les meilleures photos. Un code l’amène ici ; tout le reste continue dans cette fenêtre.
document-phone-offer = Prendre les photos avec un téléphone
document-phone-other = Prendre les photos avec un autre téléphone
document-phone-show = Afficher un code
document-phone-another = Afficher un autre code
document-phone-scan = Dirigez la caméra de votre téléphone vers ce code et ouvrez le lien qu’elle affiche. Il est valable cinq minutes.
document-phone-link = Ou tapez cette adresse sur le téléphone :
document-phone-word = Là, touchez ce mot :
document-phone-connected = Un téléphone est connecté. Prenez les photos avec lui ; cette page suit.
document-phone-cut = Déconnecter le téléphone
document-phone-here = Continuer ici
document-phone-missed = Sur un téléphone, le mauvais mot a été touché, ou quelqu’un a dit que cela ne venait pas de lui. Ce code ne vaut plus rien.
document-phone-reported = Quelqu’un a ouvert votre code et a dit que cela ne venait pas de lui. Si vous ne l’avez envoyé à personne, arrêtez-vous et prévenez votre organisation.
document-phone-over = Plus aucun téléphone ne peut être connecté. Prenez les photos ici.
document-tap-title = Est-ce vous qui avez commencé ?
document-tap-text = Vous avez commencé vous-même, sur un ordinateur devant vous. Touchez le mot qu’il affiche :
document-tap-never = Quelqu’un vous a envoyé le lien ou vous a lu un mot ? Alors ne continuez pas.
document-tap-no = Cela ne vient pas de moi
document-tap-here = Vous avez ouvert le code là où vous avez commencé. Aucun autre appareil n’est nécessaire.
document-tap-go-on = Continuer ici
document-code-title = Ce code ne marche plus
document-code-text = Il a été utilisé, remplacé ou il est trop ancien. Demandez-en un nouveau sur votre ordinateur.
document-code-wrong = Ce n’était pas le mot. Demandez un nouveau code sur votre ordinateur.
document-code-reported = Merci. Le code ne vaut plus rien, et la personne qui a commencé voit que vous l’avez dit.
document-done-title = C’est fait. Regardez votre ordinateur
document-done-text = Toutes les photos sont là. La suite se passe sur l’ordinateur où vous avez commencé ; vous pouvez fermer cette page.
document-gone-title = Ce téléphone a été déconnecté
document-gone-text = Regardez votre ordinateur : il indique la suite.
document-words = ancre, pomme, pont, bougie, château, cerise, nuage, tambour, plume, fleur, forêt, jardin, marteau, île, échelle, citron, miroir, montagne, crayon, lapin, rivière, cuillère, étoile, fenêtre

document-hint-dark = La photo paraît plutôt sombre.
document-hint-glare = Il semble y avoir un reflet sur la photo.
document-hint-blurred = La photo ne paraît pas nette.
document-send-anyway = L’envoyer quand même
document-preparing = Préparation de la photo …
document-sending = Envoi de la photo …
document-sending-again = L’envoi n’a pas abouti. Nouvel essai …
document-sending-offline = Il n’y a pas de connexion. Votre photo est toujours là : renvoyez-la dès qu’il y en a une.

document-camera-text = Vous pouvez la prendre dans cette page. Votre navigateur vous demande d’abord votre accord. La caméra n’est allumée que tant que vous regardez cette page, et seule la photo que vous prenez est envoyée.
document-camera-open = Allumer la caméra
document-camera-take = Prendre la photo maintenant
document-camera-waiting = En attente de la caméra. Si votre navigateur vous le demande, autorisez-la.
document-camera-slow = La caméra ne répond pas encore. Si votre navigateur vous le demande, autorisez-la ; ou prenez la photo plus bas.
document-camera-ready = La caméra est allumée. Remplissez le cadre, ne bougez plus et appuyez sur le bouton.
document-camera-dark = Il fait plutôt sombre. Allez là où il y a plus de lumière.
document-camera-blurred = L’image n’est pas nette. Ne bougez plus.
document-camera-off = La caméra est éteinte.
document-camera-none = La caméra ne peut pas être utilisée dans cette page. Prenez la photo plus bas.
