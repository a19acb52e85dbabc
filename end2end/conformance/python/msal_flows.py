"""MSAL for Python, unchanged: every way to a token. https://github.com/AzureAD/microsoft-authentication-library-for-python"""

import hashlib
import ssl

import msal

from tenant import (ADELE, AUTHORITY, CA_FILE, CERTIFICATE_FILE, CLIENT_ID, GRAPH_SCOPE, KEY_FILE, OWN_SCOPE,
                    REDIRECT_URI, SECRET, answer_of_sign_in, told)


def application(credential):
    return msal.ConfidentialClientApplication(
        CLIENT_ID, client_credential=credential, authority=AUTHORITY, instance_discovery=False, verify=CA_FILE)


def opened(file: str) -> str:
    with open(file, encoding="ascii") as stream:
        return stream.read()


def token_of(answer: dict) -> str:
    assert "access_token" in answer, answer
    return answer["access_token"]


token_of(application(SECRET).acquire_token_for_client([GRAPH_SCOPE]))
told("secret")

refused = application("guessed").acquire_token_for_client([GRAPH_SCOPE])
assert refused["error"] == "invalid_client" and 7000215 in refused["error_codes"], refused
told("wrong secret")

key, certificate = opened(KEY_FILE), opened(CERTIFICATE_FILE)
token_of(application({"private_key": key, "public_certificate": certificate}).acquire_token_for_client([GRAPH_SCOPE]))
told("certificate, PS256")

thumbprint = hashlib.sha1(ssl.PEM_cert_to_DER_cert(certificate)).hexdigest()
token_of(application({"private_key": key, "thumbprint": thumbprint}).acquire_token_for_client([GRAPH_SCOPE]))
told("certificate, RS256 by SHA-1")

app = application(SECRET)
flow = app.initiate_auth_code_flow(["User.Read", "Calendars.ReadWrite"], redirect_uri=REDIRECT_URI)
signed_in = app.acquire_token_by_auth_code_flow(flow, answer_of_sign_in(flow["auth_uri"], ADELE))
token_of(signed_in)
assert signed_in["id_token_claims"]["preferred_username"] == ADELE, signed_in
told("code with PKCE")

[account] = app.get_accounts()
renewed = app.acquire_token_silent_with_error(["User.Read"], account=account, force_refresh=True)
assert token_of(renewed) != signed_in["access_token"]
told("refresh")

flow = app.initiate_auth_code_flow([OWN_SCOPE], redirect_uri=REDIRECT_URI)
own = token_of(app.acquire_token_by_auth_code_flow(flow, answer_of_sign_in(flow["auth_uri"], ADELE)))
token_of(application(SECRET).acquire_token_on_behalf_of(own, ["https://graph.microsoft.com/Calendars.ReadWrite"]))
told("on behalf of")

by_metadata = msal.ConfidentialClientApplication(
    CLIENT_ID, client_credential=SECRET, oidc_authority=f"{AUTHORITY}/v2.0", verify=CA_FILE)
token_of(by_metadata.acquire_token_for_client([GRAPH_SCOPE]))
told("OpenID Connect authority")
