// Selects what was typed wrongly, so that what is typed or pasted next replaces it. Without scripts, it is cleared by hand.
document.getElementById("code").select();
