problem = Problem
continue = Continue
cancel = Cancel and return
organisation = Organisation
login-at = Login at
account = Account
support = Support
privacy = Privacy
terms = Terms of use
time-left = { $minutes ->
    [one] You have 1 minute left.
   *[other] You have { $minutes } minutes left.
}

choose-title = How would you like to verify yourself?

concluded-success = You are verified
concluded-failed = You could not be verified
concluded-canceled = You left the verification
concluded-pending = Your verification is still being decided
concluded-expired = The time for this verification is over
concluded-text = This page has done its work. If you are not logged in yet, return to your login.
concluded-return = Return to your login

arrival-title = Opening your verification

handoff-title = Returning to your login
handoff-text = If nothing happens, press the button.

before-decided = Your verification was decided earlier. Continue to finish logging in.
before-failed = This was decided after your last login. Return to your login, and the application is told.
before-waiting = There is nothing more for you to do. Return to your login for now, and log in again later.
before-anew = Or verify yourself anew:

nothing-title = You cannot be verified for this application
nothing-text = It accepts none of the ways in which this organisation verifies people. Tell the support of your organisation, then return to your login.

refusal-reference = Reference for support
refusal-not-found-title = This page does not exist
refusal-not-found-text = Go back to the application that you wanted to use and log in there.
refusal-link-title = This link does not work
refusal-link-text = It is incomplete or was not made for this service. Go back to the application that you wanted to use and log in again.
refusal-expired-title = This login took too long
refusal-expired-text = Go back to the application that you wanted to use and log in again.
refusal-used-title = This link was used already
refusal-used-text = The verification goes on where it was opened first. If that was not you, go back to the application and log in again.
refusal-too-long-title = This request is too long
refusal-too-long-text = Go back to the application that you wanted to use and log in again. If this page comes back, close all tabs of this site first.
refusal-login-too-long-title = This login is too long for your browser
refusal-login-too-long-text = The application sends more with this login than a browser keeps. Tell the support of your organisation.
refusal-photo-wait-title = We cannot take your photo just now
refusal-photo-wait-text = Wait a few seconds, go back one page and send it again. What you sent before is still here.
refusal-no-session-title = Your browser did not recognise this login
refusal-no-session-text = Open this page in the browser in which you logged in, and allow cookies for this site. Then go back to the application and log in again.
refusal-busy-title = Very many people are logging in just now
refusal-busy-text = Wait a few seconds, then reload this page. Your login goes on where it is.
refusal-too-often-title = Too many tries in a short time
refusal-too-often-text = Wait a minute, then reload this page. If you did not try to log in, tell the support of your organisation.
refusal-clock-title = The clock of this service seems to be wrong
refusal-clock-text = By its clock, your login has not begun yet. Tell the support of your organisation: an administrator has to set the clock right. Then reload this page.
refusal-retry-title = Please try again
refusal-retry-text = We could not finish this just now, and nothing was lost. Wait a moment, go back one page and try again.
refusal-request-title = This request was not understood
refusal-request-text = Go back to the application that you wanted to use and log in again.

home-title = Identity verification
home-text = This site verifies who people are when they log in to an application. There is nothing to do here: go back to your application and log in there.
