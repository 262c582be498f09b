// The built program, as the demonstration or as a real installation: started on a free port with a database of its own,
// ended by its process id.

import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const TARGET = path.resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target");
const PROGRAM = process.env.SCRUTINY_PROGRAM ?? path.join(TARGET, "debug", "scrutiny-tracker");
const PATIENCE = 60_000;

/** Starts a new demonstration. `address` is where it answers; `stop()` ends it and deletes what it kept. */
export async function startSite() {
  const folder = await newFolder();
  const database = `sqlite://${path.join(folder, "demonstration.sqlite")}`;
  const { program, stop } = start(folder, ["--port", "0", "--database", database], process.env);
  try {
    return { address: await said(program, /http:\/\/127\.0\.0\.1:\d+/), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Starts a real installation at `address` (of `freeAddress()`). `settings` are beside those that it can't do without;
 * `people` maps addresses to roles; where it is `seeded`, Appendix B and its people are there; where it `sends`, its mail
 * goes out. `run(...)` is the program's command line with the same settings, and gives what it
 * prints.
 */
export async function startInstallation(address, { settings = {}, people = {}, seeded = false, sends = false } = {}) {
  const folder = await newFolder();
  const env = {
    ...process.env,
    SCRUTINY_DATABASE: `sqlite://${path.join(folder, "installation.sqlite")}`,
    SCRUTINY_BASE_URL: address,
    SCRUTINY_LISTEN: new URL(address).host,
    SCRUTINY_COUNCIL: "Example Council",
    SCRUTINY_MAIL_FROM: "tracker@example.org",
    SCRUTINY_SMTP_HOST: "127.0.0.1",
    SCRUTINY_SMTP_TLS: "none",
    ...settings,
  };
  const run = async (...args) => (await promisify(execFile)(PROGRAM, args, { cwd: folder, env })).stdout;
  await run("migrate");
  if (seeded) await run("seed");
  for (const [email, role] of Object.entries(people)) await run("user", "add", email, "--role", role);
  const { program, stop } = start(folder, sends ? ["serve"] : ["serve", "--without-worker"], env);
  try {
    await said(program, /serving/);
    return { address, run, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** An address on this machine at which nothing listens yet. */
export async function freeAddress() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}`;
}

function newFolder() {
  return mkdtemp(path.join(tmpdir(), "scrutiny-journey-"));
}

function start(folder, args, env) {
  const program = spawn(PROGRAM, args, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => program.once("close", done));
  const kill = () => program.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    program.kill("SIGTERM");
    await ended;
    process.off("exit", kill);
    await rm(folder, { recursive: true, force: true });
  };
  return { program, stop };
}

/** Waits until the program says on standard error what it is waited for: that. */
function said(program, what) {
  return new Promise((found, failed) => {
    let all = "";
    const tooLate = setTimeout(() => failed(new Error(`the program did not start:\n${all}`)), PATIENCE);
    const give = (settle, value) => {
      clearTimeout(tooLate);
      settle(value);
    };
    program.once("error", (error) => give(failed, new Error(`${PROGRAM}: build it with cargo build (${error.message})`)));
    program.once("close", () => give(failed, new Error(`the program ended:\n${all}`)));
    program.stderr.setEncoding("utf8").on("data", (text) => {
      all = (all + text).slice(-20_000);
      const match = all.match(what);
      if (match) give(found, match[0]);
    });
  });
}
