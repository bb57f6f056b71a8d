// Submits the form that leads back to the login. Without scripts, its button does.
document.forms[0].submit();
