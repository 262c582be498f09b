// The built program as the demonstration: started on a free port with a database of its own, ended by its process id.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const TARGET = path.resolve(ROOT, process.env.CARGO_TARGET_DIR ?? "target");
const PROGRAM = process.env.SCRUTINY_PROGRAM ?? path.join(TARGET, "debug", "scrutiny-tracker");
const PATIENCE = 60_000;

/** Starts a new demonstration. `address` is where it answers; `stop()` ends it and deletes what it kept. */
export async function startSite() {
  const folder = await mkdtemp(path.join(tmpdir(), "scrutiny-journey-"));
  const database = `sqlite://${path.join(folder, "demonstration.sqlite")}`;
  const program = spawn(PROGRAM, ["--port", "0", "--database", database], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise((done) => program.once("close", done));
  const kill = () => program.kill("SIGKILL");
  process.once("exit", kill);
  const stop = async () => {
    program.kill("SIGTERM");
    await ended;
    process.off("exit", kill);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    return { address: await addressOf(program), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Waits for the line in which the program says where it is. */
function addressOf(program) {
  return new Promise((found, failed) => {
    let said = "";
    const tooLate = setTimeout(() => failed(new Error(`the demonstration did not start:\n${said}`)), PATIENCE);
    const give = (settle, value) => {
      clearTimeout(tooLate);
      settle(value);
    };
    program.once("error", (error) => give(failed, new Error(`${PROGRAM}: build it with cargo build (${error.message})`)));
    program.once("close", () => give(failed, new Error(`the demonstration ended:\n${said}`)));
    program.stderr.setEncoding("utf8").on("data", (text) => {
      said = (said + text).slice(-20_000);
      const address = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (address) give(found, address[0]);
    });
  });
}
