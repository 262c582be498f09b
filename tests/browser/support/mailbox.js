// Everybody's mailbox: a mail server on this machine that keeps what comes, so that a journey can read it as its reader would.

import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";

const PATIENCE = 20_000;

/** Starts it. `settings` lead an installation to it; `next(address, subject)` gives the text of the next such mail. */
export async function startMailbox() {
  const mails = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onData(stream, _, done) {
      simpleParser(stream).then((mail) => {
        mails.push({ to: mail.to.text, subject: mail.subject, text: mail.text });
        done();
      }, done);
    },
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    settings: { SCRUTINY_SMTP_PORT: String(server.server.address().port) },
    async next(address, subject) {
      const isIt = (mail) => mail.to.includes(address) && subject.test(mail.subject);
      for (const end = Date.now() + PATIENCE; Date.now() < end; await new Promise((go) => setTimeout(go, 50))) {
        const index = mails.findIndex(isIt);
        if (index >= 0) return mails.splice(index, 1)[0].text;
      }
      throw new Error(`no mail to ${address}: ${subject}; only ${mails.map((mail) => `${mail.to}: ${mail.subject}`)}`);
    },
    stop: () => new Promise((closed) => server.close(closed)),
  };
}
