// A council's directory: a real OpenID Connect provider on this machine, with pages of ours for its sign-in, and ways to
// make it say what a provider must not say.

import { createSign, generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

/** What this installation is there. */
export const CLIENT = { id: "scrutiny-tracker", secret: "a secret of the journeys" };

/** The first is the provider's; the second comes when it has `rotated`. */
const KEYS = { first: newKey("first"), second: newKey("second") };

/**
 * Starts a provider at `issuer` that sends people back to `returnTo`. `accounts` maps what is typed there to claims.
 * `tamper({ header, claims, token, first, second })`, if it is set, gives another token for each that goes out; `first` and
 * `second` can sign. Where it has `rotated`, its key is the second. `asked` counts requests by their path.
 * While it `holds`, it shows the way back as a link in place of sending people there.
 */
export async function startProvider(issuer, returnTo, accounts) {
  const provider = new Provider(issuer, {
    clients: [{ client_id: CLIENT.id, client_secret: CLIENT.secret, redirect_uris: [returnTo] }],
    jwks: { keys: [KEYS.first.jwk] },
    cookies: { keys: ["of the journeys"] },
    claims: { openid: ["sub"], email: ["email", "email_verified"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/sign-in/${interaction.uid}` },
    findAccount: (_, sub) => (accounts[sub] ? { accountId: sub, claims: () => ({ sub, ...accounts[sub] }) } : undefined),
    loadExistingGrant: grantAll,
    ttl: { Session: 3_600, Grant: 3_600, Interaction: 600, AccessToken: 600, IdToken: 600, AuthorizationCode: 60 },
  });
  const directory = { issuer, returnTo, tamper: null, rotated: false, holds: false, asked: {} };
  provider.use((ctx, next) => watch(directory, ctx, next));
  provider.use((ctx, next) => signInPage(provider, ctx, next));
  const server = provider.listen(Number(new URL(issuer).port), "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  directory.stop = () =>
    new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  return directory;
}

/** Everybody may come here: nobody is asked whether they want to. */
async function grantAll({ oidc }) {
  const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope("openid email");
  await grant.save();
  return grant;
}

async function watch(directory, ctx, next) {
  directory.asked[ctx.path] = (directory.asked[ctx.path] ?? 0) + 1;
  await next();
  if (ctx.path === "/jwks" && directory.rotated) ctx.body = { keys: [KEYS.second.public] };
  const to = ctx.response.get("location");
  if (directory.holds && to.startsWith(directory.returnTo)) {
    ctx.remove("location");
    ctx.status = 200;
    ctx.type = "html";
    ctx.body = page(`<a href="${to.replaceAll("&", "&amp;")}">Go back</a>`);
  }
  if (ctx.path === "/token" && ctx.body?.id_token && directory.tamper) {
    const [header, claims] = ctx.body.id_token.split(".").slice(0, 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
    ctx.body = { ...ctx.body, id_token: directory.tamper({ header, claims, token: ctx.body.id_token, ...KEYS }) };
  }
}

/** Where somebody says who they are: by name alone, as this is about what comes after. */
async function signInPage(provider, ctx, next) {
  if (!ctx.path.startsWith("/sign-in/")) return next();
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = page('<form method="post"><label>Account <input name="account"></label><button>Continue</button></form>');
    return undefined;
  }
  let body = "";
  for await (const part of ctx.req) body += part;
  const accountId = new URLSearchParams(body).get("account");
  const to = accountId
    ? await provider.interactionResult(ctx.req, ctx.res, { login: { accountId } })
    : await provider.interactionResult(ctx.req, ctx.res, { error: "access_denied", error_description: "Not today" });
  ctx.redirect(to);
  ctx.status = 303;
  return undefined;
}

function page(content) {
  return `<!doctype html><html lang="en"><title>Directory</title><link rel="icon" href="data:,">${content}`;
}

function newKey(kid) {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const about = { kid, use: "sig", alg: "RS256" };
  return {
    jwk: { ...privateKey.export({ format: "jwk" }), ...about },
    public: { ...publicKey.export({ format: "jwk" }), ...about },
    /** A token with these claims, signed with this key. */
    sign: (claims, header = { alg: "RS256", kid, typ: "JWT" }) => {
      const text = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
      return `${text}.${createSign("sha256").update(text).sign(privateKey, "base64url")}`;
    },
  };
}
