simulated-choice = In deze proef simuleren
simulated-title = Hoe moet deze verificatie aflopen?
simulated-text = Dit is een proef. Hier beslist u wat een echte verificatie zou uitwijzen.
simulated-approve = Geverifieerd
simulated-reject = Niet geverifieerd
simulated-pending = Nog niet beslist
simulated-away = Eerst ergens anders heen en terugkomen
simulated-back = U was ergens anders, zoals bij een methode die mensen naar iemand anders stuurt. Nu bent u terug.
