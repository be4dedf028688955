"""Every diagnostic's stable name, with what it means and what to do: the text of `passport explain`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a code means, why it matters, and how it is mended."""

    meaning: str
    why: str
    fix: str


def _e(meaning: str, why: str, fix: str) -> Explanation:
    return Explanation(meaning, why, fix)


CATALOGUE: dict[str, Explanation] = {
    # Reading
    "site-missing": _e(
        "The folder has no site.yml.",
        "site.yml says what the site is called and where it will live; without it nothing can be addressed.",
        "Run the command in the folder of your site, name it with --site, or start one with `passport init`.",
    ),
    "symlink": _e(
        "A link leads to another place on the disk.",
        "A build must never publish what lies outside badges/ and content/: keys, say, or the history.",
        "Copy the file itself to where the link is.",
    ),
    "file-too-large": _e(
        "A file is larger than a site may hold.",
        "Records may have 64 MB, pages 256 kB, anything else 8 MB; more is a mistake or an attack.",
        "Split award files by occasion; make images smaller.",
    ),
    "file-unreadable": _e(
        "A file or folder cannot be opened, or is a device or a pipe.",
        "What cannot be read cannot be checked.",
        "Look at its permissions, or remove it.",
    ),
    "misplaced-file": _e(
        "A file lies where no part of a site is kept.",
        "It would be ignored silently, and its badges or awards would be missing.",
        "Move it: badges/<issuer>/<badge>.yml, content/awards/<issuer>/<any>.yml or .csv, "
        "content/participants/<slug>.yml, content/pages/….md.",
    ),
    "bad-slug": _e(
        "A name cannot be part of a web address.",
        "File names become URLs that must work for ever, on every host and in every system.",
        "Use small letters a-z, digits and single hyphens, at most 80 characters: amira-k.",
    ),
    "not-utf8": _e(
        "A file is in another encoding than UTF-8.",
        "Names in French or Arabic would come out garbled.",
        "Save it again as UTF-8; in Excel choose “CSV UTF-8”.",
    ),
    "byte-order-mark": _e(
        "A YAML or Markdown file starts with an invisible byte order mark.",
        "It becomes part of the first word, which is then not recognised.",
        "Save the file as “UTF-8 without BOM”. (In CSV files it is tolerated.)",
    ),
    "yaml-syntax": _e(
        "A file is not valid YAML.",
        "Its values cannot be told apart.",
        "Check indentation (spaces only), a space after each colon, and quotes around texts with : or #.",
    ),
    "yaml-tag": _e(
        "A value has a YAML tag such as !!python/object.",
        "Tags can make readers run code; no record of a site needs one.",
        "Remove the word with the exclamation mark, or put the whole text in quotes.",
    ),
    "yaml-alias": _e(
        "Aliases (*name) repeat too much, or refer to nothing.",
        "A few lines of aliases can stand for billions of values and stop the build.",
        "Write the values out.",
    ),
    "duplicate-key": _e(
        "A key stands twice in one mapping.",
        "YAML would silently keep only one of the two values.",
        "Remove one, or make the value a list.",
    ),
    "nesting-too-deep": _e(
        "Lists and mappings are nested more than 32 deep.",
        "No record needs it, and deep nesting is a way to crash a reader.",
        "Check the brackets and the indentation.",
    ),
    "csv-syntax": _e(
        "A table cannot be read as CSV.",
        "Cells would end up in the wrong columns.",
        "Put quotes around texts with a separator, a quote or a line break; write a quote inside twice.",
    ),
    "csv-column": _e(
        "A column is missing, stands twice, or is unknown.",
        "Awards need at least a participant; an unknown column would be lost.",
        "Name the columns as the keys of an award file: participant, level, narrative, evidence.url, …",
    ),
    # Records
    "missing-key": _e(
        "A record lacks something it needs.",
        "Open Badges, or this site's rules, require it.",
        "Add the key; your editor lists the keys if the first line of the file is the schema line.",
    ),
    "unknown-key": _e(
        "A record has a key that means nothing here.",
        "It is usually a typing mistake, and the value would be ignored.",
        "Take the suggestion, or remove the line. Keys are case-sensitive: issuedOn.",
    ),
    "wrong-type": _e(
        "A value is of the wrong kind: a list where a text belongs, a number without quotes, nothing at all.",
        "It cannot be published as what it should be.",
        "Write the kind of value the message asks for.",
    ),
    "bad-value": _e(
        "A value is not one of those allowed, or does not have the right form.",
        "Verifiers accept only what the standards list.",
        "Use one of the values, or the form, that the message and your editor name.",
    ),
    "value-too-long": _e(
        "A text is longer than its place allows.",
        "Names are one line of 300 characters, texts 20,000.",
        "Shorten it; long texts belong on a page in content/pages.",
    ),
    "bad-date": _e(
        "A date is not written as year-month-day, or does not exist.",
        "06/07/2019 is a different day in different countries.",
        "Write 2019-06-18.",
    ),
    "bad-url": _e(
        "A web address is incomplete or not http(s).",
        "Links must work everywhere, and must not be able to run code.",
        "Write it in full: https://example.org/page.",
    ),
    "bad-identity": _e(
        "An identity is not a salted SHA-256 hash.",
        "Addresses never stand in a public repository.",
        "Write sha256$ and the 64 hexadecimal digits of SHA-256(lower-case address + salt).",
    ),
    "path-outside": _e(
        "An image's name leads to another folder.",
        "A build must never publish what lies elsewhere on the disk.",
        "Put the image beside the record and write its file name alone.",
    ),
    "control-character": _e(
        "A text contains an invisible character that controls how it is displayed.",
        "Right-to-left overrides make a text read as something else; control characters break signatures.",
        "Delete the character; retyping the word is often quickest.",
    ),
    "raw-html": _e(
        "A text contains HTML.",
        "Texts are Markdown; HTML could carry scripts or break the page.",
        "Use Markdown, or put the code between `backquotes`.",
    ),
    "unsafe-link": _e(
        "A link in a text is not a web address.",
        "Links such as javascript:… run code in the reader's browser.",
        "Link to https:// addresses only.",
    ),
    "plain-email": _e(
        "An e-mail address stands in a file that may be public.",
        "Repositories are copied and kept; an address in one can never be taken back.",
        "Keep addresses in private/; participants are known by salted hashes. An issuer's public contact is "
        "allowed in its issuer.yml. A closed repository may set privacy: {plainEmail: allow}.",
    ),
    # Images
    "image-not-found": _e(
        "The image a record names is not there.",
        "The badge would have no picture.",
        "Put the file beside the record, correct its name, or leave “image” out to have one drawn.",
    ),
    "image-type": _e(
        "An image is neither PNG nor SVG.",
        "Open Badges allows only these two.",
        "Export it again as PNG or SVG.",
    ),
    "image-broken": _e(
        "An image cannot be decoded.",
        "It would not be shown, and could not carry a badge.",
        "Export it again from the program that made it.",
    ),
    "image-animated": _e(
        "An image moves.",
        "A badge is printed, baked and shown in many systems that would show one frame or none.",
        "Export a single frame.",
    ),
    "image-too-large": _e(
        "An image is too large: bytes, pixels or elements.",
        "Small files can unpack to gigabytes and stop the build.",
        "Badge images are shown at 512 pixels; export it at that size.",
    ),
    "svg-unsafe": _e(
        "An SVG contains something that runs, loads or hides content.",
        "SVG can carry scripts and fetch files; badges are opened by many systems.",
        "Export it as “plain SVG” with texts converted to paths and images embedded.",
    ),
    "svg-text": _e(
        "An SVG contains letters that are not drawn as shapes.",
        "Letters look different, or vanish, wherever their font is missing.",
        "Convert the text to paths; in Inkscape: Path > Object to Path.",
    ),
    "unknown-design": _e(
        "A generated badge asks for a shape or icon that does not exist.",
        "It cannot be drawn.",
        "Take one of the names in the message.",
    ),
    # References
    "unknown-issuer": _e(
        "An issuer is named, or has badges or awards, but no issuer.yml.",
        "Every badge is somebody's.",
        "Write badges/<issuer>/issuer.yml, or correct the name.",
    ),
    "unknown-badge": _e(
        "A badge is named that does not exist.", "Nothing can be awarded.", "Correct the name."
    ),
    "unknown-participant": _e(
        "An award names a person without a file.",
        "An award is given to somebody.",
        "Correct the name, or add content/participants/<slug>.yml.",
    ),
    "unknown-identity": _e(
        "An award names an identity its participant does not have.",
        "It is not known which address it was awarded to.",
        "Use the label of one of the participant's identities.",
    ),
    "unknown-competence": _e(
        "An alignment names a competence no framework has.",
        "The badge would claim something undefined.",
        "Write framework/competence or framework/competence/micro-competence.",
    ),
    "unknown-level": _e(
        "A level is named that no framework has.", "It would mean nothing.", "Use a listed one."
    ),
    "unknown-type": _e(
        "A badge's type is not one of a framework's types.",
        "Types are controlled words, so that badges can be compared.",
        "Use a listed one, or add it to the framework.",
    ),
    "unknown-result": _e(
        "An award carries a result its badge does not describe.",
        "Nobody could tell what the value means.",
        "Describe it under resultDescription of the badge.",
    ),
    "unknown-language": _e(
        "A language is named that the site is not published in.",
        "There would be no page in it.",
        "Add it to “languages” in site.yml, or correct the tag.",
    ),
    "unknown-award": _e(
        "A response or an endorsement means no award, or several.",
        "It would be lost.",
        "Name badge (issuer/badge), participant and, where there are several, issuedOn.",
    ),
    "unknown-theme": _e("The theme does not exist.", "Pages need one.", "Leave “theme” out of site.yml."),
    # Rules
    "duplicate-award": _e(
        "The same award is recorded twice.",
        "One address would mean two awards.",
        "Remove one; a repeat on the same day gets “number: 2”.",
    ),
    "award-id-collision": _e(
        "Two different awards would get the same id.",
        "Ids are 80 bits, so this is nearly impossible by chance; two people may share a “key”.",
        "Give one of them another “number”.",
    ),
    "duplicate-participant": _e(
        "Two people share a key, an identity or a salt.",
        "They could not be told apart, or could be linked.",
        "Make one file with several identities of one person; draw a new salt for each identity.",
    ),
    "version-conflict": _e(
        "The versions of a badge cannot be told apart.",
        "An award must know which version it was given for.",
        "Retired versions have “until” and a version of their own; exactly one file has no “until”.",
    ),
    "expires-before-issued": _e(
        "An award ends before it begins.",
        "Every verifier would refuse it.",
        "Correct one of the dates.",
    ),
    "revoked-before-issued": _e(
        "An award is revoked before it was issued.",
        "The history would make no sense.",
        "Correct one of the dates.",
    ),
    "missing-required": _e(
        "An award lacks what its badge requires.",
        "The badge promises that every award brings it.",
        "Add it, or remove it from “requires” of the badge.",
    ),
    "milestone-cycle": _e(
        "Milestones count each other in a circle.",
        "None of them could ever be earned first.",
        "List the badges that count under “of”.",
    ),
    "milestone-impossible": _e(
        "A milestone asks for more than there is.",
        "Nobody could ever earn it.",
        "Lower its count or add badges.",
    ),
    "milestone-not-reached": _e(
        "A milestone is awarded to somebody who has not earned what it asks for.",
        "A milestone is a promise about other badges.",
        "Remove the award: it follows by itself once the others are there.",
    ),
    "consent-missing": _e(
        "A name or a listing would be published without recorded consent.",
        "People decide what is shown of them, and the record says when they did.",
        "Record it: consent: {on: 2019-06-20, scope: [name, listing]}; or show less.",
    ),
    "reserved-path": _e(
        "A written page has the address of something the generator makes.",
        "One of the two would be lost.",
        "Rename the page.",
    ),
    "duplicate-page": _e(
        "Two written pages have the same address in the same language.",
        "One of the two would be lost.",
        "Rename one: about.md and about/index.md are both about/, and about.md is the default language.",
    ),
    "missing-translation": _e(
        "A text exists in some of the site's languages but not in all (a warning).",
        "Readers of the missing language see the default one.",
        "Add the language to the text's map.",
    ),
    # Output
    "output-not-ours": _e(
        "The output folder holds something that was not made by a build.",
        "A build replaces the whole folder; it never deletes what it did not make.",
        "Empty the folder yourself, or name another one with --output.",
    ),
    "output-inside-source": _e(
        "The output folder is, holds or lies in the site's source.",
        "The build would overwrite what it reads.",
        "Name another one with --output.",
    ),
    "output-failed": _e(
        "The output could not be written.",
        "The disk may be full or the folder read-only. The previous site is untouched.",
        "Make room, or check the permissions, and build again.",
    ),
    "host-failed": _e(
        "MkDocs or Material refused the site's options.",
        "What stands under “mkdocs” in site.yml is handed on to them. The previous site is untouched.",
        "Look at nav, palette, features and extra there; take them out one by one.",
    ),
    "init-not-empty": _e(
        "The folder for a new site is not empty.",
        "Nothing of yours is ever overwritten.",
        "Name a new folder: passport init my-badges.",
    ),
}
