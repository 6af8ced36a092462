"""Sign a token as the user pool of this example would: `python sign_token.py [SCOPE]` prints one for an hour."""

import base64
import json
import sys
import time
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

FOLDER = Path(__file__).parent
ISSUER = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example00"


def encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def token(scope: str) -> str:
    key = serialization.load_pem_private_key((FOLDER / "example-key.pem").read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    now = int(time.time())
    head = {"alg": "RS256", "kid": "example"}
    claims = {
        "iss": ISSUER,
        "sub": "4f0e9c7a-example",
        "client_id": "example-client",
        "token_use": "access",
        "scope": scope,
        "iat": now,
        "exp": now + 3600,
    }
    signed = b".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
    signature = key.sign(signed, padding.PKCS1v15(), hashes.SHA256())
    return b".".join((signed, encoded(signature))).decode()


if __name__ == "__main__":
    print(token(sys.argv[1] if len(sys.argv) > 1 else "languages/guess"))
