problem = Problème
continue = Continuer
cancel = Annuler et revenir
organisation = Organisation
login-at = Connexion à
account = Compte
support = Assistance
privacy = Confidentialité
terms = Conditions d’utilisation
time-left = { $minutes ->
    [one] Il vous reste { $minutes } minute.
   *[other] Il vous reste { $minutes } minutes.
}

choose-title = Comment souhaitez-vous vous identifier ?

concluded-success = Votre identité est vérifiée
concluded-failed = Votre identité n’a pas pu être vérifiée
concluded-canceled = Vous avez quitté la vérification
concluded-pending = Votre vérification est encore en cours d’examen
concluded-expired = Le temps prévu pour cette vérification est écoulé
concluded-text = Cette page a terminé son travail. Si vous n’êtes pas encore connecté(e), revenez à votre connexion.
concluded-return = Revenir à la connexion

arrival-title = Ouverture de votre vérification

handoff-title = Retour à votre connexion
handoff-text = Si rien ne se passe, appuyez sur le bouton.

before-decided = La décision sur votre vérification a déjà été prise. Continuez pour terminer la connexion.
before-failed = La décision a été prise après votre dernière connexion. Revenez à la connexion, et l’application en sera informée.
before-waiting = Vous n’avez rien d’autre à faire. Revenez pour l’instant à la connexion, puis connectez-vous à nouveau plus tard.
before-anew = Ou faites-vous vérifier à nouveau :

nothing-title = Votre identité ne peut pas être vérifiée pour cette application
nothing-text = L’application n’accepte aucune des méthodes par lesquelles cette organisation vérifie l’identité des personnes. Prévenez l’assistance de votre organisation, puis revenez à la connexion.

refusal-reference = Référence pour l’assistance
refusal-not-found-title = Cette page n’existe pas
refusal-not-found-text = Revenez à l’application que vous vouliez utiliser et connectez-vous depuis celle-ci.
refusal-link-title = Ce lien ne fonctionne pas
refusal-link-text = Il est incomplet ou n’a pas été créé pour ce service. Revenez à l’application que vous vouliez utiliser et connectez-vous à nouveau.
refusal-expired-title = Cette connexion a pris trop de temps
refusal-expired-text = Revenez à l’application que vous vouliez utiliser et connectez-vous à nouveau.
refusal-used-title = Ce lien a déjà été utilisé
refusal-used-text = La vérification se poursuit là où elle a d’abord été ouverte. Si ce n’était pas vous, revenez à l’application et connectez-vous à nouveau.
refusal-too-long-title = Cette requête est trop longue
refusal-too-long-text = Revenez à l’application que vous vouliez utiliser et connectez-vous à nouveau. Si cette page réapparaît, fermez d’abord tous les onglets de ce site.
refusal-login-too-long-title = Cette connexion est trop longue pour votre navigateur
refusal-login-too-long-text = L’application envoie avec cette connexion plus qu’un navigateur ne conserve. Prévenez l’assistance de votre organisation.
refusal-photo-wait-title = Nous ne pouvons pas recevoir votre photo pour le moment
refusal-photo-wait-text = Patientez quelques secondes, revenez à la page précédente et envoyez-la à nouveau. Ce que vous avez déjà envoyé est conservé.
refusal-no-session-title = Votre navigateur n’a pas reconnu cette connexion
refusal-no-session-text = Ouvrez cette page dans le navigateur avec lequel vous vous êtes connecté(e) et autorisez les cookies pour ce site. Revenez ensuite à l’application et connectez-vous à nouveau.
refusal-busy-title = Un très grand nombre de personnes se connectent en ce moment
refusal-busy-text = Patientez quelques secondes, puis rechargez cette page. Votre connexion reprendra où elle en est.
refusal-too-often-title = Trop d’essais en peu de temps
refusal-too-often-text = Patientez une minute, puis rechargez cette page. Si vous n’avez pas essayé de vous connecter, prévenez l’assistance de votre organisation.
refusal-clock-title = L’horloge de ce service semble déréglée
refusal-clock-text = D’après elle, votre connexion n’a pas encore commencé. Prévenez l’assistance de votre organisation : un administrateur doit remettre l’horloge à l’heure. Rechargez ensuite cette page.
refusal-retry-title = Veuillez réessayer
refusal-retry-text = Nous n’avons pas pu terminer cette opération, mais rien n’a été perdu. Patientez un instant, revenez à la page précédente et réessayez.
refusal-request-title = Cette requête n’a pas été comprise
refusal-request-text = Revenez à l’application que vous vouliez utiliser et connectez-vous à nouveau.

home-title = Vérification d’identité
home-text = Ce site vérifie l’identité des personnes lorsqu’elles se connectent à une application. Il n’y a rien à faire ici : revenez à votre application et connectez-vous depuis celle-ci.
