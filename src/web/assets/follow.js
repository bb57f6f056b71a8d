// Shows the page anew once anything changed: it asks every three seconds, after five minutes every ten, and not while nobody
// looks. Without scripts, the page shows itself anew.
const ask = document.getElementById("follow").dataset.ask;
const began = Date.now();

async function look() {
  const answer = document.hidden ? null : await fetch(ask, { redirect: "manual", cache: "no-store" }).catch(() => null);
  if (answer?.status === 200 || answer?.type === "opaqueredirect") {
    location.reload();
  } else {
    setTimeout(look, Date.now() - began < 300_000 ? 3_000 : 10_000);
  }
}

setTimeout(look, 3_000);
