/** Every page of the trial and of idv, and the way there. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { answerEid, atDesk, cancel, choose, decide, enterCode, goToEid, logIn, logInAgain, result, simulate } from "./login.mjs";
import { startService } from "./service.mjs";
import { openElsewhere, openWindow } from "./window.mjs";

const idv = (page) => new URL(page.url()).origin;

/** What came of a way to a provider. Of "too-late" the clock decides, and no address. */
const NOTICES = ["denied", "interaction", "unavailable", "start-again", "fresh-login", "level", "not-verified", "incomplete", "broken", "busy"];
const LONG = "Bundespersonalausweisportalverifizierung"; // 40 characters, none of them a space
const ARABIC = "الهوية الرقمية (UAE)";

export const TRIAL_PAGES = {
  "the start": {
    heading: "Log in to an application",
    visit: (page, trial) => page.goto(trial.address),
  },
  "the start with somebody signed in": {
    heading: "Log in to an application",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await page.goto(trial.address);
    },
  },
  "the sign-in": {
    heading: "Sign in to Payroll",
    visit: (page, trial) => page.goto(`${trial.address}/authorize?application=payroll`),
  },
  "the operator's desk": {
    heading: "Operator’s desk",
    visit: (page, trial) => page.goto(`${trial.address}/operator`),
  },
  "the operator's desk with a code": {
    heading: "Operator’s desk",
    async visit(page, trial) {
      await page.goto(`${trial.address}/operator`);
      await page.locator("button").first().click();
      await page.getByRole("status").waitFor();
    },
  },
  "the operator's desk with an undecided case": {
    heading: "Operator’s desk",
    async visit(page, trial) {
      await leaveUndecided(page, trial);
      await page.goto(`${trial.address}/operator`);
      await page.locator('button[value="verified"]').waitFor();
    },
  },
  "the operator's desk with somebody bound": {
    heading: "Operator’s desk",
    async visit(page, trial) {
      await byEid(page, trial, {});
      await result(page);
      await page.goto(`${trial.address}/operator`);
      await page.locator('button[value="unbind"]').waitFor();
    },
  },
  "the specimens": {
    heading: "Specimens of Noor Haddad",
    async visit(page, trial) {
      await page.goto(`${trial.address}/specimens?person=2&paper=Acme+47-KD`);
      await page.locator("img").last().evaluate((image) => image.decode());
    },
  },
  "Sample eID": {
    heading: "Sample eID",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await goToEid(page);
    },
  },
  "Sample eID after its answer": {
    heading: "Sample eID",
    async visit(page, trial) {
      await byEid(page, trial, {});
      await result(page);
      assert.equal((await page.goto(`${trial.address}/eid/authorize?request_uri=none`)).status(), 400);
    },
  },
  "the result of who was verified by Sample eID": {
    heading: "Ada Lovelace is logged in to Payroll",
    async visit(page, trial) {
      await byEid(page, trial, {});
      await result(page);
      await openDetails(page);
    },
  },
  "the result of who is admitted": {
    heading: "Ada Lovelace is logged in to Payroll",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await simulate(page, "success");
      await result(page);
      await openDetails(page);
    },
  },
  "the result of who is denied": {
    heading: "Payroll admits nobody",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await cancel(page);
      await result(page);
    },
  },
  "login_required": {
    heading: "login_required",
    visit: (page, trial) => page.goto(`${trial.address}/authorize?application=payroll&prompt=none`),
  },
  "no such login": {
    heading: "No such login",
    visit: (page, trial) => page.goto(`${trial.address}/continue?state=nobody`),
  },
  "no such page of the trial": {
    heading: "There is no such page",
    visit: (page, trial) => page.goto(`${trial.address}/nowhere`),
  },
};

export const IDV_PAGES = {
  "the choice of a method": {
    heading: "How would you like to verify yourself?",
    visit: (page, trial) => logIn(page, trial, "Payroll"),
  },
  "the desk": {
    heading: "Enter your verification code",
    visit: atDeskPage,
  },
  "the desk after a code that is too short": {
    heading: "Enter your verification code",
    visit: (page, trial) => enterBadCode(page, trial, "AAAA"),
  },
  "the desk after a character that no code has": {
    heading: "Enter your verification code",
    visit: (page, trial) => enterBadCode(page, trial, "0000-0000-0000"),
  },
  "the desk after a wrong code": {
    heading: "Enter your verification code",
    visit: (page, trial) => enterBadCode(page, trial, "AAAA-AAAA-AAAA"),
  },
  "the simulated method": {
    heading: "How shall this verification end?",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await choose(page, "simulated");
      await page.locator('button[value="success"]').waitFor();
    },
  },
  "the simulated method for who is back from elsewhere": {
    heading: "How shall this verification end?",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await simulate(page, "away");
      await page.waitForURL(/\/simulated\/back$/);
    },
  },
  "the way to a provider": {
    heading: "Verify yourself with \u2068Sample eID\u2069",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await choose(page, "oidc/sample");
      await page.locator('form[action$="/oidc/sample"]').waitFor();
    },
  },
  ...Object.fromEntries(NOTICES.map((notice) => [`the way to a provider with the notice ${notice}`, noticeAt(notice)])),
  "the way to a provider whose name is as long as it may be": {
    heading: `Verify yourself with \u2068${LONG}\u2069`,
    visit: (page, _trial, t) => provider(page, t, LONG),
  },
  "the way to a provider whose name is written the other way": {
    heading: `Verify yourself with \u2068${ARABIC}\u2069`,
    visit: (page, _trial, t) => provider(page, t, ARABIC),
  },
  "the way to a provider for which too little time is left": {
    heading: `Verify yourself with \u2068${LONG}\u2069`,
    async visit(page, _trial, t) {
      const seconds = Math.floor(Date.now() / 1000);
      await provider(page, t, LONG, { iat: seconds - 41 * 60, exp: seconds + 60 });
      await page.getByRole("alert").waitFor();
    },
  },
  "the choice where a provider is down": {
    heading: "How would you like to verify yourself?",
    async visit(page, _trial, t) {
      await provider(page, t, LONG);
      for (let times = 0; times < 3; times += 1) await setOut(page);
      await page.goto(page.url().replace(/\/oidc.*/, ""));
      await page.locator("a[aria-describedby]").waitFor();
    },
  },
  "the refusal of an answer of a provider that nobody asked for": {
    heading: "Your browser did not recognise this login",
    visit: (page, trial) => visitIdv(page, trial, 400, `/oidc/sample/callback?code=x&state=${"A".repeat(22)}`),
  },
  "the way to a provider after a level that is too low": noticeOf({ level: "substantial" }),
  "the way to a provider that refused": noticeOf({ answer: "Refuse" }),
  "the way to a provider whose signature was broken": noticeOf({ isBroken: true }),
  "the verification that is still being decided": {
    heading: "Your verification is still being decided",
    visit: stillUndecided,
  },
  "the verification that was decided against": {
    heading: "You could not be verified",
    async visit(page, trial) {
      await leaveUndecided(page, trial);
      await decide(page, trial, "not-verified");
      await logInAgain(page);
    },
  },
  "the verification that was decided earlier": {
    heading: "You are verified",
    async visit(page, trial) {
      await leaveUndecided(page, trial);
      await decide(page, trial, "verified");
      await withholdScripts(page);
      await logInAgain(page);
    },
  },
  "nothing for this application": nothing("Acme", "a•••@acme.example"),
  "nothing for this application, with names as long as they may be": nothing(
    "Bundesamt-der-Wasserstrassenverkehrsangelegenheiten-Nord",
    `${"a".repeat(48)}•••@${"department-of-the-long-names.".repeat(2)}example`,
  ),
  "the concluded session of who is verified": {
    heading: "You are verified",
    visit: (page, trial) => conclude(page, trial, () => simulate(page, "success")),
  },
  "the concluded session of who is not": {
    heading: "You could not be verified",
    visit: (page, trial) => conclude(page, trial, () => simulate(page, "failed")),
  },
  "the concluded session of who left": {
    heading: "You left the verification",
    visit: (page, trial) => conclude(page, trial, () => cancel(page)),
  },
  "the form that leads back": {
    heading: "Returning to your login",
    formPost: true,
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await choose(page, "simulated");
      await withholdScripts(page);
      await page.locator('button[value="success"]').click();
      await page.locator('form[action*="/continue"]').waitFor();
    },
  },
  "what this host is": {
    heading: "Identity verification",
    visit: (page, trial) => visitIdv(page, trial, 200, "/"),
  },
  "the refusal of a link with nothing in it": {
    heading: "This link does not work",
    visit: (page, trial) => visitIdv(page, trial, 400, "/id-verification"),
  },
  "the refusal of a token signed with another secret": {
    heading: "This link does not work",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await cancel(page);
      await page.getByRole("button", { name: "Break the secret" }).click();
      const refused = page.waitForResponse(/\/id-verification\?/);
      await page.getByRole("link", { name: "Log in again" }).click();
      assert.equal((await refused).status(), 401);
      await page.locator("code").waitFor();
    },
  },
  "the refusal of a page that does not exist": {
    heading: "This page does not exist",
    visit: (page, trial) => visitIdv(page, trial, 404, "/nowhere"),
  },
  "the refusal of an act by address": {
    heading: "This request was not understood",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      assert.equal((await page.goto(`${page.url()}/cancel`)).status(), 405);
    },
  },
  "the refusal of a request that is too long": {
    heading: "This request is too long",
    visit: (page, trial) => visitIdv(page, trial, 414, `/${"a".repeat(13_000)}`),
  },
  "the page that leads on who arrives without the cookie": {
    heading: "Opening your verification",
    async visit(page, trial) {
      await arriveLate(page, trial, { stays: true });
      await page.locator('a[href$="?arrived=1"]').waitFor();
    },
  },
  "the refusal of another browser's session": {
    heading: "Your browser did not recognise this login",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      const address = page.url();
      await page.context().clearCookies();
      assert.equal((await page.goto(address)).status(), 400);
    },
  },
  "the refusal of a link that another browser used": {
    heading: "This link was used already",
    async visit(page, trial) {
      const elsewhere = await openElsewhere(page);
      const started = elsewhere.waitForRequest(/\/id-verification\?/);
      await logIn(elsewhere, trial, "Payroll");
      const address = (await started).url();
      await simulate(elsewhere, "success");
      await result(elsewhere);
      await elsewhere.context().close();
      assert.equal((await page.goto(address)).status(), 409);
    },
  },
};

export const PAGES = { ...TRIAL_PAGES, ...IDV_PAGES };

/** Opens a window in a trial of its own, with one of the pages in it. */
export async function show(t, { heading, formPost, visit }, looks = {}) {
  const { trial, page } = await openWindow(t, { formPost, ...looks });
  await visit(page, trial, t);
  if (!looks.locale) assert.equal(await page.locator("h1").innerText(), heading);
  return page;
}

/** A login that ends undecided; the window shows what the application received. */
export async function leaveUndecided(page, trial) {
  await logIn(page, trial, "Payroll");
  await simulate(page, "pending");
  await result(page);
}

async function stillUndecided(page, trial) {
  await leaveUndecided(page, trial);
  await logInAgain(page);
}

/** What a person sees whose application takes nothing that is enabled. */
function nothing(organisation, account_hint) {
  return {
    heading: "You cannot be verified for this application",
    async visit(page, _trial, t) {
      const service = await startService({ organisation });
      t.after(() => service.stop());
      await page.goto(service.link({ methods: "oidc:another", account_hint }));
      await page.locator('form[action$="/cancel"]').waitFor();
    },
  };
}

function noticeAt(notice) {
  return {
    heading: "Verify yourself with \u2068Sample eID\u2069",
    async visit(page, trial) {
      await logIn(page, trial, "Payroll");
      await page.goto(`${page.url()}/oidc/sample?notice=${notice}`);
      await page.getByRole("alert").waitFor();
    },
  };
}

/** The way to a provider that is called `label`, and never there, with what is asked in the request token. */
async function provider(page, t, label, asks = {}) {
  const more = async (folder) => {
    await writeFile(join(folder, "client.secret"), "secret", { mode: 0o600 });
    return `
    [[methods.oidc]]
    name = "absent"
    label = "${label}"
    issuer = "https://localhost:9"
    client_id = "idv"
    client_auth = "secret_basic"
    client_secret = { file = ${JSON.stringify(join(folder, "client.secret"))} }
    [methods.oidc.accept]
    login_alone = true
    [egress]
    via = "direct"
    private = ["localhost"]`;
  };
  const service = await startService({ organisation: "Acme", more });
  t.after(() => service.stop());
  await page.goto(service.link(asks));
  await choose(page, "oidc/absent");
  await page.waitForURL(/\/oidc\/absent$/);
}

/** Towards a provider that is not there. */
async function setOut(page) {
  const back = page.waitForResponse(/notice=unavailable$/);
  await page.locator('form[action$="/oidc/absent"] button').click();
  await back;
  await page.getByRole("alert").waitFor();
}

/** A login by Sample eID, with what is answered there. */
async function byEid(page, trial, choice) {
  await logIn(page, trial, "Payroll");
  await goToEid(page);
  await answerEid(page, choice);
}

function noticeOf(choice) {
  return {
    heading: "Verify yourself with \u2068Sample eID\u2069",
    async visit(page, trial) {
      await byEid(page, trial, choice);
      await page.getByRole("alert").waitFor();
    },
  };
}

const openDetails = (page) =>
  page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));

/** The scripts that submit a form come, and do nothing. */
async function withholdScripts(page) {
  await page.route(/\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: " ".repeat((await response.body()).length) });
  });
}

async function atDeskPage(page, trial) {
  await logIn(page, trial, "Payroll");
  await choose(page, "desk");
  await atDesk(page);
}

async function enterBadCode(page, trial, code) {
  await atDeskPage(page, trial);
  await enterCode(page, code);
  await page.getByRole("alert").waitFor();
}

/**
 * Arrives at the session from another site without its cookie, as Safari may. The cookie comes as soon as a page of idv
 * leads on.
 * @param stays  where that page leads there is nothing, with which a browser stays where it is
 */
export async function arriveLate(page, trial, { stays = false } = {}) {
  await logIn(page, trial, "Payroll");
  const [address, context] = [page.url(), page.context()];
  const cookies = await context.cookies();
  await context.clearCookies();
  await page.route(/\?arrived=1$/, async (route) => {
    await context.addCookies(cookies);
    await (stays ? route.fulfill({ status: 204 }) : route.continue());
  });
  await page.goto("about:blank");
  await page.setContent(`<a href="${address}">From another site</a>`);
  await page.getByRole("link").click();
}

async function conclude(page, trial, end) {
  await logIn(page, trial, "Payroll");
  const address = page.url();
  await end();
  await result(page);
  await page.goto(address);
}

async function visitIdv(page, trial, status, path) {
  await logIn(page, trial, "Payroll");
  assert.equal((await page.goto(`${idv(page)}${path}`)).status(), status);
}
