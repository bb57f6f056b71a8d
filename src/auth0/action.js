/**
 * Identity verification with idv: an Auth0 post-login Action.
 *
 * To install it:
 *   1. In the Auth0 dashboard create a custom Action for the trigger "Login / Post Login"
 *      and put this whole file in place of the code it shows. It needs no dependencies.
 *   2. Add these secrets to the Action:
 *        TOKEN_SECRET    the secret shared with idv, character for character; at least 32 bytes
 *        IDV_DOMAIN      where idv runs, such as idv.example.com; no path
 *        IDV_EXPIRES_IN  seconds for which a successful check counts; 0 means for ever.
 *                        Left out, everybody is verified again at every login, and an application
 *                        that requires it can exchange no refresh token.
 *   3. Deploy the Action and drag it into the Login flow.
 *
 * An application with the metadata IDV_REQUIRED = true admits nobody without a valid check.
 * Every other application learns the result from the ID token and decides for itself.
 * What makes no sense is told in the Action's log, and never taken for "not required".
 */

"use strict";

/** Claims of the ID token: status, last-check (UNIX seconds) and id. Only the status "valid" means verified. */
const CLAIMS = "https://id-verification/";

/** The one member of the user's app_metadata that this Action reads and writes: { id, last_check }. */
const METADATA = "id_verification";

const REQUEST_LIFETIME = 600; // seconds
const CLOCK_TOLERANCE = 60; // seconds
const HINT_LIMIT = 128; // bytes; idv refuses a longer one
const REASON_LIMIT = 200; // characters; Auth0 keeps 256 of a line
const UNVERIFIED = ["failed", "pending", "canceled", "expired"];
const ON = ["true", "yes", "1", "on"];
/** A key that begins with the word IDV, such as IDV_LEVEL or idvLevel; idvalue is none, and no word begins with VR. */
const IDV_WORD = /^[^A-Za-z0-9]*(idv|Idv|IDV)(?![a-qs-z])/;
const OFF = ["", "false", "no", "0", "off"];

/** A login begins: a check that still counts lets it pass, otherwise the browser goes to idv. */
exports.onExecutePostLogin = async (event, api) => {
  const settings = readSettings(event);
  if (settings.faults.length) return reportFaults(settings, api);
  reportStrangers(event);

  const now = unixTime();
  const stored = storedCheck(event, now);
  // Without a check the sum is NaN, and the comparison false.
  if (stored.last_check + settings.lifetime > now) return setClaims(api, "valid", stored);

  if (!api.redirect.canRedirect()) {
    if (settings.isRequired) return api.access.deny("idv_interaction_required");
    return setClaims(api, "skipped", stored);
  }

  const token = api.redirect.encodeToken({
    secret: settings.secret,
    expiresInSeconds: REQUEST_LIFETIME,
    payload: verificationRequest(event, stored),
  });
  api.redirect.sendUserTo(`https://${settings.domain}/id-verification`, { query: { token } });
};

/** The browser is back from idv. Whatever it brings, the login ends here: it is never redirected twice. */
exports.onContinuePostLogin = async (event, api) => {
  const settings = readSettings(event);
  if (settings.faults.length) return reportFaults(settings, api);

  const now = unixTime();
  const stored = storedCheck(event, now);
  const result = authenticResult(event, api, settings);
  const id = text(result.idv_id) ?? stored.id;

  if (result.status === "success") {
    const last_check = pastInstant(result.last_check, now) ?? pastInstant(result.iat, now);
    const check = { ...stored, id, last_check };
    api.user.setAppMetadata(METADATA, check);
    return setClaims(api, "valid", check);
  }

  if (settings.isRequired) return api.access.deny("idv_verification_failed");
  if (id !== stored.id) api.user.setAppMetadata(METADATA, { ...stored, id });
  setClaims(api, UNVERIFIED.includes(result.status) ? result.status : "failed", { ...stored, id });
};

/**
 * The payload of idv's signed result, or {} if there is none to trust. Auth0 checks its signature, its age and that
 * it belongs to this very login; that idv issued it, and for this user, is checked here.
 */
function authenticResult(event, api, { secret, domain }) {
  try {
    const result = api.redirect.validateToken({ secret, tokenParameterName: "token" });
    if (result.iss !== domain) throw new Error("it does not come from IDV_DOMAIN");
    if (!result.sub || result.sub !== event.user.user_id) throw new Error("its subject is not this user's user_id");
    return result;
  } catch (error) {
    // It may quote what the browser brought.
    console.log(`idv: result refused: ${printable(asText(error?.message)).slice(0, REASON_LIMIT)}`);
    return {};
  }
}

/**
 * What idv needs to know of this login. The token is signed but not encrypted and travels in a URL, so the account is
 * only hinted at. Members that are undefined do not appear in it.
 */
function verificationRequest(event, stored) {
  const hostname = event.request?.hostname;
  return {
    id: stored.id,
    // The host of this login: a login on a custom domain must return to that domain.
    continue_uri: hostname && `https://${hostname}/continue`,
    account_hint: accountHint(event.user),
    ui_locales: uiLocales(event.transaction?.ui_locales),
    // Tells two logins of one second apart. It need not be hard to guess: nobody can sign a token with a guessed one.
    jti: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
  };
}

/** Enough for people to recognise their own account, or nothing: j•••@example.com, j••• or +•••67. */
function accountHint({ email, username, phone_number }) {
  const [, initial, domain] = /^(\P{C}).*(@[^@\p{C}]+)$/u.exec(text(email) ?? "") ?? [];
  const [first] = /^\P{C}/u.exec(text(username) ?? "") ?? [];
  const [, digits] = /\d{3}(\d\d)$/.exec(text(phone_number) ?? "") ?? [];
  const hints = [domain && `${initial}•••${domain}`, first && `${first}•••`, digits && `+•••${digits}`];
  return hints.find((hint) => hint && Buffer.byteLength(hint) <= HINT_LIMIT);
}

/** The languages the application asked for, best first: a list in Auth0, one text in the token. */
function uiLocales(locales) {
  return [locales].flat().join(" ").replace(/[^\w -]/g, "").slice(0, 100) || undefined;
}

/** The stored state, with whatever else it holds; an id or a time that makes no sense counts as missing. */
function storedCheck(event, now) {
  const stored = event.user.app_metadata?.[METADATA];
  const members = stored && typeof stored === "object" && !Array.isArray(stored) ? stored : {};
  return { ...members, id: text(members.id), last_check: pastInstant(members.last_check, now) };
}

function setClaims(api, status, { id, last_check }) {
  api.idToken.setCustomClaim(`${CLAIMS}status`, status);
  if (last_check) api.idToken.setCustomClaim(`${CLAIMS}last-check`, last_check);
  if (id) api.idToken.setCustomClaim(`${CLAIMS}id`, id);
}

/**
 * All that an administrator entered, an Action from the Marketplace in its configuration, a pasted one in its secrets,
 * and the application's metadata. With a requirement that makes no sense the application counts as one that requires.
 */
function readSettings(event) {
  const faults = [];
  const read = (name, sources, parse, place = "") => {
    try {
      const values = new Set(entered(name, sources).map(parse));
      if (values.size > 1) throw new Error("is there more than once, with different values");
      return [...values][0];
    } catch (fault) {
      faults.push(`${name} ${fault.message}${place}`);
    }
  };
  const fields = [event.configuration, event.secrets];
  const isRequired = read("IDV_REQUIRED", [event.client?.metadata], requirement, `, in ${metadataOf(event)}`) ?? true;
  const misspelt = strangers(event).filter(([, value]) => ON.includes(word(asText(value))));
  for (const [key] of misspelt) faults.push(`${shown(key)} is no setting, in ${metadataOf(event)}`);
  return {
    isRequired: isRequired || misspelt.length > 0,
    secret: read("TOKEN_SECRET", fields, tokenSecret),
    domain: read("IDV_DOMAIN", fields, hostName),
    lifetime: read("IDV_EXPIRES_IN", fields, lifetime),
    faults,
  };
}

/** What the first source with anything for `name` holds, once for each spelling of the key; "" if there is nothing. */
function entered(name, sources) {
  for (const source of sources) {
    const spellings = Object.keys(source ?? {}).filter((key) => key !== name && letters(key) === letters(name));
    const texts = [name, ...spellings].map((key) => asText(source?.[key])).filter((value) => value.trim());
    if (texts.length) return texts;
  }
  return [""];
}

function requirement(value) {
  if (ON.includes(word(value))) return true;
  if (OFF.includes(word(value))) return false;
  throw new Error(`is ${shown(value)}, neither true nor false`);
}

/** Its UTF-8 bytes as they stand, spaces too; but a file's final line end is no part of it, here as in idv. */
function tokenSecret(value) {
  const secret = value.replace(/\r?\n$/, "");
  if (!secret) throw new Error("is missing");
  if (Buffer.byteLength(secret) < 32) throw new Error("is shorter than 32 bytes");
  return secret;
}

/** As a browser writes a host: lower case, without the port that https implies. */
function hostName(value) {
  const host = value.trim().toLowerCase().replace(/^https:\/\//, "").replace(/\/$/, "").replace(/:443$/, "");
  if (!host) throw new Error("is missing");
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)*(:[1-9]\d{0,4})?$/.test(host) || host.split(":")[1] > 65_535) throw new Error("is not a bare host name");
  return host;
}

/** Seconds. Nothing entered: no check counts, however fresh. 0: it counts for ever. */
function lifetime(value) {
  const digits = value.trim();
  if (!/^\d*$/.test(digits)) throw new Error("is not a whole number of seconds");
  return digits === "" ? -Infinity : Number(digits) || Infinity;
}

function reportFaults({ faults, isRequired }, api) {
  for (const fault of faults) console.log(`idv: not configured: ${fault}`);
  if (isRequired) api.access.deny("idv_configuration_error");
}

/**
 * The application's metadata that looks like ours and is not: it begins with the word IDV, which id_version does not, or
 * spells it out, or is IDV_REQUIRED but for one slip. One that says yes is a misspelt IDV_REQUIRED, and a fault; any other, which may be
 * somebody else's, is told of.
 */
function strangers(event) {
  const isWord = (key) => IDV_WORD.test(key) || letters(key).startsWith("IDVERIFICATION");
  const isLike = (key) => isWord(key) || isSlip(anyLetters(key), letters("IDV_REQUIRED"));
  const isStranger = ([key]) => letters(key) !== letters("IDV_REQUIRED") && isLike(key);
  return Object.entries(event.client?.metadata ?? {}).filter(isStranger);
}

/** Whether two words are one, but for a letter that is missing, too many, another or changed places with the next. */
function isSlip(one, other) {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const [left, right] = [one, other].map((word) => word.slice(start, word.length - end));
  return Math.max(left.length, right.length) <= 1 || (left.length === 2 && left === [...right].reverse().join(""));
}

function reportStrangers(event) {
  for (const [key] of strangers(event)) console.log(`idv: ignored: ${shown(key)} is no setting, in ${metadataOf(event)}`);
}

function metadataOf({ client }) {
  return `the metadata of ${shown(client?.client_id)} (${shown(client?.name)})`;
}

function word(value) {
  return value.trim().toLowerCase();
}

/** A key by what it says: idv_required, IDV-Required and "IDV_REQUIRED " are one. */
function letters(key) {
  return key.replace(/[^a-z0-9]/gi, "").toUpperCase();
}

/** The same with letters of every script, those of other widths and styles as the plain ones. */
function anyLetters(key) {
  return key.normalize("NFKC").replace(/[^\p{L}\p{N}]/gu, "").toUpperCase();
}

/** What somebody else wrote, as the log takes it: in ASCII, and not much, for Auth0 keeps 256 characters. */
function shown(value) {
  const quoted = printable(JSON.stringify(asText(value)));
  return quoted.length > 40 ? `${quoted.slice(0, 36)}..."` : quoted;
}

/** In ASCII, where no character does anything but stand there. */
function printable(text) {
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Metadata holds texts, but not every tool that writes it knows. */
function asText(value) {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

function text(value) {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A time in UNIX seconds that has come, give or take the difference between two clocks. */
function pastInstant(value, now) {
  return Number.isInteger(value) && value > 0 && value <= now + CLOCK_TOLERANCE ? value : undefined;
}

function unixTime() {
  return Math.floor(Date.now() / 1000);
}
