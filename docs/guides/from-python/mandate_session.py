"""What a Python application does for Mandate: it writes the session row of somebody who signed in, and mints their tickets.

Needs boto3 and cryptography. Names of settings are those of Mandate's own web application.
"""

import base64
import hashlib
import json
import os
import secrets
import time

import boto3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KMS, DYNAMODB = (boto3.client(name, region_name=os.environ["AWS_REGION"]) for name in ("kms", "dynamodb"))
SESSION_SECONDS = 8 * 3600
TICKET_SECONDS = 300


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def session_hash(session_id: str) -> str:
    """Stands for the session wherever it is kept; the id itself goes to `InvokeAgent` and nowhere else."""
    return base64url(hashlib.sha256(session_id.encode()).digest())


def _joined(head: bytes, parts: list[str | None]) -> bytes:
    data = bytearray(head)
    for part in parts:
        text = (part or "").encode()
        data += bytes([part is not None]) + len(text).to_bytes(8, "big") + text
    return bytes(data)


def _sealed(row: dict, tokens: dict) -> bytes:
    """AES-256-GCM under a data key of KMS, bound to everything that the row says openly."""
    table, key = os.environ["SESSION_TABLE_NAME"], os.environ["SEAL_KEY_ARN"]
    data_key = KMS.generate_data_key(
        KeyId=key,
        KeySpec="AES_256",
        EncryptionContext={"table": table, "row": row["session_id"], "purpose": "session"},
    )
    wrapped = data_key["CiphertextBlob"]
    head = b"\x02" + hashlib.sha256(key.encode()).digest()[:8] + len(wrapped).to_bytes(2, "big") + wrapped
    bound = [table, row["session_id"], "session tokens", row["issuer"], row["subject"], str(row["expires_at"])]
    bound += [row.get(name) for name in ("org_id", "email", "connection", "agent_id")]
    nonce = secrets.token_bytes(12)
    cipher = AESGCM(data_key["Plaintext"])
    return head + nonce + cipher.encrypt(nonce, json.dumps(tokens).encode(), _joined(head, bound))


def begin_session(claims: dict, refresh_token: str) -> str:
    """Writes the row of somebody whose ID token was verified, and gives the session id for `InvokeAgent`.

    `claims` are those of the verified ID token. The refresh token is sealed; no other token is kept.
    """
    session_id, now = base64url(secrets.token_bytes(32)), int(time.time())
    row = {
        "session_id": session_hash(session_id),
        "issuer": claims["iss"],
        "subject": claims["sub"],
        "org_id": claims.get("org_id"),
        "email": claims["email"].lower() if claims.get("email_verified") is True else None,
        "agent_id": os.environ["AGENT_ID"],
        "expires_at": now + SESSION_SECONDS,
    }
    item = {name: {"N" if isinstance(value, int) else "S": str(value)} for name, value in row.items() if value is not None}
    item |= {name: {"N": str(number)} for name, number in (("version", 1), ("ttl", row["expires_at"]), ("created_at", now))}
    item["sealed"] = {"B": _sealed(row, {"refresh_token": refresh_token})}
    DYNAMODB.put_item(
        TableName=os.environ["SESSION_TABLE_NAME"], Item=item, ConditionExpression="attribute_not_exists(session_id)"
    )
    return session_id


def ticket(claims: dict, session_id: str) -> str:
    """A ticket for one turn: the session attribute `mandate_ticket` of `InvokeAgent`."""
    now = int(time.time())
    header = {"alg": "EdDSA", "typ": "mandate-ticket+jwt", "kid": os.environ["TICKET_KEY_ID"]}
    says = {
        "iss": os.environ.get("TICKET_MINTER", "web"),
        "aud": "mandate-tools",
        "iat": now,
        "exp": now + TICKET_SECONDS,
        "sub": claims["sub"],
        "sub_iss": claims["iss"],
        "agent_id": os.environ["AGENT_ID"],
        "agent_alias": os.environ["AGENT_ALIAS_ID"],
        "sid": session_hash(session_id),
    }
    if claims.get("org_id"):
        says["org_id"] = claims["org_id"]
    message = ".".join(base64url(json.dumps(part).encode()) for part in (header, says))
    seed = base64.urlsafe_b64decode(os.environ["TICKET_KEY"] + "=")
    return message + "." + base64url(Ed25519PrivateKey.from_private_bytes(seed).sign(message.encode()))
