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
 *        IDV_PROFILE     what idv may compare with what somebody else says of the person: names separated by
 *                        spaces, out of given_name family_name birthdate email. Left out, idv learns none.
 *   3. Deploy the Action and drag it into the Login flow.
 *
 * An application with the metadata IDV_REQUIRED = true admits nobody without a valid check.
 * Every other application learns the result from the ID token and decides for itself.
 * Either may say in its metadata which checks count for it:
 *        IDV_METHODS     names separated by spaces, such as "desk oidc:signicat": only checks by these
 *        IDV_MAX_AGE     seconds: no older check; 0 means that everybody is verified at every login
 * What makes no sense is told in the Action's log, and never taken for "not required".
 */

"use strict";

/** Claims of the ID token: status, last-check (UNIX seconds), method and id. Only the status "valid" means verified. */
const CLAIMS = "https://id-verification/";

/**
 * The one member of the user's app_metadata that this Action reads and writes: { id, last_check, methods, ticket }.
 * Its methods have the last success by each; the ticket came with a result that was pending, and goes into the next request.
 */
const METADATA = "id_verification";

const REQUEST_LIFETIME = 600; // seconds
const LOGIN_LIFETIME = 3600; // seconds
const CLOCK_TOLERANCE = 60; // seconds
const HINT_LIMIT = 128; // bytes; idv refuses a longer one
const REASON_LIMIT = 200; // characters; Auth0 keeps 256 of a line
const METHODS_LIMIT = 256; // bytes, of all names that an application accepts
const METHODS_KEPT = 16; // of one user
const METHOD = /^[a-z0-9]+(:[a-z0-9-]{1,32})?$/;
const TICKET = /^[\w-]{1,64}$/;
/** What IDV_PROFILE may name. */
const NAMES = ["given_name", "family_name", "birthdate", "email"];
const NAME_LIMIT = 256; // bytes, of each
const PROFILE_LIMIT = 512; // bytes, of all of them as JSON: what travels in a URL, and in a cookie of idv, is short
const UNVERIFIED = ["failed", "pending", "canceled", "expired"];
const ON = ["true", "yes", "1", "on"];
/** A key that begins with the word IDV, such as IDV_LEVEL or idvLevel; idvalue is none, and no word begins with VR. */
const IDV_WORD = /^[^A-Za-z0-9]*(idv|Idv|IDV)(?![a-qs-z])/;
const OFF = ["", "false", "no", "0", "off"];
/** The keys of an application's metadata that limit which checks count, and all of its keys, by their letters. */
const LIMITS = ["IDVMETHODS", "IDVMAXAGE"];
const KEYS = ["IDVREQUIRED", ...LIMITS];

/** A login begins: a check that still counts lets it pass, otherwise the browser goes to idv. */
exports.onExecutePostLogin = async (event, api) => {
  const settings = readSettings(event);
  if (settings.faults.length) return reportFaults(settings, api);
  reportStrangers(event);

  const now = unixTime();
  const stored = storedState(event, now);
  const check = acceptedCheck(stored, settings);
  if (settings.remembers && age(check.last_check, now) < settings.maxAge) return setClaims(api, "valid", stored, check);

  if (!api.redirect.canRedirect()) {
    if (settings.isRequired) return api.access.deny("idv_interaction_required");
    return setClaims(api, "skipped", stored, check);
  }

  const token = api.redirect.encodeToken({
    secret: settings.secret,
    expiresInSeconds: REQUEST_LIFETIME,
    payload: verificationRequest(event, stored, check, settings),
  });
  api.redirect.sendUserTo(`https://${settings.domain}/id-verification`, { query: { token } });
};

/** The browser is back from idv. Whatever it brings, the login ends here: it is never redirected twice. */
exports.onContinuePostLogin = async (event, api) => {
  const settings = readSettings(event);
  if (settings.faults.length) return reportFaults(settings, api);

  const now = unixTime();
  const stored = storedState(event, now);
  const result = authenticResult(event, api, settings);
  const isSuccess = result.status === "success";
  const isValid = isSuccess && isRecent(result, settings, now);
  const isDenied = settings.isRequired && !isValid;

  // A login that is denied without a success teaches no id.
  const known = isDenied && !isSuccess ? stored : { ...stored, id: text(result.idv_id) ?? stored.id };
  const state = stateAfter(result, known, now);
  if (JSON.stringify(state) !== JSON.stringify(stored)) api.user.setAppMetadata(METADATA, state);

  if (isDenied) return api.access.deny("idv_verification_failed");
  const status = UNVERIFIED.includes(result.status) ? result.status : "failed";
  setClaims(api, isValid ? "valid" : status, state, acceptedCheck(state, settings));
};

/**
 * The payload of idv's signed result, or {} if there is none to trust. Auth0 checks its signature, its age and that
 * it belongs to this very login; that idv issued it, for this user, and by a method that was asked for, is checked here.
 */
function authenticResult(event, api, { secret, domain, methods }) {
  try {
    const result = api.redirect.validateToken({ secret, tokenParameterName: "token" });
    if (result.iss !== domain) throw new Error("it does not come from IDV_DOMAIN");
    if (!result.sub || result.sub !== event.user.user_id) throw new Error("its subject is not this user's user_id");
    if (result.status === "success" && methods && !methods.includes(result.method)) {
      throw new Error(`its method ${shown(result.method)} is none of IDV_METHODS`);
    }
    return result;
  } catch (error) {
    // It may quote what the browser brought.
    console.log(`idv: result refused: ${printable(asText(error?.message)).slice(0, REASON_LIMIT)}`);
    return {};
  }
}

/**
 * Whether a success is of this login, or of an earlier one whose check still counts here: idv hands over a decision that
 * took longer than its login, and a result that was lost on its way, and the time of either is its check's.
 */
function isRecent(result, { maxAge }, now) {
  const seconds = age(checkedAt(result, now), now);
  const isOld = seconds >= maxAge && seconds > LOGIN_LIFETIME;
  if (isOld) console.log(`idv: result does not count: its check is ${seconds} s old, and checks count for ${maxAge} s`);
  return !isOld;
}

/** What is stored from a result on. A ticket is good until the decision that it stands for, or another one. */
function stateAfter(result, state, now) {
  switch (result.status) {
    case "success":
      return { ...withCheck(state, methodName(result.method), checkedAt(result, now)), ticket: undefined };
    case "pending":
      return { ...state, ticket: ticket(result.ticket) ?? state.ticket };
    case "failed":
      return { ...state, ticket: undefined };
    default:
      return state;
  }
}

/** A last check never goes back: a result may be older than what is stored. */
function withCheck(state, method, time) {
  if (!time) return state;
  const methods = method ? newestOf([...Object.entries(state.methods ?? {}), [method, time]]) : state.methods;
  return { ...state, last_check: Math.max(state.last_check ?? 0, time), methods };
}

/**
 * What idv needs to know of this login. The token is signed but not encrypted and travels in a URL, so the account is
 * only hinted at. Members that are undefined do not appear in it.
 */
function verificationRequest(event, stored, check, { methods, maxAge, names, secret }) {
  const hostname = event.request?.hostname;
  return {
    id: stored.id,
    // What this application knows and accepts, for idv to offer that and to hand over what is newer. 0: no check.
    last_check: check.last_check ?? 0,
    methods: methods?.join(" "),
    max_age: Number.isSafeInteger(maxAge) ? maxAge : undefined,
    ticket: stored.ticket,
    profile: sealed(profile(event.user, names), secret),
    // The host of this login: a login on a custom domain must return to that domain.
    continue_uri: hostname && `https://${hostname}/continue`,
    account_hint: accountHint(event.user),
    ui_locales: uiLocales(event.transaction?.ui_locales),
    // Tells two logins of one second apart. It need not be hard to guess: nobody can sign a token with a guessed one.
    jti: `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`,
  };
}

/**
 * What the account says of the person, as far as it may protect the account: what whoever holds it can write is worth
 * nothing here. So there is no user_metadata in it, which people change themselves, and no address that is not verified;
 * and the birthdate, of which Auth0's profile has none, is app_metadata's. What is no text of one line is left out, and what
 * there is no room for. undefined if nothing is left.
 */
function profile(user, names = []) {
  const known = { ...user, birthdate: user.app_metadata?.birthdate, email: user.email_verified === true && user.email };
  const members = names.reduce((members, name) => {
    const more = { ...members, [name]: line(known[name], name) };
    return Buffer.byteLength(JSON.stringify(more)) <= PROFILE_LIMIT ? more : members;
  }, {});
  return Object.values(members).some(Boolean) ? members : undefined;
}

/** A name in its one spelling; undefined if it is none, or a birthdate of no day that there was. */
function line(value, name) {
  const spelt = (text(value) ?? "").normalize("NFC").trim();
  const isDay = () => /^(?!0000)\d{4}-\d\d-\d\d$/.test(spelt) && new Date(`${spelt}T00:00:00Z`).toJSON()?.startsWith(spelt);
  const isFit = spelt && !/[\p{Cc}\p{Cs}]/u.test(spelt) && Buffer.byteLength(spelt) <= NAME_LIMIT;
  return isFit && (name !== "birthdate" || isDay()) ? spelt : undefined;
}

/** A profile as idv alone reads it: AES-256-GCM, with a key that derives from the secret. */
function sealed(profile, secret) {
  if (!profile) return undefined;
  const { createCipheriv, hkdfSync, randomBytes } = require("crypto");
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", hkdfSync("sha256", secret, "", "idv profile 1", 32), nonce);
  const text = [cipher.update(JSON.stringify(profile), "utf8"), cipher.final()];
  return Buffer.concat([nonce, ...text, cipher.getAuthTag()]).toString("base64url");
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

/** The stored state, with whatever else it holds; what makes no sense in it counts as missing. */
function storedState(event, now) {
  const members = membersOf(event.user.app_metadata?.[METADATA]);
  const isCheck = ([name, time]) => METHOD.test(name) && pastInstant(time, now);
  return {
    ...members,
    id: text(members.id),
    last_check: pastInstant(members.last_check, now),
    methods: newestOf(Object.entries(membersOf(members.methods)).filter(isCheck)),
    ticket: ticket(members.ticket),
  };
}

/** The newest time by each method, of as many as are kept; nothing if there is none. */
function newestOf(checks) {
  const newestLast = checks.sort(([, one], [, other]) => one - other);
  const times = [...new Map(newestLast)].slice(-METHODS_KEPT);
  return times.length ? Object.fromEntries(times) : undefined;
}

/** The last check by a method that the application accepts, with its method where that is known; {} if there is none. */
function acceptedCheck({ last_check, methods }, settings) {
  const checks = Object.entries(methods ?? {}).map(([method, time]) => ({ method, last_check: time }));
  if (!settings.methods) return checks.find((check) => check.last_check === last_check) ?? { last_check };
  const accepted = checks.filter(({ method }) => settings.methods.includes(method));
  return accepted.sort((one, other) => other.last_check - one.last_check)[0] ?? {};
}

/** In seconds. A time by a clock that is ahead is now; without a time it is NaN, for which no comparison holds. */
function age(time, now) {
  return Math.max(0, now - time);
}

/** When the check of a success was. */
function checkedAt(result, now) {
  return pastInstant(result.last_check, now) ?? pastInstant(result.iat, now);
}

function setClaims(api, status, { id }, { last_check, method }) {
  api.idToken.setCustomClaim(`${CLAIMS}status`, status);
  if (last_check) api.idToken.setCustomClaim(`${CLAIMS}last-check`, last_check);
  if (method) api.idToken.setCustomClaim(`${CLAIMS}method`, method);
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
  const readMetadata = (name, parse) => read(name, [event.client?.metadata], parse, `, in ${metadataOf(event)}`);
  const isRequired = readMetadata("IDV_REQUIRED", requirement) ?? true;
  const misspelt = strangers(event).filter(isMisspelt);
  for (const [key] of misspelt) faults.push(`${shown(key)} is no setting, in ${metadataOf(event)}`);
  for (const key of fields.flatMap(misspeltProfiles)) faults.push(`${shown(key)} is no setting`);
  const expiresIn = read("IDV_EXPIRES_IN", fields, wholeSeconds);
  return {
    isRequired: isRequired || misspelt.some(saysYes),
    secret: read("TOKEN_SECRET", fields, tokenSecret),
    domain: read("IDV_DOMAIN", fields, hostName),
    names: read("IDV_PROFILE", fields, profileNames)?.split(" "),
    methods: readMetadata("IDV_METHODS", methodNames)?.split(" "),
    // Left out, IDV_EXPIRES_IN lets no check of before count; 0 lets all of them.
    remembers: expiresIn !== undefined,
    maxAge: Math.min(expiresIn || Infinity, readMetadata("IDV_MAX_AGE", wholeSeconds) ?? Infinity),
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

/** undefined if nothing is entered. */
function wholeSeconds(value) {
  const digits = value.trim();
  if (!/^\d*$/.test(digits)) throw new Error("is not a whole number of seconds");
  return digits === "" ? undefined : Number(digits);
}

/** In our order, separated by single spaces; undefined if nothing is entered. */
function profileNames(value) {
  const names = words(value);
  const wrong = names.find((name) => !NAMES.includes(name));
  if (wrong) throw new Error(`has ${shown(wrong)}, which is none of ${NAMES.join(", ")}; names are separated by spaces`);
  return NAMES.filter((name) => names.includes(name)).join(" ") || undefined;
}

/** Each once, in lower case, separated by single spaces; undefined if nothing is entered. */
function methodNames(value) {
  const names = words(value);
  const wrong = names.find((name) => !METHOD.test(name));
  if (wrong) throw new Error(`has ${shown(wrong)}, which is no method's name; names are separated by spaces`);
  const list = names.join(" ");
  if (list.length > METHODS_LIMIT) throw new Error(`is longer than ${METHODS_LIMIT} bytes`);
  return list || undefined;
}

function reportFaults({ faults, isRequired }, api) {
  for (const fault of faults) console.log(`idv: not configured: ${fault}`);
  if (isRequired) api.access.deny("idv_configuration_error");
}

/**
 * The application's metadata that looks like ours and is not: it begins with the word IDV, which id_version does not, or
 * spells it out, or is one of our keys but for one slip.
 */
function strangers(event) {
  const isLike = (key) => isOurWord(key) || KEYS.some((ours) => isSlip(anyLetters(key), ours));
  const isStranger = ([key]) => !KEYS.includes(letters(key)) && isLike(key);
  return Object.entries(event.client?.metadata ?? {}).filter(isStranger);
}

/**
 * A stranger that says yes is a misspelt IDV_REQUIRED. One that is nearly a limit, or speaks of one, is that limit
 * misspelt, whatever it says. Either is a fault; any other, which may be somebody else's, is told of.
 */
function isMisspelt([key, value]) {
  const said = anyLetters(key);
  const isLimit = LIMITS.some((ours) => isSlip(said, ours)) || (isOurWord(key) && /METHOD|MAX(IMUM)?AGE/.test(said));
  return isLimit || saysYes([key, value]);
}

/** The keys of what the administrator entered that are IDV_PROFILE but for a slip: unnoticed, nothing would be compared. */
function misspeltProfiles(source) {
  const isMisspelt = (key) => letters(key) !== "IDVPROFILE" && isSlip(anyLetters(key), "IDVPROFILE");
  return Object.keys(source ?? {}).filter(isMisspelt);
}

function saysYes([, value]) {
  return ON.includes(word(asText(value)));
}

function isOurWord(key) {
  return IDV_WORD.test(key) || letters(key).startsWith("IDVERIFICATION");
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

/** Where there are faults, all of them are told instead. */
function reportStrangers(event) {
  for (const [key] of strangers(event)) console.log(`idv: ignored: ${shown(key)} is no setting, in ${metadataOf(event)}`);
}

function metadataOf({ client }) {
  return `the metadata of ${shown(client?.client_id)} (${shown(client?.name)})`;
}

/** Each once. */
function words(value) {
  return [...new Set(word(value).split(/\s+/))].filter(Boolean);
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

function methodName(value) {
  return METHOD.test(text(value) ?? "") ? value : undefined;
}

function ticket(value) {
  return TICKET.test(text(value) ?? "") ? value : undefined;
}

function membersOf(value) {
  return value && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** A time in UNIX seconds that has come, give or take the difference between two clocks. */
function pastInstant(value, now) {
  return Number.isInteger(value) && value > 0 && value <= now + CLOCK_TOLERANCE ? value : undefined;
}

function unixTime() {
  return Math.floor(Date.now() / 1000);
}
