simulated-choice = In deze proef simuleren
simulated-title = Hoe moet deze verificatie aflopen?
simulated-text = Dit is een proef. Hier beslist u wat een echte verificatie zou uitwijzen.
simulated-approve = Geverifieerd
simulated-reject = Niet geverifieerd
simulated-pending = Nog niet beslist
