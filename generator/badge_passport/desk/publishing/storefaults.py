"""What a store says when it says no, as one plain sentence with what to do.

Answers of stores are long, and may quote addresses with keys in them: only their codes are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from badge_passport.desk.publishing.targets import Target
from badge_passport.diagnostics import Diagnostic

_STATUS = re.compile(r"status code: (\d{3})")
_CODE = re.compile(r"<Code>(\w+)</Code>")

_CLOCK = re.compile(r"RequestTimeTooSkewed|date header too old|reasonable timeframe|RequestExpired")
_NO_BUCKET = re.compile(r"NoSuchBucket|ContainerNotFound|bucket does not exist", re.IGNORECASE)
_WRONG_KEY = re.compile(
    r"InvalidAccessKeyId|SignatureDoesNotMatch|AuthenticationFailed|ExpiredToken|InvalidToken|invalid_grant"
)
_REGION = re.compile(
    r"PermanentRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraint|incorrectly configured region"
)

# Reasons that hold no value of a variable.
_SETTING = re.compile(r"Missing \w+|Unable to open service account file|Invalid Access Key")

# Any one of these tells where credentials come from, as docs/hosting.md says.
_CREDENTIALS = {
    "s3": (
        "AWS_ACCESS_KEY_ID",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_METADATA_ENDPOINT",
        "AWS_SKIP_SIGNATURE",
    ),
    "gs": (
        "GOOGLE_APPLICATION_CREDENTIALS",
        "GOOGLE_SERVICE_ACCOUNT",
        "GOOGLE_SERVICE_ACCOUNT_PATH",
        "GOOGLE_SERVICE_ACCOUNT_KEY",
        "GOOGLE_BEARER_TOKEN",
    ),
    "az": (
        "AZURE_STORAGE_ACCOUNT_KEY",
        "AZURE_STORAGE_ACCESS_KEY",
        "AZURE_STORAGE_MASTER_KEY",
        "AZURE_STORAGE_SAS_KEY",
        "AZURE_STORAGE_SAS_TOKEN",
        "AZURE_STORAGE_TOKEN",
        "AZURE_STORAGE_CLIENT_ID",
        "AZURE_CLIENT_ID",
        "AZURE_FEDERATED_TOKEN_FILE",
        "AZURE_MSI_ENDPOINT",
        "AZURE_IDENTITY_ENDPOINT",
        "AZURE_USE_AZURE_CLI",
        "AZURE_SKIP_SIGNATURE",
    ),
}
_SET = {
    "s3": "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    "gs": "set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account",
    "az": "set AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY",
}


def without_credentials(target: Target, environment: Mapping[str, str], home: Path) -> Diagnostic | None:
    """``store-unusable``: nothing says who publishes. Asking the store would only take long."""
    if any(environment.get(name) for name in _CREDENTIALS[target.kind]):
        if target.kind == "az" and not environment.get("AZURE_STORAGE_ACCOUNT_NAME"):
            return _unusable(target, "the name of the storage account is missing")
        return None
    if target.kind == "gs" and (home / ".config/gcloud/application_default_credentials.json").is_file():
        return None
    return _unusable(target, f"there are no credentials for {target.name}")


def _unusable(target: Target, message: str) -> Diagnostic:
    return Diagnostic(
        "store-unusable",
        message,
        None,
        f"{_SET[target.kind]} in the environment; never write them into a file of the site.",
    )


def unusable_settings(target: Target, error: Exception) -> Diagnostic:
    """``store-unusable``: the library refuses what the environment says, before it asks anybody."""
    reason = _SETTING.search(str(error).partition("Debug source")[0])
    more = f" ({reason[0][0].lower()}{reason[0][1:]})" if reason else ""
    return _unusable(target, f"what the environment says about {target.name} cannot be used{more}")


def wrong_endpoint(target: Target, address: str) -> Diagnostic | None:
    """``store-unusable``: an endpoint is not the address of a server."""
    parts = urlsplit(address)
    if parts.scheme in ("http", "https") and parts.hostname:
        return None
    return Diagnostic(
        "store-unusable",
        f"the endpoint “{address}” for {target.name} is no address of a server",
        None,
        "write it in full: https://s3.example.org.",
    )


def without_library() -> Diagnostic:
    """``store-unusable``: what speaks to stores is an extra."""
    return Diagnostic(
        "store-unusable",
        "what speaks to object stores is not installed",
        None,
        'run `pip install "badge-passport[stores]"`; folders and branches need nothing more.',
    )


def explained(target: Target, error: Exception, patience: float) -> Diagnostic:
    """``publish-failed``, from what the library raised."""
    said, fix = _explained(target, str(error).partition("Debug source")[0], patience)
    return Diagnostic("publish-failed", said, None, fix)


def _explained(target: Target, text: str, patience: float) -> tuple[str, str]:
    again = "publish again; what arrived is not sent twice"
    found = _STATUS.search(text)
    status = int(found[1]) if found else 0
    if _CLOCK.search(text):
        return (
            "the clock of this machine is wrong: the store refuses what is signed at another time",
            "set the clock, best by itself (NTP), and publish again.",
        )
    if _NO_BUCKET.search(text):
        bucket = target.place.split("/")[2]
        return (
            f"there is no bucket “{bucket}” at this store",
            "make it, or correct its name; a store of another provider needs --endpoint.",
        )
    if _REGION.search(text) or status in (301, 307):
        return (
            f"{target.name} is in another region than it was asked in",
            "set AWS_REGION to the region of the bucket.",
        )
    if status == 401 or _WRONG_KEY.search(text):
        return (
            f"{target.name} does not know these credentials",
            "look at the variables: a key may be mistyped, too old, or of another account.",
        )
    if status == 403:
        return (
            f"{target.name} refuses what these credentials ask for",
            "let them list the bucket, and read, write and delete its objects.",
        )
    if status == 429 or status >= 500:
        return (
            f"{target.name} is overloaded or broken: it answered {status} for {patience:.0f} seconds",
            f"wait, and {again}; --patience makes it try for longer.",
        )
    if status:
        code = _CODE.search(text)
        return (
            f"{target.name} answered {status}{f' ({code[1]})' if code else ''}",
            "look whether the target and its endpoint are right.",
        )
    return (
        f"{target.name} gives no answer, or the connection breaks",
        f"look at the network and at the endpoint, and {again}; --patience makes it wait for longer.",
    )
