simulated-choice = Simulate it, in this trial
simulated-title = How shall this verification end?
simulated-text = This is a trial. Here you decide what a real verification would find out.
simulated-approve = Verified
simulated-reject = Not verified
simulated-pending = Still undecided
simulated-away = Go elsewhere first, and come back
simulated-back = You were elsewhere, as with a method that sends people to somebody else. Now you are back.
