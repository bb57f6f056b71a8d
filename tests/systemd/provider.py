"""A provider of OpenID Connect on a machine's loopback: as much of one as a login asks, with an authority of its own."""

import base64
import hashlib
import hmac
import json
import secrets
import ssl
import subprocess
import sys
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

HOST, PORT = "id.internal", 8443
ISSUER = f"https://{HOST}:{PORT}"
CLIENT, SECRET = "idv", "the-client-secret-that-the-provider-shows"
# Its files: those of the authority and of the certificate, and the key that signs ID tokens.
AUTHORITY, CERTIFICATE, TLS_KEY, SIGNING_KEY = "authorities.pem", "provider.pem", "provider-key.pem", "signing-key.pem"


def lay_out(folder):
    """Makes its files."""
    new = ["openssl", "req", "-x509", "-nodes", "-days", "30", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    authority, key = folder / AUTHORITY, folder / "authority-key.pem"
    made = [*new, "-subj", "/CN=Authority of the organisation", "-keyout", key, "-out", authority]
    subprocess.run(made, check=True, capture_output=True)
    made = [*new, "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}"]
    made += ["-addext", "basicConstraints=critical,CA:FALSE", "-CA", authority, "-CAkey", key]
    made += ["-keyout", folder / TLS_KEY, "-out", folder / CERTIFICATE]
    subprocess.run(made, check=True, capture_output=True)
    made = ["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", folder / SIGNING_KEY]
    subprocess.run(made, check=True, capture_output=True)


@contextmanager
def running(machine, folder):
    """Until the end of the block the provider listens on `machine`, with what `lay_out` made in `folder`."""
    words = ["setpriv", "--pdeathsig", "KILL", "nsenter", f"--target={machine.leader}", "--net"]
    words += [sys.executable, "-B", __file__, folder]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline() == "listens\n"
            yield
        finally:
            process.kill()


class Provider(BaseHTTPRequestHandler):
    """Answers one request. Whoever comes is logged in already, as the same person at the same level."""

    signing_key = None
    asked = {}  # what was asked for, by the code that was given for it

    def do_GET(self):
        address = urlsplit(self.path)
        if address.path == "/.well-known/openid-configuration":
            self.say(200, METADATA)
        elif address.path == "/keys":
            self.say(200, {"keys": [self.public_key()]})
        elif address.path == "/authorize":
            asked, code = dict(parse_qsl(address.query)), secrets.token_urlsafe()
            self.asked[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            self.say(303, {}, ("Location", f"{asked['redirect_uri']}?{back}"))
        else:
            self.say(404, {})

    def do_POST(self):
        sent = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if not hmac.compare_digest(self.headers.get("Authorization", ""), f"Basic {basic}"):
            return self.say(401, {"error": "invalid_client"})
        asked = self.asked.pop(sent["code"], None)
        challenge = base64url(hashlib.sha256(sent["code_verifier"].encode()).digest())
        if asked is None or (asked["code_challenge"], asked["redirect_uri"]) != (challenge, sent["redirect_uri"]):
            return self.say(400, {"error": "invalid_grant"})
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": CLIENT, "sub": "ada", "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        tokens = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer"}
        return self.say(200, tokens | {"id_token": self.signed(claims | {"acr": "high"})})

    def say(self, status, body, *headers):
        text = json.dumps(body).encode()
        self.send_response(status)
        for name, value in [("Content-Type", "application/json"), ("Content-Length", str(len(text))), *headers]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    def signed(self, claims):
        parts = [base64url(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "1"}, claims)]
        sign = ["openssl", "dgst", "-sha256", "-sign", self.signing_key]
        signature = subprocess.run(sign, input=".".join(parts).encode(), capture_output=True, check=True).stdout
        return ".".join([*parts, base64url(signature)])

    def public_key(self):
        read = ["openssl", "rsa", "-in", self.signing_key, "-noout", "-modulus"]
        told = subprocess.run(read, capture_output=True, check=True, text=True).stdout
        modulus = bytes.fromhex(told.strip().removeprefix("Modulus="))
        return {"kty": "RSA", "kid": "1", "use": "sig", "alg": "RS256", "n": base64url(modulus), "e": "AQAB"}

    def log_message(self, *_):
        pass


METADATA = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/authorize",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
    "response_types_supported": ["code"],
    "subject_types_supported": ["public"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "code_challenge_methods_supported": ["S256"],
    "acr_values_supported": ["high"],
}


def base64url(data):
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def serve(folder):
    Provider.signing_key = folder / SIGNING_KEY
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / CERTIFICATE, folder / TLS_KEY)
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Provider)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    print("listens", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
