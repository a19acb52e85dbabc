"""azure-identity, unchanged. https://github.com/Azure/azure-sdk-for-python/tree/main/sdk/identity/azure-identity"""

import asyncio

import azure.identity
import azure.identity.aio
from azure.core.exceptions import ClientAuthenticationError

from tenant import CA_FILE, CERTIFICATE_FILE, CLIENT_ID, GRAPH_SCOPE, KEY_FILE, ORIGIN, SECRET, TENANT, told, user_assertion

SIMULATED = {"authority": ORIGIN, "disable_instance_discovery": True, "connection_verify": CA_FILE}


def both_files() -> bytes:
    parts = []
    for file in (KEY_FILE, CERTIFICATE_FILE):
        with open(file, "rb") as stream:
            parts.append(stream.read())
    return b"\n".join(parts)


assert azure.identity.ClientSecretCredential(TENANT, CLIENT_ID, SECRET, **SIMULATED).get_token(GRAPH_SCOPE).token
told("secret")

try:
    azure.identity.ClientSecretCredential(TENANT, CLIENT_ID, "guessed", **SIMULATED).get_token(GRAPH_SCOPE)
    raise AssertionError("a guessed secret was taken")
except ClientAuthenticationError as error:
    assert "AADSTS7000215" in str(error), error
told("wrong secret")

certificate = azure.identity.CertificateCredential(TENANT, CLIENT_ID, certificate_data=both_files(), **SIMULATED)
assert certificate.get_token(GRAPH_SCOPE).token
told("certificate")

on_behalf = azure.identity.OnBehalfOfCredential(
    TENANT, CLIENT_ID, client_secret=SECRET, user_assertion=user_assertion(), **SIMULATED)
assert on_behalf.get_token("https://graph.microsoft.com/Calendars.ReadWrite").token
told("on behalf of")


async def without_waiting() -> None:
    async with azure.identity.aio.ClientSecretCredential(TENANT, CLIENT_ID, SECRET, **SIMULATED) as credential:
        assert (await credential.get_token(GRAPH_SCOPE)).token


asyncio.run(without_waiting())
told("secret, async")
