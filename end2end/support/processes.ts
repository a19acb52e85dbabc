// Starting and ending programs. Each writes a log of its own, and is ended by its own id.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

export interface Program {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
}

const READY_MS_MAX = 30_000;
const STOP_MS_MAX = 5_000;

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port"))));
    });
  });
}

/** The programs of one run; `stop` ends them all, newest first. */
export class Processes {
  private readonly running: { name: string; child: ChildProcess }[] = [];

  constructor(private readonly logDir: string) {}

  /** Starts a program and waits until it prints a line that contains `readyText`. */
  async start(program: Program, readyText: string): Promise<void> {
    const child = spawn(program.command, program.args, {
      env: cleanEnvironment(program.env),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.running.push({ name: program.name, child });
    const log = createWriteStream(this.logFile(program.name));
    child.stderr?.pipe(log, { end: false });
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(this.notReady(program, "it was not ready in time")), READY_MS_MAX);
      let seen = "";
      child.stdout?.on("data", (chunk: Buffer) => {
        log.write(chunk);
        seen = (seen + chunk.toString()).slice(-4096);
        if (seen.includes(readyText)) finish(resolve);
      });
      child.on("error", (error) => finish(() => reject(this.notReady(program, error.message))));
      child.on("exit", (code) => finish(() => reject(this.notReady(program, `it ended with ${code}`))));
      const finish = (then: () => void) => {
        clearTimeout(late);
        then();
      };
    });
  }

  /** Runs a program to its end; its output is in the error when it fails. */
  run(program: Program): string {
    const result = spawnSync(program.command, program.args, {
      env: cleanEnvironment(program.env),
      encoding: "utf8",
    });
    if (result.status !== 0) {
      const output = result.error?.message ?? result.stdout + result.stderr;
      throw new Error(`${program.name} failed (${program.command} ${program.args.join(" ")}):\n${output}`);
    }
    return result.stdout;
  }

  async stop(): Promise<void> {
    for (const { child } of this.running.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS_MAX);
      await ended;
      clearTimeout(force);
    }
  }

  private logFile(name: string): string {
    return join(this.logDir, `${name}.log`);
  }

  private notReady(program: Program, why: string): Error {
    let log = "";
    try {
      log = readFileSync(this.logFile(program.name), "utf8").slice(-2000);
    } catch {
      // A program that never started has written no log.
    }
    return new Error(`${program.name} did not start: ${why}.\n${log}`);
  }
}

/** The surroundings without settings that would leak into the product or its TLS. */
function cleanEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("ETAGE_") && name !== "REQUESTS_CA_BUNDLE" && name !== "CURL_CA_BUNDLE",
  );
  return { ...Object.fromEntries(inherited), ...extra };
}
