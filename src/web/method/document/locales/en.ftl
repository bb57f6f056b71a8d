document-choice = With photos of my document and of me
document-title = Verify yourself with photos
document-cannot = I cannot do this
document-later = Go back now, log in again later

document-needed = What you need
document-need-document = The document itself, not a copy, and a phone or computer with a camera.
document-issuers = One of these states must have issued it, abbreviated as in passports: { $states }
document-need-face = You will also take a photo of yourself.
document-need-paper = You will also take a photo of yourself holding a note. Have a sheet of paper and a pen ready.
document-may-cover = You may cover what is not needed: the number of the document, your address and your signature. Your portrait, your name, your date of birth and the date of expiry must be readable.
document-why = Why
document-why-text = Your organisation wants to be sure that it is really you who logs in. People compare your photos and decide; no machine does.
document-who = Who sees your photos
document-who-text = Only staff of your organisation whose task this is. The photos stay with this service and are passed on to nobody.
document-contact = For questions, complaints, or to have everything deleted: { $contact }
document-deleted = When your photos are deleted
document-kept-unsent = If you do not send them: soon after this login.
document-kept-withdrawn = If you stop before a decision: at once.
document-kept-record = What stays is a record of when and how you were checked, from which no photo can be made. Where the law demands it, photos are kept longer.
document-kept-approved = { $days ->
    [one] If you are verified: 1 day after the login that uses it.
   *[other] If you are verified: { $days } days after the login that uses it.
}
document-kept-approved-at-once = If you are verified: with the login that uses it.
document-kept-untaken = { $days ->
    [one] A decision that you do not log in for within 1 day counts no more; if it was in your favour, your photos are then deleted.
   *[other] A decision that you do not log in for within { $days } days counts no more; if it was in your favour, your photos are then deleted.
}
document-kept-rejected = { $days ->
    [one] If you are not: 1 day after the decision.
   *[other] If you are not: { $days } days after the decision.
}
document-kept-open = { $days ->
    [one] If nothing is decided: after 1 day, counted from when photos were last sent or asked for.
   *[other] If nothing is decided: after { $days } days, counted from when photos were last sent or asked for.
}
document-duration = How long it takes
document-duration-text = About five minutes. Then people look at your photos, usually within a working day. You need not wait here.
document-which = Which document do you have?
document-passport = Passport
document-identity-card = Identity card
document-residence-permit = Residence permit
document-driving-licence = Driving licence
document-consent = I have read this and agree that my photos are used for it.
document-anew-counts = The photos that you sent before are deleted. Beginning anew counts as one of the times that you may send photos.

document-step = Photo { $step }
document-passport-page = Photo of the page with your portrait in your passport
document-identity-card-front = Photo of the front of your identity card
document-identity-card-back = Photo of the back of your identity card
document-residence-permit-front = Photo of the front of your residence permit
document-residence-permit-back = Photo of the back of your residence permit
document-driving-licence-front = Photo of the front of your driving licence
document-driving-licence-back = Photo of the back of your driving licence
document-selfie = Photo of you
document-selfie-paper = Photo of you with a note
document-selfie-in-hand = Photo of you with your document
document-pose = A second photo of you
document-paper = Write this on a sheet of paper, large and clear, and hold it beside your face:
document-pose-left = In this photo, turn your head to your left.
document-pose-right = In this photo, turn your head to your right.
document-pose-up = In this photo, raise your chin.
document-pose-hand = In this photo, look straight ahead and hold a hand to your cheek.
document-how-flat = Lay it flat on a dark, plain surface.
document-how-corners = All four corners are in the picture.
document-how-glare = No flash, and nothing that reflects.
document-how-alone = You are alone in the picture.
document-how-light = Light falls on your face from the front. No sunglasses, nothing that hides your face.
document-how-arm = Hold the phone at arm’s length. Your face need not be in the exact centre.
document-example-page = Example: the whole page with the portrait fills the picture, down to the two lines at its foot.
document-example-front = Example: the whole card fills the picture, with the portrait on it.
document-example-back = Example: the whole other side of the card fills the picture.
document-example-face = Example: head and shoulders from the front.
document-example-paper = Example: head and shoulders from the front, beside the face a sheet of paper with large writing.
document-example-in-hand = Example: head and shoulders from the front, beside the face the document with its portrait side.
document-example-pose = Example: head and shoulders, as this page asks for it.
document-take = Take a photo
document-send-photo = Send this photo
document-choose = Choose a photo you have
document-send-chosen = Send the chosen photo
document-look-before = Look at the photo that you sent
document-check-document = Is everything readable, down to the smallest print?
document-check-person = Is your face easy to recognise, and everything else to see that was asked for?
document-check-alt = Your photo
document-use = Use this photo
document-again = Take it again

document-summary-title = All photos are there
document-look = Look at it
document-have = We have this one.
document-send-text = Send them now. Then people of your organisation look at them.
document-send = Send the photos
document-limit-minutes = { $minutes ->
    [one] You have sent photos as often as you may for now. In 1 minute you can send some again.
   *[other] You have sent photos as often as you may for now. In { $minutes } minutes you can send some again.
}
document-limit-hours = { $hours ->
    [one] You have sent photos as often as you may for now. In 1 hour you can send some again.
   *[other] You have sent photos as often as you may for now. In { $hours } hours you can send some again.
}

document-waiting-title = Your photos are with your organisation
document-waiting-text = People look at them and decide. This page shows when that has happened.
document-waiting-usually = That usually takes less than a working day.
document-waiting-hour = That usually takes less than an hour.
document-waiting-hours = That usually takes less than four hours.
document-waiting-days = That usually takes less than three days.
document-waiting-later = You need not wait. Go back now and log in again later: then it goes on here.
document-withdraw = Delete everything and stop
document-withdraw-title = Delete everything?
document-withdraw-text = Your photos are deleted at once, and nobody decides about them. You can begin anew.
document-withdraw-no = No, go on
document-withdraw-yes = Yes, delete everything
document-asked-title = Please send better photos
document-asked-text = Your photos were looked at. To decide, your organisation needs this:
document-rejected-text = Your organisation looked at your photos and could not verify you:
document-anew = Begin anew
document-other-title = You have sent photos already
document-other-text = In another login you sent photos that are not decided yet.
document-other-keep = To stay with them, go back now and log in again later. If you begin anew, they are deleted, and that counts as one of the times that you may send photos.
document-lapsed-title = Your photos were not decided
document-lapsed-text = Nobody could look at your photos in time. They are deleted. We are sorry; please begin anew.
document-lapsed-asked = You were asked for better photos, and the time for that is over. Your photos are deleted. You can begin anew.
document-otherwise-title = If you cannot do this
document-otherwise-text = You can verify yourself in another way:
document-otherwise-none = There is no other way on this page. You can go back to your login.
document-otherwise-support = The support of your organisation helps: see the foot of this page.

document-problem-consent = Please tick that you agree. Without that we may not use your photos.
document-problem-kind = Please choose one of these documents.
document-problem-reworded = Please read this once more: it has changed.
document-problem-outdated = Your photos were approved, but that is too long ago for this application. Please begin anew.
document-problem-late = There is too little time left for all photos. Go back and log in again first.
document-problem-gone = What you began is not here any more: it was begun anew elsewhere, or its time was over. Please begin anew.
document-problem-held = This cannot be deleted just now. Ask your organisation.
document-problem-withdrawn = Everything was deleted.
document-problem-none = No photo came. Choose or take one, then press the button.
document-problem-too-large = This file is too large: 12 megabytes at the most. Set your camera to a lower resolution and take it again.
document-problem-missing = This photo is still missing.
document-problem-changed = This is another photo than the one that you looked at. Please look once more.
document-problem-unusable = This very photo could not be used. Please take a new one.
document-problem-heic = This photo is in a format that we cannot read (HEIC). Take it with the button “Take a photo”, or on an iPhone set Settings › Camera › Formats › Most Compatible.
document-problem-format = This is no photo of a camera but another kind of picture, such as a screenshot. Please take a photo.
document-problem-pdf = This is a PDF. Please take a photo instead.
document-problem-video = This is a film. Please take a photo instead.
document-problem-unknown = This is no photo. Please take one with your camera.
document-problem-too-small = This photo is too small to be read. Take it with your camera, at its usual resolution.
document-problem-pixels = This photo has more pixels than we can take. Set your camera to a lower resolution and take it again.
document-problem-no-photo = This file is no photo of a camera. Please take one.
document-problem-incomplete = The photo did not come whole. Please send it again.
document-problem-flat = The photo is empty: it shows one colour only. Please take it again.
document-problem-no-room = No photos can be taken in just now. Please try again later, or choose another way.
document-problem-fault = We could not keep your photo; that is our fault. Please send it again.

document-stuck-kept = This photo need not be perfect. People look at it, and ask you once more if it does not do. You can use it as it is, or verify yourself in another way.
document-stuck-none = It does not seem to work with these photos. Try another phone or another browser, or verify yourself in another way.
document-stuck-other = Verify yourself in another way

document-ask-blurred = The photo is not sharp. Hold the camera still and wait until it is in focus.
document-ask-dark = The photo is too dark. Go where there is more light.
document-ask-glare = Something reflects in it. Switch the flash off and tilt the document a little.
document-ask-cut-off = A part is missing at the edge. Show all of it.
document-ask-covered = Something that is needed is covered. Leave your portrait, name, date of birth and date of expiry free.
document-ask-too-small = What matters is too small. Go nearer.
document-ask-wrong-side = This shows the other side.
document-ask-side-missing = This side is still missing.
document-ask-wrong-document = This shows another document than the one that you chose.
document-ask-not-accepted = Such a document is not accepted. Show another of those that you could choose.
document-ask-copy = This shows a copy or a screen. Photograph the document itself.
document-ask-face = Your face cannot be seen well. Nothing should hide it.
document-ask-several-faces = There are several people in it. Please be alone in the picture.
document-ask-cue = What was asked for is not in the picture, or cannot be read.
document-ask-expired = The document has expired. Show another one if you have it.
document-ask-damaged = The document is damaged. Show another one if you have it.
document-ask-restored = We had to restore this service from a backup, and your photos were lost. We are sorry; please send them again.
document-reject-expired = The document has expired.
document-reject-not-accepted = Such a document is not accepted.
document-reject-different-person = The person in the photo and in the document could not be taken for the same.
document-reject-name = The name in the document does not fit your account.
document-reject-too-young = The age does not reach what your organisation asks for.
document-reject-unusable = The photos could not be used.
document-reject-other = What was sent did not suffice.

document-phone-title = Go on with your phone
document-phone-text = A phone takes the best photos. A code leads it here; everything else goes on in this window.
document-phone-offer = Take the photos with a phone
document-phone-other = Take the photos with another phone
document-phone-show = Show a code
document-phone-another = Show another code
document-phone-scan = Point the camera of your phone at this code and open the link that it shows. It is good for five minutes.
document-phone-link = Or type this address on the phone:
document-phone-word = There, tap this word:
document-phone-connected = A phone is connected. Take the photos there; this page follows along.
document-phone-cut = Disconnect the phone
document-phone-here = Go on here
document-phone-missed = On a phone the wrong word was tapped, or somebody said that this is not theirs. That code is worth nothing any more.
document-phone-reported = Somebody opened your code and said that this is not theirs. If you sent it to nobody, stop and tell your organisation.
document-phone-over = No phone can be connected any more. Take the photos here.
document-tap-title = Did you start this?
document-tap-text = You started this yourself, on a computer in front of you. Tap the word that it shows:
document-tap-never = Did somebody send you the link, or read a word to you? Then do not go on.
document-tap-no = This is not mine
document-tap-here = You opened the code where you started. No second device is needed.
document-tap-go-on = Continue here
document-code-title = This code does not work any more
document-code-text = It was used, replaced, or is too old. Ask for a new one on your computer.
document-code-wrong = That was not the word. Ask for a new code on your computer.
document-code-reported = Thank you. The code is worth nothing any more, and whoever started it sees that you said so.
document-done-title = Done. Look at your computer
document-done-text = All photos are there. It goes on at the computer where you started; you can close this page.
document-gone-title = This phone was disconnected
document-gone-text = Look at your computer: there you see how it goes on.
document-words = anchor, apple, bridge, candle, castle, cherry, cloud, drum, feather, flower, forest, garden, hammer, island, ladder, lemon, mirror, mountain, pencil, rabbit, river, spoon, star, window

document-hint-dark = The photo looks rather dark.
document-hint-glare = Something seems to reflect in the photo.
document-hint-blurred = The photo does not look sharp.
document-send-anyway = Send it anyway
document-preparing = The photo is being prepared …
document-sending = The photo is being sent …
document-sending-again = It did not get through. Trying again …
document-sending-offline = There is no connection. Your photo is still here: send it again once there is one.

document-camera-text = You can take the photo in this page. Your browser asks you first. The camera is on only while you look at this page, and nothing is sent but the photo that you take.
document-camera-open = Switch the camera on
document-camera-take = Take the photo now
document-camera-waiting = Waiting for the camera. If your browser asks you, allow it.
document-camera-slow = The camera does not answer yet. If your browser asks you, allow it; or take the photo below.
document-camera-ready = The camera is on. Fill the frame, hold still and press the button.
document-camera-dark = It is rather dark. Go where there is more light.
document-camera-blurred = The picture is not sharp. Hold still.
document-camera-off = The camera is off.
document-camera-none = The camera cannot be used in this page. Take the photo below.
