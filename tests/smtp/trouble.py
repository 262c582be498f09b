"""A real SMTP server that makes trouble as it is told: aiosmtpd, on a free port of 127.0.0.1, which it prints.

    trouble.py KIND FOLDER [CERTIFICATE KEY]

While the file FOLDER/busy is there it does what KIND says; without it, it takes everything. Each message that it has taken is a
line of FOLDER/taken: its Message-ID and whom it is for. It never sends anything on.

later     451 to every recipient                   refuse    550 to recipients that begin with "education", busy or not
shut      421 after one message on a connection    password  535 to every password
slow      answers one byte a second                hang      takes the text and never answers
cut       closes the connection inside the text    starttls  nothing wrong, but TLS is required
"""

import asyncio
import email
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

kind, folder = sys.argv[1:3]
busy_file, taken_file = os.path.join(folder, "busy"), os.path.join(folder, "taken")


def busy(what):
    return kind == what and os.path.exists(busy_file)


def authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=not busy("password"), handled=False)


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if busy("later"):
            return "451 4.3.0 not now"
        if kind == "refuse" and address.startswith("education"):
            return "550 5.1.1 no such person"
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server, session, envelope):
        message_id = email.message_from_bytes(envelope.content)["Message-ID"]
        with open(taken_file, "a") as taken:
            for address in envelope.rcpt_tos:
                taken.write(f"{message_id} {address}\n")
        server.taken = True
        if busy("hang"):
            await asyncio.sleep(3600)
        return "250 2.0.0 taken"


class Troublesome(SMTP):
    taken = False

    async def push(self, status):
        if not busy("slow"):
            return await super().push(status)
        words = status if isinstance(status, bytes) else status.encode()
        for byte in words + b"\r\n":
            self._writer.write(bytes([byte]))
            await self._writer.drain()
            await asyncio.sleep(1)

    async def smtp_MAIL(self, arg):
        if busy("shut") and self.taken:
            await self.push("421 4.3.2 closing down")
            self.transport.close()
            return
        await super().smtp_MAIL(arg)

    async def smtp_DATA(self, arg):
        if busy("cut"):
            await self.push("354 go on")
            await self._reader.read(64)
            self.transport.abort()
            return
        await super().smtp_DATA(arg)


def server():
    tls = None
    if kind == "starttls":
        tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        tls.load_cert_chain(*sys.argv[3:5])
    return Troublesome(
        Handler(),
        hostname="trouble.internal",
        authenticator=authenticate if kind == "password" else None,
        auth_require_tls=False,
        tls_context=tls,
        require_starttls=tls is not None,
    )


async def main():
    listening = await asyncio.get_running_loop().create_server(server, "127.0.0.1", 0)
    print(listening.sockets[0].getsockname()[1], flush=True)
    await listening.serve_forever()


asyncio.run(main())
